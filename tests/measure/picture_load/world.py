"""The service of the measurement: a task over photos, one over digits, and one whose model takes its time elsewhere."""

import json
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import log
from pathlib import Path

import yaml

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.cli.commands import accounts
from hitl.identity import Role
from hitl.tasks.fine_tune_terms import SmallCnnTerms
from tests.example_tasks import EXAMPLES, serve_card
from tests.fixtures.fine_tuning import STRIPES, untrained, write_stripes
from tests.measure.picture_load.photos import write_photos
from tests.running import ROOT, Running, candidate, deploy, images, running, until, vote
from tests.without_undo import write_without_undo

PHOTOS, DIGITS, REMOTE = "photos", "digits", "remote_messages"
SIDE = 64
"""Pixels of a side that the small network sees."""

ACCOUNTS = 4
"""That bring pictures: each waits for a decoder with one file at a time."""

FILES = 48
ANSWER_S = 5.0
"""The endpoint's time for an answer."""

TASK = f"""
task: {PHOTOS}
title: Photos
input: {{kind: image, types: [jpeg, png]}}
labels: [{", ".join(STRIPES)}]
data: {{source: pictures, initial_rows: 60, holdout_rows: 60}}
model: {{family: encoder_head, fine_tune: {{architecture: small_cnn, size: {SIDE}}}}}
risk: uncertified
"""


class _Endpoint(BaseHTTPRequestHandler):
    """Speaks like OpenAI's server, after ``ANSWER_S``; at once for the canaries, before anything is measured."""

    wait_s = 0.0

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        time.sleep(_Endpoint.wait_s)
        text = asked["messages"][1]["content"]
        logprobs = {"content": [{"token": "x", "logprob": log(0.9)}]}
        choice = {"message": {"content": "spam" if "!" in text else "ham"}, "logprobs": logprobs}
        told = json.dumps({"model": asked["model"], "choices": [choice], "usage": {"total_tokens": 9}}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(told)))
        self.end_headers()
        with suppress(BrokenPipeError):  # the caller had no more time
            self.wfile.write(told)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@dataclass(frozen=True, slots=True)
class World:
    """A running service; ``bringers`` are the keys of the accounts that bring the files of ``photos``."""

    service: Running
    bringers: list[str]
    photos: Path

    @property
    def digits(self) -> list[str]:
        """Bodies of cases of the other task."""
        return [json.dumps({"features": features}) for features, _ in images(200)]

    def serve_small_network(self) -> None:
        """Let two people approve a small convolutional network for the photos: random weights cost what trained ones do."""
        data = untrained(SmallCnnTerms(architecture="small_cnn", size=SIDE), STRIPES)
        digest = ArtifactStore(self.service.state.artifact_uri).put(data)
        with self.service.as_("trainer") as trainer:
            asked = trainer.request_approval(PHOTOS, digest, "a network for the measurement", {})
        vote(self.service, asked["approval_id"], digest, "kim", "lee")
        until(lambda: self._served(PHOTOS) == [digest])

    def serve_remote_model(self) -> None:
        """Let two people approve the endpoint's card; from then on each answer takes ``ANSWER_S``."""
        digest = serve_card(self.service, "message_judge", REMOTE)
        until(lambda: self._served(REMOTE) == [digest])
        _Endpoint.wait_s = ANSWER_S

    def _served(self, task: str) -> Sequence[str]:
        with self.service.as_("client") as client:
            return [each["digest"] for each in client.task(task)["serving"]["versions"]]


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """A service of its own below ``folder``, with a model for digits, stopped at the end."""
    write_photos(folder / "photos", FILES)
    write_stripes(folder / "pictures", 60)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = {
        "HITL_TASKS_DIR": str(_write_tasks(folder / "tasks")),
        "HITL_DATASETS_DIR": str(folder),
        "HITL_ENDPOINTS_FILE": str(_write_endpoints(folder / "endpoints.yaml", server.server_port)),
        "HITL_BLOB_MB_PER_DAY": str(2**20),
    }
    try:
        with _environment(here), running(folder / "data") as service:
            names = {f"bringer-{n}": (Role.CLIENT,) for n in range(ACCOUNTS)}
            keys = accounts.issue_all(service.state.redis_url, names)
            deploy(service, candidate(service))
            yield World(service, [keys[name] for name in names], folder / "photos")
    finally:
        server.shutdown()


def _write_tasks(folder: Path) -> Path:
    write_without_undo(ROOT / "configs" / "tasks", folder)
    for file in folder.glob("*.yaml"):
        if file.stem != DIGITS:
            file.unlink()
    (folder / f"{PHOTOS}.yaml").write_text(TASK, encoding="utf-8")
    (folder / f"{REMOTE}.yaml").write_bytes((EXAMPLES / "tasks" / f"{REMOTE}.yaml").read_bytes())
    return folder


def _write_endpoints(file: Path, port: int) -> Path:
    terms = yaml.safe_load((EXAMPLES / "endpoints.yaml").read_text(encoding="utf-8"))
    terms["endpoints"]["judge"] |= {"url": f"http://127.0.0.1:{port}", "canary_s": 3600.0}
    file.write_text(yaml.safe_dump(terms), encoding="utf-8")
    return file


@contextmanager
def _environment(here: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in here}
    os.environ |= here
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
