"""The loop over HTTP: each participant calls the service with its own key."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hitl.canonical import fingerprint
from hitl.cli.demo.people import Reviewer, Work
from hitl.cli.demo.traffic import Image, StreamFigures, TrafficStream, label_of, send, settle
from hitl.client import AsyncClient
from hitl.client.answer_types import ServingView

if TYPE_CHECKING:
    from training.pipeline import Summary

FIRST_STREAM = 1000
SECOND_STREAM = 500
SWAP_AFTER = 100
"""Cases of the second stream before the approvers vote: the swap happens in the middle of it."""

AFTER_SWAP = 250
"""Cases that are kept for the new model; the others flow while the swap happens, CHUNK at a time with a pause of
PAUSE_S, so that they last until it has happened."""

CHUNK = 3
PAUSE_S = 0.2
SETTLED_WITHIN_S = 120.0
DEPLOYED_WITHIN_S = 60.0
POLL_S = 0.1


class CheckedStream(StreamFigures):
    """The figures once people have answered: how many reviews, and the share in [0, 1] of all outcomes that are right."""

    reviews: int
    outcome_accuracy: float


class Loop:
    """One client, its reviewers and its approvers. An asynchronous context manager: reviewers work while it is open."""

    def __init__(self, console: Console, url: str, keys: Mapping[str, str], task: str, images: Sequence[Image]) -> None:
        self._console, self._url, self._keys, self._task = console, url, keys, task
        self._images = list(images)
        self._truth = {fingerprint(image.features): image.label for image in images}
        self._work, self._stop = Work(), asyncio.Event()
        self._open = AsyncExitStack()
        self._people: dict[str, AsyncClient] = {}
        self._reviewing: list[asyncio.Task[None]] = []
        self.stages: dict[str, int] = {}

    async def __aenter__(self) -> Self:
        self._people = {
            name: await self._open.enter_async_context(AsyncClient(self._url, key)) for name, key in self._keys.items()
        }
        labels = tuple((await self._client.task(self._task))["labels"])
        for seed, name in enumerate(sorted(self._keys)):
            if queues := _queues_of(name, self._task):
                reviewer = Reviewer(name, self._people[name], queues, self._truth, labels, seed)
                self._reviewing.append(asyncio.create_task(reviewer.work(self._work, self._stop)))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await asyncio.gather(*self._reviewing)
        await self._open.aclose()

    async def approve(self, candidate: "Summary") -> None:
        """Two approvers look at the request and vote; returns when the service serves exactly these bytes."""
        approvers = [self._people[name] for name in sorted(self._keys) if "approver" in name]
        for approver in approvers:
            seen = (await approver.approval(candidate["approval_id"]))["approval"]
            await approver.vote(seen["approval_id"], "approve", seen["digest"], "the evidence is good enough")
            self._count("votes", 1)
        async with asyncio.timeout(DEPLOYED_WITHIN_S):
            while candidate["digest"] not in await self._serving():  # noqa: ASYNC110 - another process changes it
                await asyncio.sleep(POLL_S)
        self._count("deployments", 1)
        self._console.print(f"{len(approvers)} approvals: {candidate['digest'][:12]} serves")

    async def first_stream(self) -> CheckedStream:
        with self._progress("cases under the first model", FIRST_STREAM) as tick:
            stream = await send(self._client, self._task, self._images[:FIRST_STREAM], tick, "first")
        return await self._outcomes(stream)

    async def second_stream(self, candidate: "Summary") -> CheckedStream:
        """More cases, with the approval and the swap in the middle of them."""
        images = self._images[FIRST_STREAM : FIRST_STREAM + SECOND_STREAM]
        with self._progress("cases during and after the swap", SECOND_STREAM) as tick:
            stream = await send(self._client, self._task, images[:SWAP_AFTER], tick, "before-swap")
            swap = asyncio.create_task(self.approve(candidate))
            while not swap.done() and len(stream.answers) < SECOND_STREAM - AFTER_SWAP:
                sent = len(stream.answers)
                during = await send(self._client, self._task, images[sent : sent + CHUNK], tick, f"swap-{sent}")
                stream = _joined(stream, during)
                await asyncio.sleep(PAUSE_S)
            await swap
            after = await send(self._client, self._task, images[len(stream.answers) :], tick, "after-swap")
        return await self._outcomes(_joined(stream, after))

    async def served(self) -> list[ServingView]:
        """Return every change of what serves the task, from the first."""
        return (await self._people["demo-operator"].model(self._task))["history"]

    @property
    def _client(self) -> AsyncClient:
        return self._people["demo-client"]

    async def _serving(self) -> list[str]:
        return [version["digest"] for version in (await self._client.task(self._task))["serving"]["versions"]]

    async def _outcomes(self, stream: TrafficStream) -> CheckedStream:
        """Return the figures of a stream once people have answered all of its reviews."""
        with self._progress("reviews", len(stream.pending)) as tick:
            decided = await settle(self._client, stream.pending, SETTLED_WITHIN_S, tick)
        truths = dict(zip((answer["case_id"] for answer in stream.answers), stream.truths, strict=True))
        right = sum(label_of(case) == truths[case["case_id"]] for case in decided)
        right += sum(label_of(answer) == truth for answer, truth in stream.automatic)
        for stage, count in {"cases": len(stream.answers), "automatic": len(stream.automatic), "reviewed": len(decided)}.items():
            self._count(stage, count)
        return {**stream.summary(), "reviews": len(decided), "outcome_accuracy": round(right / len(stream.answers), 4)}

    def _count(self, stage: str, count: int) -> None:
        self.stages[stage] = self.stages.get(stage, 0) + count

    @contextmanager
    def _progress(self, what: str, total: int) -> Iterator[Any]:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console) as progress:
            bar = progress.add_task(what, total=total)
            yield lambda: progress.advance(bar)


def _queues_of(name: str, task: str) -> tuple[str, ...]:
    if "expert" in name:
        return (f"{task}.expert", task)
    return (task,) if "reviewer" in name else ()


def _joined(first: TrafficStream, second: TrafficStream) -> TrafficStream:
    return TrafficStream(
        first.answers + second.answers,
        first.truths + second.truths,
        first.latencies_s + second.latencies_s,
        first.seconds + second.seconds,
    )
