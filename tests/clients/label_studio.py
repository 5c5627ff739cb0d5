"""A real Label Studio (1.23.2) on SQLite, in an environment of its own."""

import subprocess
from pathlib import Path

import httpx2

from tests.clients.hosting import environment_of, program, until
from tests.free_ports import free_port
from tests.running import ROOT

PINNED = ("label-studio==1.23.2", "label-studio-sdk==2.1.2", "httpx2>=2.16", "pydantic-settings>=2.16")
TOKEN = "0123456789abcdef0123456789abcdef01234567"
STARTS_WITHIN_S = 300.0
"""Its migrations take a minute of a core."""

SETTINGS = {
    "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "ML_BLOCK_LOCAL_IP": "false",
    "SSRF_PROTECTION_ENABLED": "false",
}
"""It calls addresses of the own machine only if it is told to."""


class LabelStudioServer:
    """``ask`` runs an operation of tests/clients/programs/label_studio_project.py with its SDK; the last line is its answer."""

    def __init__(self, folder: Path) -> None:
        self._python, self._folder, self.port = environment_of("label-studio-server", *PINNED), folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        who = ("--username", "ann@example.org", "--password", "secret-7", "--user-token", TOKEN)
        place = ("--internal-host", "127.0.0.1", "-p", str(self.port), "--data-dir", str(self._folder))
        command = str(self._python.with_name("label-studio"))
        self._process = program(self._python, command, "start", "--no-browser", *place, *who, **SETTINGS, HOME=str(self._folder))
        until(self._answers, STARTS_WITHIN_S)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate(timeout=30)
            self._process = None

    def run(self, script: str, *arguments: str, **environment: str) -> str:
        theirs = {"LABEL_STUDIO_URL": self.url, "LABEL_STUDIO_API_KEY": TOKEN, "PYTHONPATH": str(ROOT)}
        return program(self._python, script, *arguments, **theirs, **environment).communicate(timeout=180)[0]

    def ask(self, *arguments: str) -> str:
        return self.run("tests/clients/programs/label_studio_project.py", *arguments).strip()

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "Label Studio ended"
        try:
            return httpx2.get(f"{self.url}/health", timeout=5).status_code == 200
        except httpx2.TransportError:
            return False
