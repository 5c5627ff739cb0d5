"""A backup that is taken under load is whole; a restored state is the old one, and says that it was restored."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.access import AccessMachine
from hitl.access.commands import NoteSignIn
from hitl.adapters.files.archive import AnchorFile, ArchivedEntries, SnapshotFiles
from hitl.adapters.files.archived_journal import ArchivedJournal
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.blob_store import BlobStore
from hitl.adapters.files.blobs import open_blobs
from hitl.adapters.valkey import backup, store_copy
from hitl.adapters.valkey.archive_check import check_kept
from hitl.adapters.valkey.archived_reviews import ArchivedCaseStore
from hitl.adapters.valkey.archiver import Archiver
from hitl.adapters.valkey.backup import Places, Why, back_up, restore
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.adapters.valkey.partitions import pin_partitions
from hitl.adapters.valkey.snapshotting import SnapshotPlan, make
from hitl.adapters.valkey.store_copy import Line, lines_of, put
from hitl.adapters.valkey.whole_intake import open_intakes
from hitl.blobs.names import new_name
from hitl.canonical import canonical, digest_of
from hitl.cli.commands.verify import verify_all
from hitl.errors import InvalidInput, JournalRegressed
from hitl.machine import Envelope, Past, Shard
from hitl.machine.recovery import recover
from hitl.review import Amend, SettledLabels
from tests.adapters.test_archiver import serving, settle
from tests.contracts.intake_contract import batch, record
from tests.machine.running import until

WHY = Why("ann", "the disk is gone", 2_000.0)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(str(tmp_path / "archive"), str(tmp_path / "artifacts"))


async def _state(client: Redis, places: Places) -> dict[str, Any]:
    journal = ArchivedJournal(ValkeyJournal(client, "access"), ArchivedEntries(places.archive, "access"))
    past = Past(SnapshotFiles(places.archive, "access"), AnchorFile(places.archive, "access"))
    found = await recover(AccessMachine(), "access", journal, lambda seq, commit: None, past)
    return AccessMachine().plain(found.state)


async def _sign_in(client: Redis, places: Places, count: int, beside: Callable[[], Awaitable[None]] | None = None) -> None:
    journal, anchor = ValkeyJournal(client, "access"), AnchorFile(places.archive, "access")
    shard = Shard(AccessMachine(), journal, name="access", past=Past(SnapshotFiles(places.archive, "access"), anchor))
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.epoch > 0 and shard.phase == "serving")
    sent = [shard.submit(_envelope(f"{shard.epoch}-{each}")) for each in range(count)]
    await asyncio.gather(*sent, *([beside()] if beside else []))
    await anchor.write(shard.seq, shard.head)
    life.cancel()
    await asyncio.wait([life])


def _envelope(name: str) -> Envelope:
    return Envelope(NoteSignIn(f"account-{name}", "key", name), name, "f", "ann", name)


@pytest.fixture
async def kept(valkey: Redis, valkey_url: str, places: Places, tmp_path: Path) -> tuple[dict[str, Any], Path]:
    """A state with an archive, and its backup, taken while cases came in."""
    for _ in range(3):
        await _sign_in(valkey, places, 20)
        await make(SnapshotPlan("access", "hitl.access:AccessMachine", valkey_url, places.archive))
    await ValkeyIntake(valkey, 0).append(batch(record("a"), record("b", "automatic")))
    await Border(valkey, 0).open_epoch()  # a running service's archiver has begun, and nothing has left
    ArtifactStore(places.artifacts).put(b"a model")
    before, target = await _state(valkey, places), tmp_path / "backup"
    await back_up(valkey, places, target, 1_000.0)
    return before, target


async def test_a_wiped_service_comes_back_as_it_was(
    kept: tuple[dict[str, Any], Path], valkey: Redis, valkey_url: str, places: Places, tmp_path: Path
) -> None:
    before, _ = kept
    secret = await ValkeyKeys(valkey).case_secret()
    await back_up(valkey, places, tmp_path / "second", 1_500.0)
    await valkey.flushall()
    there = Places(str(tmp_path / "new-archive"), str(tmp_path / "new-artifacts"))
    await restore(valkey, there, tmp_path / "second", WHY)
    after = await _state(valkey, there)
    assert canonical({**after, "restores": []}) == canonical(before)
    assert [(each["by"], each["reason"], each["heads"]["access"][0]) for each in after["restores"]] == [(WHY.by, WHY.reason, 60)]
    assert await ValkeyKeys(valkey).case_secret() == secret
    found = await ValkeyIntake(valkey, 0).find("b")
    assert found is not None
    assert found.seq == 2
    assert ArtifactStore(there.artifacts).get(digest_of(b"a model")) == b"a model"
    rows = await asyncio.to_thread(verify_all, valkey_url, 1, there.archive)
    assert {row.chain: row.entries for row in rows if row.entries}["journal of access"] == 61


async def test_files_of_cases_come_back_sealed_with_what_names_them(valkey: Redis, places: Places, tmp_path: Path) -> None:
    places = replace(places, blobs=str(tmp_path / "blobs"))
    store, name = BlobStore(places.blobs), new_name(1_700_000_000.0, token_bytes)
    store.put(name, b"sealed bytes")
    store.claim(name, "a" * 26)
    store.note_swept(name.day)
    await back_up(valkey, places, tmp_path / "backup", 1_000.0)
    await valkey.flushall()
    there = Places(str(tmp_path / "there"), str(tmp_path / "models"), str(tmp_path / "files"))
    await restore(valkey, there, tmp_path / "backup", WHY)
    found = BlobStore(there.blobs)
    assert (found.get(name), found.cases(name), found.is_swept(name.day)) == (b"sealed bytes", ["a" * 26], False)


async def test_archived_cases_come_back_with_their_proof(valkey: Redis, valkey_url: str, places: Places, tmp_path: Path) -> None:
    journal, cases = ValkeyJournal(valkey, "review-0"), ArchivedCaseStore(valkey, "review-0")
    async with serving(cases, journal) as shard:
        for number in range(1, 4):
            await settle(shard, number)
        await Archiver(shard, cases, 1, 1e9).step()
        before = await shard.ask(SettledLabels("digits", 0, 10))
    await back_up(valkey, places, tmp_path / "backup", 1_000.0)
    await valkey.flushall()
    there = Places(str(tmp_path / "there"), str(tmp_path / "models"))
    await restore(valkey, there, tmp_path / "backup", WHY)
    assert await check_kept("review-0", journal, cases) == 2
    async with serving(cases, journal) as shard:
        assert await shard.ask(SettledLabels("digits", 0, 10)) == before
        await shard.submit(Envelope(Amend("c1-1", "eve", "0", "a slip"), "amend", "f", "eve", "r"))
    await asyncio.to_thread(verify_all, valkey_url, 1, there.archive)


async def test_what_was_erased_before_a_backup_does_not_come_back(valkey: Redis, places: Places, tmp_path: Path) -> None:
    intake = ValkeyIntake(valkey, 0)
    await intake.append(replace(batch(record("a"), record("b")), keys=[b"key of a", b"key of b"]))
    await intake.drop_key("a")
    await back_up(valkey, places, tmp_path / "backup", 1_000.0)
    await valkey.flushall()
    await restore(valkey, places, tmp_path / "backup", WHY)
    found = [await intake.find(case_id) for case_id in ("a", "b")]
    assert [case.wrapped_key for case in found if case] == [None, b"key of b"]


async def test_a_restored_store_goes_on(kept: tuple[dict[str, Any], Path], valkey: Redis, places: Places) -> None:
    await _sign_in(valkey, places, 5)
    await valkey.flushall()
    await restore(valkey, places, kept[1], WHY)
    await _sign_in(valkey, places, 3)
    state = await _state(valkey, places)
    assert (len(state["sessions"]), state["restores"][0]["noted"]["access"][0]) == (63, 65)


async def test_an_older_copy_without_the_record_is_refused(
    kept: tuple[dict[str, Any], Path], valkey: Redis, places: Places, tmp_path: Path
) -> None:
    await _sign_in(valkey, places, 5)
    await valkey.flushall()
    elsewhere = Places(str(tmp_path / "elsewhere"), places.artifacts)
    await restore(valkey, elsewhere, kept[1], WHY)
    await valkey.xdel("hitl:{access}:journal", "61-0")
    with pytest.raises(JournalRegressed):
        await _state(valkey, places)


async def test_a_backup_under_load_is_a_prefix_of_every_journal(
    valkey: Redis, valkey_url: str, places: Places, tmp_path: Path
) -> None:
    async def beside() -> None:
        await back_up(valkey, places, tmp_path / "backup", 1_000.0)

    await _sign_in(valkey, places, 300, beside)
    await valkey.flushall()
    there = Places(str(tmp_path / "there"), str(tmp_path / "models"))
    manifest = await restore(valkey, there, tmp_path / "backup", WHY)
    assert len((await _state(valkey, there))["sessions"]) == manifest.heads.get("access", [0])[0]


async def test_a_store_that_is_not_empty_is_not_restored_into(
    kept: tuple[dict[str, Any], Path], valkey: Redis, places: Places
) -> None:
    with pytest.raises(InvalidInput):
        await restore(valkey, places, kept[1], WHY)


async def test_a_changed_backup_is_refused(kept: tuple[dict[str, Any], Path], valkey: Redis, places: Places) -> None:
    await valkey.flushall()
    file = kept[1] / "store" / "access.gz"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(InvalidInput):
        await restore(valkey, places, kept[1], WHY)


async def test_what_leaves_a_journal_while_it_is_copied_is_in_the_copy(
    valkey: Redis, valkey_url: str, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = SnapshotPlan("access", "hitl.access:AccessMachine", valkey_url, places.archive)
    for _ in range(2):
        await _sign_in(valkey, places, 20)
        await make(plan)

    async def lines_while_more_comes(client: Redis, tag: str) -> AsyncIterator[Line]:
        lines = lines_of(client, tag)
        yield await anext(lines)
        for _ in range(2):  # a newer end is archived too: the copy must not need what lies behind its own
            await _sign_in(valkey, places, 20)
            await make(plan)
        async for line in lines:
            yield line

    before = await _state(valkey, places)
    monkeypatch.setattr(store_copy, "PAGE", 5)
    monkeypatch.setattr(backup, "lines_of", lines_while_more_comes)
    await back_up(valkey, places, tmp_path / "backup", 1_000.0)
    await valkey.flushall()
    there = Places(str(tmp_path / "there"), str(tmp_path / "models"))
    await restore(valkey, there, tmp_path / "backup", WHY)
    assert canonical({**await _state(valkey, there), "restores": []}) == canonical(before)


async def test_a_message_that_is_taken_up_while_it_is_copied_is_in_the_copy(
    valkey: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_copy, "PAGE", 1)
    outgoing = ValkeyOutbox(valkey)
    for number in range(3):
        await outgoing.put(f"message-{number}", "told", {})
    lines = lines_of(valkey, "outbox")
    copied = [await anext(lines)]
    await outgoing.forget_puts(3)
    copied += [line async for line in lines]
    await valkey.flushall()
    await put(valkey, copied)
    assert [each.message_id for each in await outgoing.puts(0, 10)] == ["message-0", "message-1", "message-2"]


async def test_a_snapshot_that_is_replaced_while_it_is_copied_is_left_out(
    kept: tuple[dict[str, Any], Path], valkey: Redis, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = f"snapshots/access/{min(await SnapshotFiles(places.archive, 'access').seqs()):016d}.gz"
    found = open_blobs(places.archive)
    is_within = backup._is_within

    def replaced(name: str, heads: Any) -> bool:
        if name == oldest:
            found.remove(oldest)
        return is_within(name, heads)

    monkeypatch.setattr(backup, "_is_within", replaced)
    manifest = await back_up(valkey, places, tmp_path / "second", 1_500.0)
    assert f"archive/{oldest}" not in manifest.files
    await valkey.flushall()
    await restore(valkey, places, tmp_path / "second", WHY)
    assert canonical({**await _state(valkey, places), "restores": []}) == canonical(kept[0])


async def test_a_store_with_added_partitions_comes_back_with_all_of_them(
    valkey: Redis, valkey_url: str, places: Places, tmp_path: Path
) -> None:
    await asyncio.to_thread(pin_partitions, valkey_url, 1)
    grown = await asyncio.to_thread(pin_partitions, valkey_url, 2)
    for number, intake in enumerate(open_intakes(valkey, grown, places.archive)):
        await intake.append(batch(record(f"c{number}")))
    await back_up(valkey, places, tmp_path / "backup", 1_000.0)
    await valkey.flushall()
    there = Places(str(tmp_path / "there"), str(tmp_path / "models"))
    await restore(valkey, there, tmp_path / "backup", WHY)
    assert await asyncio.to_thread(pin_partitions, valkey_url, 2) == grown
    for number, intake in enumerate(open_intakes(valkey, grown, there.archive)):
        assert await intake.known([f"c{number}"]) == {f"c{number}"}
        assert (await intake.append(batch(record("new"), gateway="h"))).seqs == [2]
