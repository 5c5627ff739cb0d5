"""Senders in a process of their own: ``python -m tests.measure.picture_load.senders`` reads a Plan as JSON and prints what came.

A sender waits for each answer and repeats nothing. Requests are written on bare connections, so that the load itself takes
little of the processor that the service needs.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from tests.child import begin, result_of

REFUSED = ("429", "503")
TAKEN = ("200", "202")
LAST_ANSWERS_S = 60.0
AGAIN_S = 0.2
"""Before a sender that was refused sends the next: sooner than it was asked to, so that too much is offered."""

OTHERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """``senders`` at a time for ``seconds``, with the accounts' ``keys`` in turn. Each sends cases of ``task``: the ``bodies``
    in turn, or a picture of ``folder`` and then its case. ``every_s`` is the least time between two of one sender."""

    url: str
    task: str
    keys: list[str]
    senders: int
    seconds: float
    bodies: list[str] = field(default_factory=list)
    folder: str = ""
    every_s: float = 0.0


@dataclass(slots=True)
class Came:
    """Answers by what was asked and their status, refusals that said when to come back, connections that ended early, the
    first of all other answers, and the milliseconds that each case took from its first request to its answer, where that came
    before the end."""

    statuses: Counter[str] = field(default_factory=Counter)
    told_when: int = 0
    cut: int = 0
    other: list[str] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)

    @property
    def refused(self) -> int:
        return sum(count for name, count in self.statuses.items() if name.split()[1] in REFUSED)

    @property
    def answered(self) -> int:
        return sum(self.statuses.values())

    @property
    def taken(self) -> int:
        return sum(count for name, count in self.statuses.items() if name.split()[1] in TAKEN)


def start(plan: Plan) -> "subprocess.Popen[str]":
    """Begin to send in another process."""
    return begin("tests.measure.picture_load.senders", asdict(plan))


def ended(process: "subprocess.Popen[str]") -> Came:
    """Wait for the end. Raises RuntimeError where the senders failed."""
    found = result_of(process)
    return Came(Counter(found["statuses"]), found["told_when"], found["cut"], found["other"], found["took_ms"])


def sent(plan: Plan) -> Came:
    return ended(start(plan))


async def send_all(plan: Plan, files: list[bytes]) -> Came:
    """All of the plan in this process."""
    came, turn, until = Came(), itertools.count(), time.monotonic() + plan.seconds
    working = [
        asyncio.create_task(_Sender(plan, plan.keys[n % len(plan.keys)], files, came, turn, until).work())
        for n in range(plan.senders)
    ]
    done, late = await asyncio.wait(working, timeout=plan.seconds + LAST_ANSWERS_S)
    for each in late:
        each.cancel()
        came.cut += 1
    for each in done:
        each.result()
    return came


class Connection:
    """One connection that is opened anew where the other side has closed it."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._host, self._port = place.hostname, place.port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[str, dict[str, str], bytes]:
        """Return status, headers and body. Raises OSError, IncompleteReadError where it was cut off."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        try:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            status, names = head.split(" ", 2)[1], dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            length = names.get("content-length")
            body = await (reader.read() if length is None else reader.readexactly(int(length)))
        except BaseException:
            self.close()
            raise
        if length is None or names.get("connection") == "close":
            self.close()
        return status, names, body

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


@dataclass(slots=True)
class _Sender:
    plan: Plan
    key: str
    files: list[bytes]
    came: Came
    turn: "itertools.count[int]"
    until: float

    async def work(self) -> None:
        connection = Connection(self.plan.url)
        while (began := time.monotonic()) < self.until:
            is_taken = await self._case(connection)
            now = time.monotonic()
            if is_taken and now < self.until:
                self.came.took_ms.append(round(1000.0 * (now - began), 3))
            await asyncio.sleep(max(0.0 if is_taken else AGAIN_S, began + self.plan.every_s - now))
        connection.close()

    async def _case(self, connection: Connection) -> bool:
        """Send one case; whether it was taken."""
        number, task = next(self.turn), f"/v1/tasks/{self.plan.task}"
        if self.files:
            file = self.files[number % len(self.files)]
            told = await self._asked(connection, "upload", "PUT", f"{task}/blobs", "application/octet-stream", file)
            if told is None:
                return False
            body = json.dumps({"features": {"image": json.loads(told)["blob"]}})
        else:
            body = self.plan.bodies[number % len(self.plan.bodies)]
        return await self._asked(connection, "case", "POST", f"{task}/decisions", "application/json", body.encode()) is not None

    async def _asked(
        self, connection: Connection, what: str, method: str, path: str, content_type: str, body: bytes
    ) -> bytes | None:
        """Return the body of an answer that took what was sent."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: senders\r\nAuthorization: Bearer {self.key}\r\nContent-Type: {content_type}\r\n"
        )
        head += f"Idempotency-Key: {uuid4().hex}\r\nContent-Length: {len(body)}\r\n\r\n"
        try:
            status, names, told = await connection.ask(head.encode() + body)
        except (OSError, asyncio.IncompleteReadError):
            self.came.cut += 1
            return None
        self.came.statuses[f"{what} {status}"] += 1
        self.came.told_when += status in REFUSED and "retry-after" in names
        if status not in (*TAKEN, *REFUSED) and len(self.came.other) < OTHERS_SHOWN:
            self.came.other.append(f"{what} {status} {told[:300]!r}")
        return told if status in TAKEN else None


def main() -> None:
    plan = Plan(**json.loads(sys.stdin.readline()))
    files = [file.read_bytes() for file in sorted(Path(plan.folder).glob("*.jpg"))] if plan.folder else []
    came = asyncio.run(send_all(plan, files))
    sys.stdout.write(json.dumps({each.name: getattr(came, each.name) for each in fields(came)}) + "\n")


if __name__ == "__main__":
    main()
