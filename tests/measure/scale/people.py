"""Reviewers in a process of their own: ``python -m tests.measure.scale.people`` reads a Shift as JSON and prints what it did.

Each claims a review, answers it at once, and comes again when its turn is; requests are written on bare connections.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from tests.child import begin, result_of
from tests.measure.picture_load.senders import Connection


@dataclass(frozen=True, slots=True)
class Shift:
    """The accounts' ``keys``, one a reviewer, spread over ``urls``, for ``seconds``; each reviewer begins a review every
    ``every_s``."""

    urls: list[str]
    queue: str
    keys: list[str]
    seconds: float
    every_s: float
    label: str = "1"


@dataclass(slots=True)
class Worked:
    """Reviews answered, claims that found nothing, and how long claims and answers took, in milliseconds."""

    answered: int = 0
    empty: int = 0
    claim_ms: list[float] | None = None
    answer_ms: list[float] | None = None


def worked(shift: Shift) -> Worked:
    """Do the shift in another process. Raises RuntimeError where a request was refused."""
    return Worked(**result_of(begin("tests.measure.scale.people", asdict(shift))))


async def work(shift: Shift) -> Worked:
    """The whole shift in this process."""
    done, until = Worked(claim_ms=[], answer_ms=[]), time.monotonic() + shift.seconds
    async with asyncio.TaskGroup() as group:
        for number, key in enumerate(shift.keys):
            group.create_task(_one(shift, shift.urls[number % len(shift.urls)], key, done, until))
    return done


async def _one(shift: Shift, url: str, key: str, done: Worked, until: float) -> None:
    connection = Connection(url)
    while (began := time.monotonic()) < until:
        claimed = await _asked(connection, key, f"/v1/queues/{shift.queue}/claim", {"count": 1}, done.claim_ms)
        if (review := claimed.get("review")) is None:
            done.empty += 1
        else:
            answer = {"lease": review["lease"]["id"], "label": shift.label, "confidence": 1.0, "comment": ""}
            await _asked(connection, key, f"/v1/reviews/{review['review_id']}/decision", answer, done.answer_ms)
            done.answered += 1
        await asyncio.sleep(max(0.0, began + shift.every_s - time.monotonic()))
    connection.close()


async def _asked(connection: Connection, key: str, path: str, body: dict[str, Any], took_ms: list[float] | None) -> Any:
    data, began = json.dumps(body).encode(), time.monotonic()
    head = f"POST {path} HTTP/1.1\r\nHost: people\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    head += f"Idempotency-Key: {uuid4().hex}\r\nContent-Length: {len(data)}\r\n\r\n"
    status, _, told = await connection.ask(head.encode() + data)
    if not status.startswith("2"):
        raise RuntimeError(f"{path} was answered with {status}: {told[:300]!r}")
    if took_ms is not None:
        took_ms.append(round(1000.0 * (time.monotonic() - began), 3))
    return json.loads(told) if told else {}


def main() -> None:
    done = asyncio.run(work(Shift(**json.loads(sys.stdin.readline()))))
    sys.stdout.write(json.dumps(asdict(done)) + "\n")


if __name__ == "__main__":
    main()
