"""Send a stream of cases over HTTP, time each request, and collect the outcomes."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from hitl.client import AsyncClient
from hitl.client.answer_types import BlindCase, CaseDecision, FirstAnswer

IN_FLIGHT = 16
"""Requests at the same time: callers that each wait for their answer."""


@dataclass(frozen=True, slots=True)
class Image:
    """A case to send, with its truth, which is not sent."""

    features: list[float]
    label: str


class StreamFigures(TypedDict):
    """Figures of a stream; rates are in [0, 1], None where nothing was automatic; ``seconds`` is how long it took to send."""

    cases: int
    routes: dict[str, int]
    automation_rate: float
    automatic_accuracy: float | None
    model_versions: dict[str, int]
    p50_ms: float
    p99_ms: float
    seconds: float


@dataclass
class TrafficStream:
    """Measurements of a stream: one answer and one latency (seconds) for each case."""

    answers: list[FirstAnswer] = field(default_factory=list)
    truths: list[str] = field(default_factory=list)
    latencies_s: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def automatic(self) -> list[tuple[FirstAnswer, str]]:
        pairs = zip(self.answers, self.truths, strict=True)
        return [(answer, truth) for answer, truth in pairs if answer["route"]["action"] == "automatic"]

    @property
    def pending(self) -> list[str]:
        """The cases that people decide."""
        return [answer["case_id"] for answer in self.answers if answer["route"]["action"] != "automatic"]

    def routes(self) -> dict[str, int]:
        return dict(Counter(answer["route"]["action"] for answer in self.answers))

    def versions(self) -> dict[str, int]:
        """Cases by the model version that saw them."""
        return dict(Counter(answer["model_version"] or "none" for answer in self.answers))

    def percentile_ms(self, share: float) -> float:
        """Return the latency that ``share`` of the requests did not exceed."""
        ordered = sorted(self.latencies_s)
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 1)

    def summary(self) -> StreamFigures:
        right = sum(label_of(answer) == truth for answer, truth in self.automatic)
        count = len(self.answers)
        return {
            "cases": count,
            "routes": self.routes(),
            "automation_rate": round(len(self.automatic) / count, 4),
            "automatic_accuracy": round(right / len(self.automatic), 4) if self.automatic else None,
            "model_versions": self.versions(),
            "p50_ms": self.percentile_ms(0.50),
            "p99_ms": self.percentile_ms(0.99),
            "seconds": round(self.seconds, 2),
        }


async def send(client: AsyncClient, task: str, images: Sequence[Image], tick: Callable[[], None], run: str) -> TrafficStream:
    """Send every image once, IN_FLIGHT at a time; any answer but 2xx raises. ``run`` makes the idempotency keys."""
    stream, waiting, started = TrafficStream(), asyncio.Semaphore(IN_FLIGHT), time.perf_counter()

    async def one(number: int, image: Image) -> None:
        async with waiting:
            at = time.perf_counter()
            answer = await client.decide(task, image.features, key=f"{run}-{number}")
            stream.latencies_s.append(time.perf_counter() - at)
            stream.answers.append(answer)
            stream.truths.append(image.label)
            tick()

    async with asyncio.TaskGroup() as group:
        for number, image in enumerate(images):
            group.create_task(one(number, image))
    stream.seconds = time.perf_counter() - started
    return stream


async def settle(
    client: AsyncClient, cases: Sequence[str], within_s: float, tick: Callable[[], None]
) -> list[CaseDecision | BlindCase]:
    """Return the final outcomes of ``cases``, long-polled. Raises TimeoutError when one is not decided ``within_s``."""
    waiting = asyncio.Semaphore(IN_FLIGHT)

    async def one(case_id: str) -> CaseDecision | BlindCase:
        async with waiting:
            case = await client.wait(case_id, within_s)
        if case["status"] != "decided":
            raise TimeoutError(f"case {case_id} is still {case['status']}")
        tick()
        return case

    return list(await asyncio.gather(*(one(case_id) for case_id in cases)))


def label_of(case: FirstAnswer | CaseDecision | BlindCase) -> str | None:
    """Return the label of the case's outcome; None without one."""
    return None if case["outcome"] is None else case["outcome"]["label"]
