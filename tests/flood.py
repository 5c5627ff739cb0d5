"""More requests than anybody can answer: ``python -m tests.flood`` reads a Flood as JSON and prints a Tide as JSON.

Each connection keeps several requests on the wire and reads the answers as they come. Nothing is repeated.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.child import begin, result_of

LAST_ANSWERS_S = 30.0
AGAIN_S = 0.2


@dataclass(frozen=True)
class Flood:
    """``path`` gets ``bodies`` in turn, each with a key of its own that begins with ``run``."""

    url: str
    path: str
    key: str
    bodies: list[Any]
    run: str
    seconds: float
    connections: int
    pipelined: int = 1


@dataclass
class Tide:
    """What came back: answers by status, refusals (429, 503) that said when to come back, connections that ended early, and the
    first of the other answers."""

    statuses: Counter[str] = field(default_factory=Counter)
    told_when: int = 0
    cut: int = 0
    other: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        return self.statuses["429"] + self.statuses["503"]

    @property
    def answered(self) -> int:
        return sum(self.statuses.values())


def start(flood: Flood) -> "subprocess.Popen[str]":
    """In a process of its own: the service must not share its processor time with our event loop."""
    return begin("tests.flood", asdict(flood))


def ended(process: "subprocess.Popen[str]") -> Tide:
    found = result_of(process)
    return Tide(**{**found, "statuses": Counter(found["statuses"])})


async def pour(flood: Flood) -> Tide:
    tide, turn, end = Tide(), itertools.count(), time.monotonic() + flood.seconds
    tasks = [asyncio.create_task(_connection(flood, tide, turn, end)) for _ in range(flood.connections)]
    await asyncio.wait(tasks, timeout=flood.seconds + LAST_ANSWERS_S)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return tide


async def _connection(flood: Flood, tide: Tide, turn: "itertools.count[int]", end: float) -> None:
    place = urlsplit(flood.url)
    while time.monotonic() < end:
        try:
            reader, writer = await asyncio.open_connection(place.hostname, place.port)
        except OSError:
            tide.cut += 1
            await asyncio.sleep(AGAIN_S)
            continue
        with suppress(OSError):
            await _converse(flood, tide, turn, end, reader, writer)
        writer.close()


async def _converse(
    flood: Flood, tide: Tide, turn: "itertools.count[int]", end: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Until it is time, or the other side closes."""
    while time.monotonic() < end:
        writer.write(b"".join(_request(flood, next(turn)) for _ in range(flood.pipelined)))
        await writer.drain()
        for _ in range(flood.pipelined):
            if not await _answer(reader, tide):
                return


def _request(flood: Flood, number: int) -> bytes:
    body = json.dumps(flood.bodies[number % len(flood.bodies)]).encode()
    head = f"POST {flood.path} HTTP/1.1\r\nHost: flood\r\nAuthorization: Bearer {flood.key}\r\n"
    head += f"Idempotency-Key: {flood.run}-{number}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader, tide: Tide) -> bool:
    """Read one answer; whether another one may follow on this connection."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        status, names = head.split(" ", 2)[1], dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        length = names.get("content-length")
        body = await (reader.read() if length is None else reader.readexactly(int(length)))
    except (OSError, asyncio.IncompleteReadError):
        tide.cut += 1
        return False
    tide.statuses[status] += 1
    tide.told_when += status in ("429", "503") and "retry-after" in names
    if status not in ("200", "202", "429", "503") and len(tide.other) < 5:
        tide.other.append(f"{status} {body[:300]!r}")
    return length is not None and names.get("connection") != "close"


if __name__ == "__main__":
    print(json.dumps(vars(asyncio.run(pour(Flood(**json.loads(sys.stdin.readline())))))))  # noqa: T201
