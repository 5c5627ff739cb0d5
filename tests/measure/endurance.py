"""Many cases and answers through a store with little memory: what the store and the shard's process hold as they come.

Writes build/bench/endurance.json and endurance.png. One case in ten is for people, and they answer it. Store, intake and review
shard, with its archivers and snapshots, are those of the product; HTTP, Ray and the keeper's figures are left out, and the load
runs in the shard's process. At the end the shard starts anew, and every chain is verified.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from math import inf
from pathlib import Path

from redis.asyncio import Redis

from hitl.adapters.ray.process_memory import let_arrow_give_back
from hitl.adapters.ray.shard_spec import Retention
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.whole_intake import open_intake
from hitl.cli.commands.verify import verify_all
from hitl.intake import IntakeBatch
from hitl.intake.leaving import LeavingTerms
from hitl.journal import GENESIS
from hitl.review import OutcomeOf
from tests.contracts.intake_contract import batch, record
from tests.measure.command_line import command_line
from tests.measure.endurance_plot import plot_endurance
from tests.measure.endurance_sample import EnduranceSample, sampled
from tests.measure.endurance_world import Gateway, People, Service, until
from tests.measure.reported import write_report
from tests.valkey_process import ValkeyProcess

REPORT = Path("build/bench/endurance.json")
CASES, MEMORY = 200_000, 512 * 2**20
PACE = 2_000.0
"""Cases a second; more than some thousand outrun snapshots and archivers on two cores, and the store refuses at times."""

CASES_SHARE = 0.25
"""Of the store's memory, which cases may take before they leave for the archive."""

BATCH = 250
SAMPLES = 40
ONE_IN = 10
"""Cases for people."""

REVIEWERS = 8
MOST_OPEN = 2_000
"""New cases wait while people have so many before them: what is open is no part of what may grow."""

KEPT = 20_000
"""Settled reviews, as by default."""


@dataclass(frozen=True, slots=True)
class Endurance:
    """``refused`` counts the times that the store was full. ``ready_s`` is from a start of the shard to its service: with nothing
    behind it, and at the end. ``verified`` are the entries of each chain, ``first_answer`` is what people said of the first case,
    None where it does not answer. ``samples`` are SAMPLES looks, at equal steps."""

    memory: int
    refused: int
    ready_s: tuple[float, float]
    verified: dict[str, int]
    first_answer: str | None
    minutes: float
    samples: list[EnduranceSample]


async def endure(cases: int, folder: Path, memory: int = MEMORY, kept: int = KEPT, cases_a_second: float = inf) -> Endurance:
    """Bring ``cases`` through a store of ``memory`` bytes, at most so many a second; ``kept`` settled reviews stay in the shard's
    memory. Raises ChainBroken for a history that does not hold at the end."""
    began = time.monotonic()
    leaving = LeavingTerms(max_bytes=int(memory * CASES_SHARE))
    async with store_of(folder, memory) as (client, url):
        service = Service(url, Retention(str(folder / "archive"), reviews=kept, rows=kept, leaving=leaving))
        empty_s = await service.start()
        gateway = Gateway(client, service.uri)
        samples = await _bring_all(cases, client, service, gateway, cases_a_second)
        await service.stop()
        ready_s = await service.start()
        answer = await _first_answer(client, service)
        await service.stop()
        chains = await asyncio.to_thread(verify_all, url, 1, service.uri)
    return Endurance(
        memory=memory,
        refused=gateway.refused,
        ready_s=(round(empty_s, 2), round(ready_s, 2)),
        verified={each.chain: each.entries for each in chains},
        first_answer=answer,
        minutes=round((time.monotonic() - began) / 60, 1),
        samples=samples,
    )


@asynccontextmanager
async def store_of(folder: Path, memory: int) -> AsyncIterator[tuple[Redis, str]]:
    """A store with so many bytes, and its address; gone at the end."""
    store = ValkeyProcess(folder, f"--maxmemory {memory}")
    await asyncio.to_thread(store.start)
    client = connect(store.url)
    try:
        yield client, store.url
    finally:
        await client.aclose()
        store.kill()


def tell(sample: EnduranceSample) -> None:
    """One line for who waits."""
    process = f"process {sample.process_bytes >> 20} MiB, {sample.mapped_bytes >> 20} of files"
    sys.stderr.write(f"{sample.cases:,} cases, store {sample.store_bytes >> 20} MiB, {process}\n")


async def _bring_all(
    cases: int, client: Redis, service: Service, gateway: Gateway, cases_a_second: float
) -> list[EnduranceSample]:
    people, samples, began = People(service), list[EnduranceSample](), time.monotonic()
    async with asyncio.TaskGroup() as group:
        at_work = [group.create_task(people.answer(f"person-{number}")) for number in range(REVIEWERS)]
        for each in _batches(cases):
            await asyncio.sleep(began + gateway.brought / cases_a_second - time.monotonic())
            await gateway.bring(each)
            await until(lambda: gateway.asked - people.answers <= MOST_OPEN)
            if gateway.brought >= cases * (len(samples) + 1) / SAMPLES:
                samples.append(await sampled(client, gateway.brought, people.answers))
                tell(samples[-1])
        await until(lambda: gateway.asked == people.answers)
        for task in at_work:
            task.cancel()
    return samples


async def _first_answer(client: Redis, service: Service) -> str | None:
    """What people said of the first case, which left the store and the shard's memory long ago."""
    if await open_intake(client, 0, service.uri).find(case_name(0)) is None:
        return None
    outcome = (await service.runner.ask(OutcomeOf(case_name(0)))).outcome
    return None if outcome is None else outcome.label


def case_name(number: int) -> str:
    """The id of a case."""
    return f"c{number}"


def _batches(cases: int) -> Iterator[IntakeBatch]:
    """In one gateway's chain; one of every ten is for people."""
    head = GENESIS
    for first in range(0, cases, BATCH):
        numbers = range(first, min(first + BATCH, cases))
        rows = [record(case_name(number), "automatic" if number % ONE_IN else "review") for number in numbers]
        made = batch(*(replace(row, at=time.time()) for row in rows), first=first + 1, head=head)
        head = made.links[-1]
        yield made


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("cases", nargs="?", type=int, default=CASES, help="how many (%(default)s)")
    parser.add_argument("--memory", type=int, default=MEMORY // 2**20, help="MiB of the store (%(default)s)")
    parser.add_argument("--cases-a-second", type=float, default=PACE, help="at most (%(default)s)")
    given = parser.parse_args()
    let_arrow_give_back()  # as the actor of shards does
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(endure(given.cases, Path(folder), given.memory * 2**20, cases_a_second=given.cases_a_second))
    write_report(REPORT, asdict(found))
    plot_endurance(found.samples, found.memory, REPORT.with_suffix(".png"))


if __name__ == "__main__":
    main()
