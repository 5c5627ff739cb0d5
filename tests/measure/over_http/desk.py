"""The people of one task at their desks: they claim what waits, and answer what their crowd would."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Self

from hitl.client import AsyncClient
from hitl.client.answer_types import ReviewAtHand
from tests.measure.simulated_reviewers import Crowd

AT_ONCE = 10
"""Reviews a claim takes."""
IDLE_S = 0.2


@dataclass
class Desk:
    """``row_of`` says which row a case is, as soon as its sender knows; ``settled`` gets people's label of each decided case.
    An asynchronous context manager: its people work while it is open."""

    url: str
    task: str
    keys: Mapping[str, str]
    labels: Sequence[str]
    crowd: Crowd
    row_of: dict[str, int] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    answers: int = 0
    experts: int = 0
    _given: dict[str, int] = field(default_factory=dict)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _working: list[asyncio.Task[None]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        for name, key in self.keys.items():
            client = await self._open.enter_async_context(AsyncClient(self.url, key))
            work = self._validate if "-expert-" in name else self._review
            self._working.append(asyncio.create_task(work(client)))
        return self

    async def __aexit__(self, *_: object) -> None:
        for each in self._working:
            each.cancel()
        ends = await asyncio.gather(*self._working, return_exceptions=True)
        await self._open.aclose()
        for end in ends:
            if not isinstance(end, asyncio.CancelledError) and isinstance(end, BaseException):
                raise end

    async def wait_for(self, cases: Sequence[str]) -> None:
        """Until people have decided all of ``cases``; raises what ended a person's work."""
        while any(case not in self.settled for case in cases):
            for each in self._working:
                if each.done():
                    each.result()
            await asyncio.sleep(IDLE_S / 4)

    async def _review(self, client: AsyncClient) -> None:
        async for review in _claimed(client, self.task):
            case = review["case_id"]
            given = self._given.get(case, 0)
            vote = int(self.crowd.votes[await self._row(case), min(given, self.crowd.votes.shape[1] - 1)])
            await self._answer(client, review, vote)
            self.answers += 1

    async def _validate(self, client: AsyncClient) -> None:
        async for review in _claimed(client, f"{self.task}.expert"):
            await self._answer(client, review, int(self.crowd.expert[await self._row(review["case_id"])]))
            self.experts += 1

    async def _answer(self, client: AsyncClient, review: ReviewAtHand, label: int) -> None:
        case = review["case_id"]
        self._given[case] = self._given.get(case, 0) + 1
        lease = review["lease"]
        assert lease is not None, "who claims a review holds it"
        told = await client.answer(review["review_id"], lease["id"], self.labels[label])
        if told["status"] == "provisional":
            raise ValueError(f"{self.task}: an undo window keeps outcomes from standing, and this desk waits for them")
        if told["status"] == "decided":
            self.settled[case] = told["label"]

    async def _row(self, case: str) -> int:
        """A review can be claimed before the caller of its case has the answer."""
        while case not in self.row_of:  # noqa: ASYNC110 - another task of this loop fills it
            await asyncio.sleep(IDLE_S / 10)
        return self.row_of[case]


async def _claimed(client: AsyncClient, queue: str) -> AsyncIterator[ReviewAtHand]:
    """The reviews of the queue for ever."""
    while True:
        reviews = (await client.claim(queue, count=AT_ONCE)).get("reviews") or []
        for review in reviews:
            yield review
        if not reviews:
            await asyncio.sleep(IDLE_S)
