"""``python -m tests.measure.followers [CASES]``: what each follower of the cases takes of the processor, in one process.

The intake of a store of its own gets CASES (20,000) as gateways append them, of which people decide one in eleven. After each
second's worth every follower reads on, as the keeper and a review shard do. Microseconds a case, of this process: without the
store's own part, Ray, and what a follower takes while nothing comes.
"""

import asyncio
import gc
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from hitl.adapters.ray.intake_follower import IntakeFollower
from hitl.adapters.ray.process_memory import tune_garbage_collection
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.metrics import ValkeyMetrics
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.adapters.valkey.whole_intake import open_intakes
from hitl.canonical import canonical
from hitl.intake import CaseRecord, IntakeBatch
from hitl.intake.recent_rows import RecentRows
from hitl.journal import GENESIS, chain_hash
from hitl.machine import Phase, Shard
from hitl.outbox import Notifications
from hitl.partitioning import Partitioning
from hitl.review import ReviewMachine
from hitl.serving.trial import Trial
from serve_app.evidence.evidence import TaskEvidence
from serve_app.reconcilers.canary import TrialFacts
from serve_app.reconcilers.intake_reader import IntakeReader
from serve_app.reconcilers.metrics import MetricsTail
from serve_app.reconcilers.outbox import OutboxTail
from tests.fakes.reviews import record, spec
from tests.measure.command_line import command_line
from tests.measure.report import write
from tests.valkey_process import ValkeyProcess

CASES = 20_000
A_SECOND, BATCH, ONE_FOR_PEOPLE_IN = 3_000, 32, 11
MOST_OPENED = 512
"""Cases between two turns of the shard's follower, about a sixth of a second's."""
MODEL, CHAMPION = "a" * 64, "b" * 64
PAYLOAD = canonical({"features": [n / 16 for n in range(64)], "metadata": {}})
MICRO = 1e6


class Followed:
    """A store, a writer of cases, and everybody who follows them."""

    def __init__(self, url: str, folder: Path) -> None:
        tasks, client = {"digits": spec()}, connect(url)
        self.writer, self.began = ValkeyIntake(client, 0), time.time()
        self.shard = Shard(ReviewMachine(tasks, 3600.0), ValkeyJournal(client, "review-0"), name="review-0")
        self.follower = IntakeFollower(self.shard, ValkeyIntake(client, 0))
        intakes = open_intakes(client, Partitioning((1,)), folder.as_uri(), [RecentRows()])
        journals = {"review-0": ValkeyJournal(client, "review-0")}
        shards: Any = None
        self.evidence = TaskEvidence(tasks, shards, intakes, folder=folder / "projections")
        self.counters = MetricsTail(ValkeyMetrics(client), journals, intakes)
        self.outbox = OutboxTail(ValkeyOutbox(client), journals, Notifications())
        self.trial = Trial(CHAMPION, MODEL, 1.0, self.began, self.began, 1, {1: ((MODEL, 1.0),)})
        self.facts = TrialFacts(IntakeReader(intakes, self.began))
        self.written, self.head = 0, GENESIS
        self.spent = dict[str, float]()

    async def write(self, count: int) -> None:
        """Append ``count`` cases as a gateway does."""
        for first in range(0, count, BATCH):
            records = [self._record(self.written + n) for n in range(min(BATCH, count - first))]
            bodies, links = [each.encode() for each in records], list[str]()
            for n, body in enumerate(bodies, self.written + 1):
                self.head = chain_hash(self.head, n, body)
                links.append(self.head)
            batch = IntakeBatch("gateway", {"digits": 0}, records, [PAYLOAD] * len(records), self.written + 1, links, bodies)
            await self.writer.append(batch)
            self.written += len(records)

    def _record(self, number: int) -> CaseRecord:
        is_for_people, confidence = number % ONE_FOR_PEOPLE_IN == 0, 0.5 + (number * 7919 % 1000) / 2000
        return record(
            f"case-{number:012d}",
            at=time.time(),
            probabilities=[confidence, *[(1 - confidence) / 9] * 9],
            confidence=confidence,
            raw_confidence=confidence,
            action="review" if is_for_people else "automatic",
            model_version=MODEL,
            segment="all",
            gold_probability=0.01,
            audit_probability=0.0 if is_for_people else 0.02,
            model_s=0.002,
        )

    async def spend(self, name: str, step: Callable[[], Awaitable[object]]) -> None:
        """Await ``step``; what it takes is that of ``name``."""
        began = time.process_time()
        await step()
        self.spent[name] = self.spent.get(name, 0.0) + time.process_time() - began

    async def read_trial(self) -> None:
        async for records in self.facts.reader.news():
            self.facts.count("digits", self.trial, records)

    async def read_counts(self) -> None:
        await self.evidence.traffic("digits")


async def measured(cases: int) -> dict[str, float]:
    """Microseconds a case by follower."""
    with tempfile.TemporaryDirectory() as folder:
        store = ValkeyProcess(Path(folder))
        store.start()
        try:
            return await _measured(Followed(store.url, Path(folder)), cases)
        finally:
            store.kill()


async def _measured(world: Followed, cases: int) -> dict[str, float]:
    life = asyncio.create_task(world.shard.run())
    while world.shard.phase is Phase.RECOVERING:  # noqa: ASYNC110 - nobody else waits for it
        await asyncio.sleep(0.001)
    await _turn(world, A_SECOND)  # the first of everything
    tune_garbage_collection()
    world.spent.clear()
    before = world.written
    while world.written < before + cases:
        await _turn(world, A_SECOND)
    life.cancel()
    await asyncio.wait([life])
    return {name: round(MICRO * seconds / (world.written - before), 1) for name, seconds in world.spent.items()}


async def _turn(world: Followed, cases: int) -> None:
    for first in range(0, cases, MOST_OPENED):
        await world.write(min(MOST_OPENED, cases - first))
        await world.spend("review shard", world.follower.step)
    gc.collect()
    await world.spend("counters", world.counters.once)
    await world.spend("outbox", world.outbox.once)
    await world.spend("evidence", world.read_counts)
    await world.spend("trial", world.read_trial)


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("cases", nargs="?", type=int, default=CASES, help="how many (%(default)s)")
    cases: int = parser.parse_args().cases
    found = asyncio.run(measured(cases))
    write("followers", {"us_a_case": [{"follower": name, "us": us} for name, us in found.items()]})


if __name__ == "__main__":
    main()
