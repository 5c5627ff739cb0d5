"""An S3 server for tests: moto's, in an environment of its own, on loopback."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from tests.clients.hosting import environment_of, until
from tests.free_ports import free_port

MOTO = "moto[server]==5.2.5"
BUCKET = "hitl"


class ObjectStore:
    """The server at ``host``. It forgets everything when it ends."""

    def __init__(self, log: Path, host: str = "127.0.0.1") -> None:
        self._log, self._host, self.port = log, host, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its clients read."""
        keys = {"AWS_ACCESS_KEY_ID": "hitl", "AWS_SECRET_ACCESS_KEY": "of-the-tests"}
        return {**keys, "AWS_ENDPOINT_URL": self.url, "AWS_DEFAULT_REGION": "eu-central-1"}

    def start(self) -> None:
        program = str(environment_of("moto", MOTO).with_name("moto_server"))
        with self._log.open("wb") as log:
            argv = [program, "--host", self._host, "--port", str(self.port)]
            self._process = subprocess.Popen(argv, stdout=log, stderr=log)
        until(self._answers)
        httpx2.put(f"{self.url}/{BUCKET}").raise_for_status()

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()[-2000:]
        try:
            return httpx2.get(f"{self.url}/moto-api/", timeout=2).status_code == 200
        except httpx2.TransportError:
            return False


@contextmanager
def object_store(folder: Path, host: str = "127.0.0.1") -> Iterator[ObjectStore]:
    """A server with an empty bucket."""
    found = ObjectStore(folder / "moto.log", host)
    found.start()
    try:
        yield found
    finally:
        found.stop()
