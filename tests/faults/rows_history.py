"""Rows about what a broken disk or an old copy makes of history: a torn end, a flipped bit, an older copy of the store.

While its file is another one nobody is let to the service: what it acknowledged would be gone with the right file put back.
"""

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from hitl.adapters.files.archive import AnchorFile
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.canonical import digest_of, fingerprint
from hitl.errors import ChainBroken, JournalRegressed
from hitl.intake.chains import verify_intake
from hitl.journal.entry import GENESIS
from hitl.journal.verify import verified
from hitl.machine import Past
from hitl.machine.recovery import recover
from tests.faults.check import MACHINES
from tests.faults.clients import Clients
from tests.faults.harm import Harm
from tests.faults.world import World

FLIPS = 3
PAGE = 1000
REGRESSED, BROKEN = JournalRegressed.__name__, ChainBroken.__name__


async def torn_end(world: World, clients: Clients) -> None:
    """A file that ends in the middle: a prefix loads, and a shard that ends before its anchor is not served from."""
    rng = random.Random(clients.digest())
    async with another_history(world):
        heads = {shard: await _heads(world, shard) for shard in MACHINES}
        await world.kill_store()
        file = _aof(world)
        data = file.read_bytes()
        file.write_bytes(data[: rng.randrange(len(data) // 2, len(data) - 1)])
        assert await _starts(world), "a torn end was not loaded"
        fates = await _fates(world)
        for shard in MACHINES:
            assert (await _heads(world, shard)).items() <= heads[shard].items(), f"{shard} is no prefix"
        await world.start_node()
        for shard, said in (await _said(world)).items():
            assert (said == REGRESSED) == (fates[shard] == REGRESSED), (shard, said, fates[shard])


async def flipped_bit(world: World, clients: Clients) -> None:
    """A bit that changed is found: by the store, by a chain or an anchor; or it changed nothing of any history."""
    rng = random.Random(clients.digest())
    async with another_history(world):
        truth = await _fates(world)
        await world.kill_store()
        file = _aof(world)
        whole = file.read_bytes()
        for _ in range(FLIPS):
            data = bytearray(whole)
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            file.write_bytes(data)
            for name, fate in (await _fates(world) if await _starts(world) else {}).items():
                assert fate in (truth[name], BROKEN, REGRESSED), (name, truth[name], fate)
            await world.kill_store()


async def older_copy(world: World, clients: Clients) -> None:
    """An older copy of the store is not served from: the service says so until the right one is back."""
    older = world.folder / "older"
    await world.kill_store()
    shutil.copytree(world.store.folder, older)
    await world.start_store()
    await world.serves()
    await asyncio.sleep(0.5)
    async with another_history(world):
        await world.kill_store()
        _replace(older, world.store.folder)
        await world.start_store()
        await world.start_node()
        assert REGRESSED in (await _said(world)).values()
    shutil.rmtree(older)


@asynccontextmanager
async def another_history(world: World) -> AsyncIterator[None]:
    """Nobody asks, all is anchored and the writers are away; what the store and the anchors hold now is put back at the end."""
    places = {world.store.folder: world.folder / "right-store", world.archive: world.folder / "right-archive"}
    world.is_closed = True
    try:
        await _anchored(world)
        await world.kill_node()
        await world.kill_store()
        for place, right in places.items():
            shutil.copytree(place, right)
        await world.start_store()
        yield
    finally:
        await world.kill_node()
        await world.kill_store()
        for place, right in places.items():
            _replace(right, place)
            shutil.rmtree(right)
        await world.start_store()
        await world.start_node()
        world.is_closed = False


async def _anchored(world: World) -> None:
    """Once every shard's end is noted outside the store."""
    async with asyncio.timeout(30):
        for shard in MACHINES:
            await _is_anchored(world, shard)


async def _is_anchored(world: World, shard: str) -> None:
    while True:
        status = (await world.reach("status"))["ok"]["shards"][shard]
        if await AnchorFile(str(world.archive), shard).read() == (status["seq"], status["hash"]):
            return
        await asyncio.sleep(0.1)


async def _said(world: World) -> dict[str, str]:
    """What each shard of a new node says of its history."""
    return {shard: await _says(world, shard) for shard in MACHINES}


async def _says(world: World, shard: str) -> str:
    while True:
        answer = await world.reach("plain", shard=shard)
        if answer.get("error") != "Recovering":
            return str(answer.get("error", "serves"))
        await asyncio.sleep(0.05)


async def _fates(world: World) -> dict[str, str]:
    """Of each shard and of the cases: a fingerprint of all of it, or the name of the error that it is found by."""
    client = connect(world.store.url)
    try:
        found = {shard: await _named(_state(world, client, shard)) for shard in MACHINES}
        return found | {"cases": await _named(_cases(client))}
    finally:
        await client.aclose()


async def _named(looking: Awaitable[str]) -> str:
    try:
        return await looking
    except (ChainBroken, JournalRegressed) as error:
        return type(error).__name__


async def _state(world: World, client: Redis, shard: str) -> str:
    past = Past(anchor=AnchorFile(str(world.archive), shard))
    replica = await recover(MACHINES[shard], shard, ValkeyJournal(client, shard), lambda seq, commit: None, past)
    return fingerprint([replica.seq, replica.head, MACHINES[shard].plain(replica.state)])


async def _cases(client: Redis) -> str:
    intake, seen, after = ValkeyIntake(client, 0), list[list[Any]](), 0
    await verify_intake("intake-0", intake)
    while links := await intake.links(after, PAGE):
        seen += [[link.seq, link.hash, digest_of(link.body), digest_of(link.payload or b"")] for link in links]
        after = links[-1].seq
    return fingerprint(seen)


async def _heads(world: World, shard: str) -> dict[int, str]:
    client, heads = connect(world.store.url), dict[int, str]()
    try:
        async for entry in verified(shard, ValkeyJournal(client, shard), 0, GENESIS):
            heads[entry.seq] = entry.hash
    finally:
        await client.aclose()
    return heads


async def _starts(world: World) -> bool:
    """Whether the store takes the file for its history at all."""
    try:
        await world.start_store()
    except AssertionError:
        return False
    return True


def _aof(world: World) -> Path:
    """The file that the store appends to."""
    return max((world.store.folder / "appendonlydir").glob("*.incr.aof"), key=lambda file: int(file.name.split(".")[2]))


def _replace(source: Path, folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(source, folder)


ROWS: dict[str, Harm] = {
    "17 the end of the file is torn": torn_end,
    "18 a bit is flipped": flipped_bit,
    "19 an older copy of the store": older_copy,
}
