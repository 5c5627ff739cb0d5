"""The real label-studio-sdk (2.1.2) puts into a project what waits here; its annotation comes back after a kill of our service.

There is no Label Studio: its SDK talks to a server that keeps what it is sent, and the webhook is the one of its documentation.
"""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hitl.client.calls import get, post
from tests.clients.hosting import HostProcess, environment_of, program
from tests.running import ROOT

pytestmark = pytest.mark.wide

HANDOVER = "examples/clients/label_studio_handover.py"
PINNED = ("label-studio-sdk==2.1.2", "httpx2>=2.16", "pydantic-settings>=2.16")
ASKED = {
    "pattern": "pause_for_input",
    "config": {"ui_schema": {"type": "label_studio"}},
    "data": {"image": "https://example.org/dent.jpg"},
}
BOX = {"type": "rectanglelabels", "value": {"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["dent"]}}


class Studio(BaseHTTPRequestHandler):
    """As much of Label Studio as an import takes."""

    imported: list[tuple[str, Any]] = []  # noqa: RUF012 - one server a test module

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"null")
        self.imported.append((self.path, body))
        self._answer({"task_count": len(body), "task_ids": [3]})

    def do_GET(self) -> None:
        self._answer({})

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is printed."""

    def _answer(self, body: object) -> None:
        said = json.dumps(body).encode()
        self.send_response(201)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)


@pytest.fixture
def studio() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Studio)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def hand_over(host: HostProcess, studio: str, noted: Path) -> str:
    python = environment_of("label-studio-handover", *PINNED)
    ours = {"HITL_API_URL": host.url, "HITL_API_KEY": "reviewer", "PYTHONPATH": str(ROOT)}
    theirs = {"LABEL_STUDIO_URL": studio, "LABEL_STUDIO_API_KEY": "0123456789abcdef0123456789abcdef01234567"}
    return program(python, HANDOVER, "7", str(noted), **ours, **theirs).communicate(timeout=120)[0]


def test_what_is_drawn_there_comes_back_after_a_kill(host: HostProcess, studio: str, tmp_path: Path) -> None:
    with host.as_("client") as client:
        name = client.send(post("v1", "interactions", body=ASKED, key="o"))["interaction_id"]
    assert hand_over(host, studio, tmp_path / "noted.txt") == f"handed over {name}\n"
    assert hand_over(host, studio, tmp_path / "noted.txt") == ""
    path, tasks = Studio.imported[0]
    assert (path.partition("?")[0], tasks) == ("/api/projects/7/import", [{"data": {**ASKED["data"], "ray_hitl": name}}])  # type: ignore[dict-item]
    host.restart()
    annotation = {"id": 5, "result": [BOX], "was_cancelled": False, "completed_by": 1}
    told = {"action": "ANNOTATION_CREATED", "project": {"id": 7}, "task": {"id": 3, **tasks[0]}, "annotation": annotation}
    url, key = f"{host.url}/label-studio/digits/webhook", {"authorization": "Bearer reviewer"}
    answers = [httpx2.post(url, json=told, headers=key, timeout=30) for _ in range(2)]
    assert [answer.json()["status"] for answer in answers] == ["answered", "answered"]
    with host.as_("client") as client:
        found = client.send(get("v1", "interactions", name))
    assert (found["status"], found["human_input"]["annotation"]) == ("completed", [BOX])
