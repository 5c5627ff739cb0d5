"""The running product as faults see it: its processes by what they are, whether it is whole, and who holds the promotions."""

import asyncio
import csv
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from hitl.cli.local.child import in_session
from hitl.cli.local.tcp_ports import LOOPBACK
from hitl.cli.local.up_file import read_up
from tests.running import ROOT, Running, images

PARTS = {
    "gateway": "ray::ServeReplica:gateway",
    "review": "ray::ServeReplica:review:Review",
    "keeper": "ray::ServeReplica:review:Keeper",
    "shard": "ray::ShardActor",
    "controller": "ray::ServeController",
    "proxy": "ray::HAProxyManager",
}
"""What Ray's workers call themselves; there must be as many of each as there were, no more and no fewer."""

PROXIED = ("gateway", "review")
"""Those of PARTS that HAProxy sends requests to."""

STARTS = ".initialize_and_get_metadata"
"""How a replica's title ends while it starts."""

PROGRAMS = ("haproxy", "gcs_server", "raylet")
LOOK_EVERY_S = 0.25
ASKED_S = 4.0
WHOLE_WITHIN_S = 300.0
"""How long a part that never comes back is waited for. On two idle cores a replica takes five seconds, Ray's head half a minute
(docs/faults.md)."""

Back = Callable[[], bool]
"""Whether what a harm took away is there again."""


@dataclass
class Product:
    """``wanted`` are the processes of the healthy service; ``promoting`` is held by whoever moves what serves; ``approved``
    are the digests that two people approved."""

    service: Running
    rng: random.Random
    url: str
    wanted: Counter[str]
    promoting: threading.Lock = field(default_factory=threading.Lock)
    approved: set[str] = field(default_factory=set)
    number: int = 0

    def pids(self, part: str) -> list[int]:
        """The processes of one of PARTS or PROGRAMS; none while Ray is away."""
        return sorted(pid for pid, name in _named(self.service) if name == part)

    def part(self, name: str) -> int:
        """The pid of one of the supervisor's parts, 0 while it has none."""
        state = read_up(self.service.place)
        return (state.parts.get(name, {}).get("pid") if state else None) or 0

    def one_of(self, part: str) -> int:
        """A process of ``part``, as soon as there is one: the one killed last may still be on its way back."""
        for _ in patience(WHOLE_WITHIN_S):
            if found := self.pids(part):
                return self.rng.choice(found)
        raise AssertionError(f"there is no {part}")

    def next_number(self) -> int:
        self.number += 1
        return self.number

    def counts(self) -> Counter[str]:
        """How many of each of PARTS there are."""
        return Counter(name for _, name in _named(self.service) if name in PARTS)

    def is_whole(self) -> bool:
        """Every part is there as often as wanted, HAProxy sends requests to each replica, the service says that it is ready, and
        a case gets its decision."""
        proxied = sum(self.wanted[part] for part in PROXIED)
        return self.counts() == self.wanted and self.proxied() == proxied and self.is_ready() and self.decides()

    def proxied(self) -> int:
        """How many replicas HAProxy sends requests to. One that starts has a process seconds before."""
        port = self.service.state.environment["RAY_SERVE_HAPROXY_STATS_PORT"]
        try:
            rows = csv.DictReader(httpx2.get(f"http://{LOOPBACK}:{port}/stats;csv", timeout=ASKED_S).text.splitlines())
            return sum(row["svname"].startswith("SERVE_REPLICA") and row["status"].startswith("UP") for row in rows)
        except httpx2.TransportError:
            return 0

    def is_ready(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/ready", timeout=ASKED_S).status_code == 200
        except httpx2.TransportError:
            return False

    def decides(self) -> bool:
        """One attempt: a client that repeats would hide what does not work yet."""
        key = f"probe-{self.rng.random()}-{self.next_number()}"
        headers = {"authorization": f"Bearer {self.service.keys['client']}", "idempotency-key": key}
        body = {"features": images(1)[0][0]}
        try:
            path = f"{self.url}/v1/tasks/digits/decisions"
            return httpx2.post(path, json=body, headers=headers, timeout=ASKED_S).status_code in (200, 202)
        except httpx2.TransportError:
            return False

    def on_cluster(self, module: str, *argv: str) -> str:
        """What a Ray driver of this cluster says: ``python -m module`` in its environment."""
        whole = [sys.executable, "-m", module, *argv]
        environment = {**self.service.environment(), **self.service.state.environment}
        done = subprocess.run(whole, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


def product_of(service: Running, seed: int) -> Product:
    """``service`` as it is now, when nothing is broken."""
    product = Product(service, random.Random(seed), service.url, Counter())
    for _ in patience(WHOLE_WITHIN_S):
        product.wanted = product.counts()
        if set(product.wanted) == set(PARTS) and product.is_whole():
            return product
    raise AssertionError(f"the service is not whole: {dict(product.wanted)}")


def patience(seconds: float) -> Iterator[None]:
    """Turns to look again, LOOK_EVERY_S apart, until ``seconds`` are over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(LOOK_EVERY_S)


async def until_back(back: Back, seconds: float) -> float | None:
    """How many seconds it took, or None when it did not happen."""
    start = time.monotonic()
    while time.monotonic() < start + seconds:
        if await asyncio.to_thread(back):
            return time.monotonic() - start
        await asyncio.sleep(LOOK_EVERY_S)
    return None


def keep_dead(product: Product, part: str, seconds: float) -> None:
    """Kills ``part`` now and whatever comes in its place, in a thread, for ``seconds``."""

    def kill_again() -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if pid := product.part(part):
                signal_to(pid, signal.SIGKILL)
            time.sleep(0.05)

    threading.Thread(target=kill_again, daemon=True).start()


def is_gone(pid: int) -> bool:
    """Whether the process has ended, buried or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def resident(pid: int) -> int:
    """Bytes in memory, 0 for a process that has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (FileNotFoundError, ProcessLookupError):
        return 0


def signal_to(pid: int, number: int) -> None:
    """Nothing where the process has just ended by itself."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _named(service: Running) -> Iterator[tuple[int, str]]:
    """The living processes of this service's Ray, as one of PARTS or PROGRAMS."""
    state = read_up(service.place)
    leader = state.parts.get("ray", {}).get("pid") if state else None
    for pid in in_session(leader) if leader else ():
        title = _title(pid)
        for name, beginning in PARTS.items():
            if title.startswith(beginning) and not title.endswith(STARTS):
                yield pid, name
        if Path(title).name in PROGRAMS:
            yield pid, Path(title).name


def _title(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
