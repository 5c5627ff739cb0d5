"""A real Argilla server (2.8.0) on SQLite and a store of ours, in an environment of its own; without a search engine."""

import subprocess
from pathlib import Path

import httpx2

from tests.clients.hosting import environment_of, program, until
from tests.free_ports import free_port
from tests.valkey_process import ValkeyProcess

PINNED = ("argilla-server==2.8.0", "argilla==2.8.0", "requests", "click<8.2")
"""Its command line needs an older click than it asks for."""

KEY = "argilla.owner.key"
STARTS_WITHIN_S = 300.0


class ArgillaServer:
    """``run`` is a program of its SDK's environment, with the address and the key of the server."""

    def __init__(self, folder: Path) -> None:
        self._python, self.port = environment_of("argilla-server", *PINNED), free_port()
        self._folder, self.url = folder, f"http://127.0.0.1:{self.port}"
        (folder / "store").mkdir(parents=True)
        self._store = ValkeyProcess(folder / "store")
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._store.start()
        places = {"ARGILLA_HOME_PATH": str(self._folder), "HOME": str(self._folder), "ARGILLA_REDIS_URL": self._store.url}
        script = "tests/clients/programs/argilla_alone.py"
        quiet = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
        self._process = program(self._python, script, str(self.port), KEY, **places, **quiet)
        until(self._answers, STARTS_WITHIN_S)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None
        self._store.kill()

    def run(self, script: str, *arguments: str) -> str:
        told = {"ARGILLA_API_URL": self.url, "ARGILLA_API_KEY": KEY, "HOME": str(self._folder)}
        return program(self._python, script, *arguments, **told).communicate(timeout=180)[0]

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "Argilla ended"
        try:
            return httpx2.get(f"{self.url}/api/v1/version", timeout=5).status_code == 200
        except httpx2.TransportError:
            return False
