"""The wrapped keys of archived cases leave the store for files, whose own keys the store has: an erasure holds for every copy."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from os import urandom
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.files.key_files import NO_KEYS
from hitl.adapters.valkey import names
from hitl.adapters.valkey.archived_keys import open_keys
from hitl.adapters.valkey.backup import Places, Why, back_up, restore
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.key_mover import KeyMover
from hitl.adapters.valkey.rewrapping import rewrap_all
from hitl.canonical import canonical, digest_of
from hitl.cli.commands.verify import verify_all
from hitl.crashpoints import ARMED
from hitl.errors import SealBroken, StoreUnavailable
from hitl.intake.segments import range_of
from hitl.machine import Phase, Shard
from hitl.review import ReviewMachine
from hitl.sealing import Keyring
from hitl.sealing.key_files import pack_keys, unpack_keys
from hitl.sealing.opening import open_clear
from hitl.sealing.payload import seal_payload
from tests.adapters.archive_world import DAY_S, World, disarmed
from tests.contracts.intake_contract import batch, record
from tests.fakes.reviews import spec
from tests.machine.running import until

__all__ = ["disarmed"]

CASES = 10
"""Two segments of five; the last one is not sealed."""

MOVES = ("keys.before_count", "keys.after_count")
CHANGES = ("keys.before_replace", "keys.after_replace")
POINTS = (*MOVES, *CHANGES)
RING = Keyring([bytes(range(32))])
IDS = [f"c{number}" for number in range(1, CASES)]


class Crash(Exception):
    pass


def die() -> None:
    raise Crash


class SealedCases(World):
    """Archived cases whose inputs are sealed; ``wrapped`` are their keys as they were made."""

    wrapped: dict[str, bytes]

    async def bring(self) -> None:
        made, payloads, keys = [], [], []
        for number in range(1, CASES + 1):
            case_id, clear = f"c{number}", canonical({"features": [number], "metadata": {"name": f"Ada {number}"}})
            sealed = seal_payload(RING, case_id, clear, urandom)
            payload, key = (sealed.payload, sealed.wrapped_key) if number < CASES else (clear, b"")
            made.append(replace(record(case_id, "automatic", "digits"), payload_digest=digest_of(b"s" + payload)))
            payloads.append(payload)
            keys.append(key)
        self.wrapped = {each.case_id: key for each, key in zip(made, keys, strict=True) if key}
        await ValkeyIntake(self.client, 0).append(replace(batch(*made), payloads=payloads, keys=keys))
        await self.archive_all()

    def mover(self) -> KeyMover:
        border = Border(self.client, 0)
        archive = CaseArchive(self.uri, 0, border.deletions)
        return KeyMover(self.shard, border, archive, open_keys(self.client, 0, self.uri))

    async def move(self) -> None:
        mover = self.mover()
        while await mover.step():
            pass

    async def in_hash(self) -> list[str]:
        return sorted(key.decode() for key in await self.client.hkeys(names.wrapped_keys(0)))

    async def opened(self) -> list[str]:
        """The cases whose input opens, as any process finds it."""
        found = []
        for case_id in IDS:
            case = await self.intake.find(case_id)
            assert case is not None
            if (clear := open_clear(RING, case_id, case.payload, case.wrapped_key)) is not None:
                assert f"Ada {case_id[1:]}".encode() in clear
                found.append(case_id)
        return found

    def files(self) -> list[Path]:
        return sorted(Path(self.uri, "cases-keys/intake-0").glob("*.keys"))


@pytest.fixture
async def world(valkey: Redis, tmp_path: Path) -> AsyncIterator[SealedCases]:
    machine = ReviewMachine({"digits": spec("digits")}, DAY_S)
    shard: Shard[Any] = Shard(machine, ValkeyJournal(valkey, "review-0"), name="review-0")
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.phase is Phase.SERVING)
    found = SealedCases(valkey, tmp_path / "archive", shard, life)
    await found.bring()
    yield found
    await found.end()


async def test_the_store_keeps_no_key_of_an_archived_case_and_every_input_opens(world: SealedCases) -> None:
    assert await world.in_hash() == IDS
    await world.move()
    assert (await world.in_hash(), len(world.files())) == ([], 2)
    assert await world.opened() == IDS
    found = {case_id: await world.intake.wrapped_key(case_id) for case_id in IDS}
    assert found == world.wrapped
    assert await world.mover().step() == 0


async def test_segments_without_keys_are_looked_at_once(world: SealedCases) -> None:
    await world.client.delete(names.wrapped_keys(0))
    await world.move()
    assert {value.decode() for value in await world.client.hvals(names.key_files(0))} == {NO_KEYS}
    assert (world.files(), await world.opened()) == ([], [])


async def test_no_file_has_a_key_that_its_own_key_is_not_needed_for(world: SealedCases) -> None:
    await world.move()
    for path in Path(world.uri).rglob("*"):  # noqa: ASYNC240 - a few files
        if path.is_file():
            assert not any(key in path.read_bytes() or key.hex().encode() in path.read_bytes() for key in world.wrapped.values())
    stored = b"".join(await world.client.hvals(names.key_files(0)))
    assert not any(key.hex().encode() in stored for key in world.wrapped.values())


async def test_an_erased_key_is_in_no_file_and_no_copy_of_one_opens(world: SealedCases, tmp_path: Path) -> None:
    await world.move()
    shutil.copytree(world.uri, tmp_path / "copy")
    old = {file.name: file.read_bytes() for file in world.files()}
    assert (await world.intake.drop_key("c2"), await world.intake.drop_key("c2")) == (True, False)
    assert await world.opened() == [each for each in IDS if each != "c2"]
    owns = [value.decode().split(" ")[1] for value in await world.client.hvals(names.key_files(0))]
    gone = set(old) - {file.name for file in world.files()}
    assert len(gone) == 1
    for own in owns:
        for segment in await open_keys(world.client, 0, world.uri).segments():
            with pytest.raises(SealBroken):
                unpack_keys(old[gone.copy().pop()], bytes.fromhex(own), segment)


async def test_the_last_key_of_a_segment_takes_its_file_along(world: SealedCases) -> None:
    await world.move()
    for case_id in IDS:
        assert await world.intake.drop_key(case_id)
    assert (world.files(), await world.opened()) == ([], [])


async def test_a_case_that_was_never_sealed_has_no_key_to_drop(world: SealedCases) -> None:
    await world.move()
    assert [await world.intake.drop_key(case_id) for case_id in (f"c{CASES}", "never")] == [False, False]


async def test_a_reader_that_holds_a_file_learns_of_an_erasure_by_another(world: SealedCases) -> None:
    await world.move()
    reader = world.intake
    assert await reader.wrapped_key("c2") == world.wrapped["c2"]
    await world.intake.drop_key("c2")
    assert (await reader.wrapped_key("c2"), await reader.wrapped_key("c3")) == (None, world.wrapped["c3"])


async def test_two_erasures_of_one_segment_at_once_both_hold(world: SealedCases) -> None:
    await world.move()
    assert await asyncio.gather(*(world.intake.drop_key(case_id) for case_id in IDS[:4])) == [True] * 4
    assert await world.opened() == IDS[4:]


async def test_an_erasure_while_its_key_moves_holds(world: SealedCases, disarmed: None) -> None:
    async def erase_first(*given: Any) -> Any:
        keys.__dict__.pop("_write")
        file = await keys._write(*given)
        assert await ValkeyIntake(world.client, 0).drop_key("c1")
        return file

    mover = world.mover()
    keys = mover._keys
    keys._write = erase_first  # type: ignore[method-assign]
    await mover.step()
    assert (world.files(), await world.in_hash()) == ([], IDS[1:])
    await world.move()
    assert await world.opened() == IDS[1:]


async def test_a_case_that_is_still_in_the_stream_opens_after_its_key_moved(world: SealedCases) -> None:
    links = await CaseArchive(world.uri, 0).links(*next(iter((await Border(world.client, 0).segments()).items())))
    await world.move()
    for link in links:  # as a restored store has it, or one whose case people look at again
        fields = {"b": link.body, "p": link.payload or b"", "g": link.gateway, "n": str(link.counter), "h": link.hash}
        await world.client.delete(names.cases(0))
        await world.client.xadd(names.cases(0), fields, id=f"{link.seq}-0")
        await world.client.set(names.case(0, f"c{link.seq}"), link.seq)
        found = await world.intake.find(f"c{link.seq}")
        assert found is not None
        assert found.wrapped_key == world.wrapped[f"c{link.seq}"]
        assert await world.intake.drop_key(f"c{link.seq}")
    assert await world.opened() == IDS[len(links) :]


@pytest.mark.parametrize("point", MOVES)
async def test_a_crash_while_keys_move_loses_none(world: SealedCases, disarmed: None, point: str) -> None:
    ARMED[point] = die
    with pytest.raises(Crash):
        await world.mover().step()
    ARMED.clear()
    assert await world.opened() == IDS
    await world.move()
    assert (await world.in_hash(), await world.opened()) == ([], IDS)


@pytest.mark.parametrize("point", CHANGES)
async def test_a_crash_in_an_erasure_loses_no_other_key_and_the_next_try_holds(
    world: SealedCases, disarmed: None, point: str
) -> None:
    await world.move()
    ARMED[point] = die
    with pytest.raises(Crash):
        await world.intake.drop_key("c2")
    ARMED.clear()
    assert set(await world.opened()) >= set(IDS) - {"c2"}
    await world.intake.drop_key("c2")
    assert await world.opened() == [each for each in IDS if each != "c2"]


async def test_deleted_cases_lose_their_keys_wherever_these_are(world: SealedCases) -> None:
    await world.move()
    dropped = await open_keys(world.client, 0, world.uri).drop({f"c{number}": number for number in (1, 2, 3, 4, 5, 6)})
    assert (dropped, len(world.files())) == (6, 1)
    assert await world.opened() == ["c7", "c8", "c9"]


async def test_another_master_key_wraps_the_keys_in_files_too(world: SealedCases) -> None:
    await world.move()
    fresh = Keyring([bytes(32), bytes(range(32))])
    assert await rewrap_all(world.client, fresh, world.uri) == len(IDS)
    assert await rewrap_all(world.client, fresh, world.uri) == 0
    alone = Keyring([bytes(32)])
    for case_id in IDS:
        key = await world.intake.wrapped_key(case_id)
        assert key is not None
        assert alone.unwrap(key, case_id) == RING.unwrap(world.wrapped[case_id], case_id)
    with pytest.raises(SealBroken):
        await world.opened()


async def test_a_file_of_keys_that_was_changed_or_is_gone_is_noticed(world: SealedCases, valkey_url: str) -> None:
    await world.move()
    await asyncio.to_thread(verify_all, valkey_url, 1, world.uri)
    first = min(world.files(), key=lambda file: range_of(file.name.rsplit("-", 1)[0]))
    whole = first.read_bytes()
    first.write_bytes(whole[:-1] + b"x")
    with pytest.raises(SealBroken):
        await world.opened()
    with pytest.raises(SealBroken):
        await asyncio.to_thread(verify_all, valkey_url, 1, world.uri)
    first.unlink()
    with pytest.raises(StoreUnavailable):
        await world.intake.find("c1")


async def test_a_backup_has_the_files_of_keys(world: SealedCases, tmp_path: Path) -> None:
    await world.move()
    await back_up(world.client, Places(world.uri, str(tmp_path / "artifacts")), tmp_path / "backup", 1_000.0)
    await world.end()
    await world.client.flushall()
    there = Places(str(tmp_path / "there"), str(tmp_path / "models"))
    await restore(world.client, there, tmp_path / "backup", Why("ann", "the disk is gone", 2_000.0))
    world.uri = there.archive
    await world.archiver()._begin()  # which makes the index anew
    assert await world.opened() == IDS


async def test_a_backup_that_was_taken_before_the_keys_moved_opens_as_well(world: SealedCases, tmp_path: Path) -> None:
    await back_up(world.client, Places(world.uri, str(tmp_path / "artifacts")), tmp_path / "backup", 1_000.0)
    await world.end()
    await world.client.flushall()
    there = Places(str(tmp_path / "there"), str(tmp_path / "models"))
    await restore(world.client, there, tmp_path / "backup", Why("ann", "the disk is gone", 2_000.0))
    world.uri = there.archive
    await world.archiver()._begin()  # which makes the index anew
    assert await world.opened() == IDS


def test_a_file_opens_with_its_own_key_at_its_own_place_alone() -> None:
    data, own = pack_keys({"a": b"key of a"}, "1-5-1", urandom)
    assert unpack_keys(data, own, "1-5-1") == {"a": b"key of a"}
    for wrong in ((data, bytes(32), "1-5-1"), (data, own, "6-9-1"), (data[:-1], own, "1-5-1"), (b"", own, "1-5-1")):
        with pytest.raises(SealBroken):
            unpack_keys(*wrong)
