"""A loopback proxy in front of a server that lets nobody through without the right Authorization header."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PASSED_ON = ("Content-Type", "Accept")


@contextmanager
def guarded(target: str, wanted: str) -> Iterator[str]:
    """The URL of a proxy for ``target`` that demands exactly ``wanted``."""

    class Guard(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return None

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
            if self.headers.get("Authorization") != wanted:
                return self._answer(401, b"who are you?", "text/plain")
            headers = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
            asked = urllib.request.Request(target + self.path, body, headers, method=self.command)
            try:
                with urllib.request.urlopen(asked, timeout=30) as answer:
                    self._answer(answer.status, answer.read(), answer.headers.get("Content-Type", ""))
            except urllib.error.HTTPError as error:
                self._answer(error.code, error.read(), error.headers.get("Content-Type", ""))

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass  # noqa: N815 - the names that http.server calls

    server = ThreadingHTTPServer(("127.0.0.1", 0), Guard)
    life = threading.Thread(target=server.serve_forever, daemon=True)
    life.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        life.join()
