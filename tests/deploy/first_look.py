"""What a person does first with a new service: read its keys, ask for a decision, open the console in a browser."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from tests.console.browser import CHROMIUM, Console, chromium
from tests.deploy.debian_root import NOBODY, DebianRoot, first_process
from tests.free_ports import free_port

UP_WITHIN_S = 400.0
STOPS_WITHIN_S = 120.0
CLIENT, REVIEWER = "client", "reviewer-1"


@dataclass
class FirstLook:
    """A service at ``url`` with the ``keys`` that its first start printed."""

    url: str
    keys: dict[str, str] = field(default_factory=dict)
    started_s: float = 0.0

    def asks(self) -> None:
        """A case is taken, and goes to people: no model serves yet."""
        headers = {"Authorization": f"Bearer {self.keys[CLIENT]}", "Idempotency-Key": "first"}
        body = {"features": [0] * 64}
        asked = httpx2.post(f"{self.url}/v1/tasks/digits/decisions", json=body, headers=headers, timeout=60)
        assert asked.status_code == 202, asked.text

    def looks(self) -> None:
        """The console opens, everything that it loads is there, and a reviewer can sign in."""
        assert CHROMIUM.is_file(), "no chromium here: apt-get install chromium"
        with chromium() as browser:
            console = Console(browser, self).sign_in(REVIEWER)
            assert (console.complaints, console.strangers) == ([], [])


@contextmanager
def first_look(
    root: DebianRoot, argv: list[str], env: Mapping[str, str], log: Path, within: str = "/", user: int = NOBODY
) -> Iterator[FirstLook]:
    """``argv`` starts the service as a user of ``root``; it must stop when it is told to."""
    found, before = FirstLook(f"http://127.0.0.1:{free_port()}"), time.monotonic()
    env = {**env, "HITL_HTTP_PORT": found.url.rpartition(":")[2], "COLUMNS": "200"}
    with log.open("wb") as output:
        running = root.start(argv, env, output, user, within)
    try:
        found.keys = printed_keys(running, log)
        found.started_s = time.monotonic() - before
        yield found
        _ends_when_told(running, log)
    finally:
        running.kill()
        running.wait(30)


def printed_keys(running: "subprocess.Popen[bytes]", log: Path) -> dict[str, str]:
    deadline = time.monotonic() + UP_WITHIN_S
    while "Ctrl-C stops" not in log.read_text(errors="replace"):
        assert running.poll() is None, log.read_text(errors="replace")[-4000:]
        assert time.monotonic() < deadline, log.read_text(errors="replace")[-4000:]
        time.sleep(0.5)
    return dict(re.findall(r"^  (\S+) +(hitl_\S+)$", log.read_text(errors="replace"), re.MULTILINE))


def _ends_when_told(running: "subprocess.Popen[bytes]", log: Path) -> None:
    """As a container engine ends it: its first process gets SIGTERM."""
    os.kill(first_process(running), signal.SIGTERM)
    running.wait(STOPS_WITHIN_S)
