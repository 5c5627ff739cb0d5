"""The service's side of a training job, in memory, behind real HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hitl.tasks import load_tasks
from hitl.tasks.definition import body_of
from tests.running import ROOT

CONFIGURED = ROOT / "configs" / "tasks"


class StubService:
    """``tasks`` are those in force; ``examples`` are served in pages of ``limit``; ``approvals`` are what was asked, by
    idempotency key; the next ``failures`` requests get a 503."""

    def __init__(self) -> None:
        self.tasks = load_tasks(CONFIGURED.glob("*.yaml"))
        self.examples: list[dict[str, Any]] = []
        self.serving: list[list[Any]] = []
        self.approvals: dict[str, dict[str, Any]] = {}
        self.keys: set[str | None] = set()
        self.failures = 0
        self.url = ""

    def get(self, path: str, query: dict[str, list[str]]) -> dict[str, Any] | None:
        if path == "/v1/examples":
            start, limit = int(query.get("after", ["0"])[0]), int(query["limit"][0])
            page = self.examples[start : start + limit]
            return {"examples": page, "next": str(start + len(page))}
        if path.startswith("/v1/tasks/") and path.endswith("/definition"):
            spec = self.tasks.get(path.split("/")[3])
            return None if spec is None else {"definition": body_of(spec)}
        if path.startswith("/v1/models/"):
            return {"serving": {"generation": 1, "versions": self.serving}, "history": []}
        return None

    def post(self, path: str, key: str, body: dict[str, Any]) -> dict[str, Any] | None:
        if path != "/v1/approvals":
            return None
        self.approvals.setdefault(key, body)
        return {"approval_id": f"{body['task']}-{list(self.approvals).index(key) + 1}", "status": "pending"}


@contextmanager
def serving(stub: StubService) -> Iterator[StubService]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stub))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stub.url = f"http://127.0.0.1:{server.server_port}"
    yield stub
    server.shutdown()
    server.server_close()


def _handler(stub: StubService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            self._answer(stub.get(url.path, parse_qs(url.query)))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(stub.post(self.path, self.headers["Idempotency-Key"], body))

        def _answer(self, content: dict[str, Any] | None) -> None:
            stub.keys.add(self.headers["Authorization"])
            failing, stub.failures = stub.failures > 0, max(0, stub.failures - 1)
            data = json.dumps(content).encode()
            self.send_response(503 if failing else 404 if content is None else 200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet: a test's output is the test's."""

    return Handler
