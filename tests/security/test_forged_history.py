"""Whoever holds the store's password, and not the key of the writers, changes the history unseen in no way that we know."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis.asyncio import Redis

from hitl.adapters.files.archive import AnchorFile
from hitl.adapters.files.intake_anchors import IntakeAnchorFiles
from hitl.adapters.files.signers import SignerFiles
from hitl.adapters.ray.intake_anchor import IntakeAnchor
from hitl.adapters.ray.shard_runner import ShardRunner
from hitl.adapters.ray.shard_spec import Retention, review_spec
from hitl.adapters.valkey.backup import Places, Why, back_up, restore
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal, fields_of
from hitl.cli.commands.verify import Verified, verify_all
from hitl.cli.commands.verify_offline import verify_copies
from hitl.errors import ChainBroken, EntryForged, InvalidConfig, InvalidInput, JournalRegressed, Unavailable
from hitl.journal import GENESIS, Commit, Entry, follow
from hitl.journal.signature import Signer
from hitl.journal.signed import Signatures, SignedJournal
from hitl.machine import Past, Phase, Shard
from tests.contracts.intake_contract import batch, record
from tests.fakes.counter import Add, CounterMachine, envelope
from tests.machine.running import running, until
from tests.running import Running

OURS, THEIRS = Signer(b"1" * 32), Signer(b"2" * 32)
STREAM, SHARD = "hitl:{access}:journal", "access"


def body(number: int) -> bytes:
    return Commit(1.0, 1, "eve", "r", "Add", str(number), "f", {}, [{"type": "Added", "number": 1000}]).encode()


@dataclass
class Victim:
    """A signed journal in a store whose password the attacker has; ``folder`` is the archive, where they cannot write."""

    store: Redis
    url: str
    folder: Path

    async def work(self, count: int) -> None:
        """The writer recovers and appends ``count`` entries; raises what its shard ended with."""
        journal = SignedJournal(ValkeyJournal(self.store, SHARD), SHARD, OURS)
        async with running(journal, name=SHARD, past=self.past()) as shard:
            for number in range(count):
                await shard.submit(envelope(Add(1), f"{shard.epoch}-{number}"))
            await AnchorFile(str(self.folder), SHARD).write(shard.seq, shard.head)

    def past(self) -> Past:
        return Past(proof=Signatures(SignerFiles(str(self.folder), SHARD), OURS))

    async def entries(self) -> list[Entry]:
        return await ValkeyJournal(self.store, SHARD).read(0, 1000)

    async def put(self, entry: Entry) -> None:
        """As the attacker does it: straight into the stream, chained as it must be."""
        await self.store.xadd(STREAM, fields_of(entry), id=f"{entry.seq}-0")

    async def replace(self, entries: list[Entry]) -> None:
        await self.store.delete(STREAM)
        for entry in entries:
            await self.put(entry)

    async def verify(self) -> list[Verified]:
        return await asyncio.to_thread(verify_all, self.url, 1, str(self.folder))


@pytest.fixture
async def victim(valkey: Redis, valkey_url: str, tmp_path: Path) -> Victim:
    found = Victim(valkey, valkey_url, tmp_path / "archive")
    await found.work(3)
    return found


def appended(entries: list[Entry]) -> Entry:
    return follow(entries[-1].hash, entries[-1].seq + 1, body(1))


async def test_what_the_writer_wrote_verifies(victim: Victim) -> None:
    rows = {row.chain: (row.entries, row.signed_from) for row in await victim.verify() if row.entries}
    assert rows == {"journal of access": (3, 1)}


SIGNATURES: dict[str, Callable[[list[Entry]], Entry]] = {
    "none": appended,
    "the attacker's": lambda entries: THEIRS.sign(SHARD, [appended(entries)])[0],
    "the last one again": lambda entries: appended(entries)._replace(signature=entries[-1].signature),
    "of another shard": lambda entries: OURS.sign("workflow", [appended(entries)])[0],
    "no number": lambda entries: appended(entries)._replace(signature="x:00"),
    "no text": lambda entries: appended(entries)._replace(signature="4:\udcff".encode(errors="replace").decode()),
}


@pytest.mark.parametrize("forge", SIGNATURES.values(), ids=SIGNATURES)
async def test_a_forged_append_is_found(victim: Victim, forge: Callable[[list[Entry]], Entry]) -> None:
    await victim.put(forge(await victim.entries()))
    with pytest.raises(EntryForged) as forged:
        await victim.verify()
    assert forged.value.seq == 4


@pytest.mark.parametrize("forge", SIGNATURES.values(), ids=SIGNATURES)
async def test_the_writer_does_not_go_on_from_a_forged_entry(victim: Victim, forge: Callable[[list[Entry]], Entry]) -> None:
    await victim.put(forge(await victim.entries()))
    journal = SignedJournal(ValkeyJournal(victim.store, SHARD), SHARD, OURS)
    with pytest.raises(EntryForged):
        await Shard(CounterMachine(), journal, name=SHARD, past=victim.past()).run()


async def test_an_entry_under_the_hands_of_a_running_writer_stops_it(victim: Victim) -> None:
    journal = SignedJournal(ValkeyJournal(victim.store, SHARD), SHARD, OURS)
    shard = Shard[Any](CounterMachine(), journal, name=SHARD, past=victim.past())
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.phase is Phase.SERVING)
    await victim.put(appended(await victim.entries()))
    with pytest.raises(Unavailable):
        await shard.submit(envelope(Add(1), "next"))
    with pytest.raises(EntryForged):
        await asyncio.wait_for(life, 30)


async def test_a_later_signature_does_not_launder_a_forged_entry(victim: Victim) -> None:
    """Even a writer that took no notice of it."""
    await victim.put(appended(await victim.entries()))
    await victim.put(OURS.sign(SHARD, [appended(await victim.entries())])[0])
    with pytest.raises(EntryForged) as forged:
        await victim.verify()
    assert forged.value.seq == 4


async def test_a_history_that_was_written_anew_without_signatures_is_found(victim: Victim) -> None:
    """As if it were of before there were any."""
    first = follow(GENESIS, 1, body(1))
    second = follow(first.hash, 2, body(2))
    await victim.replace([first, second, follow(second.hash, 3, body(3))])
    (victim.folder / "anchors" / "access.json").unlink()  # what the anchor finds is not what is looked at here
    with pytest.raises(EntryForged) as forged:
        await victim.verify()
    assert forged.value.seq == 1


async def test_the_signatures_of_another_history_do_not_fit(victim: Victim) -> None:
    entries = await victim.entries()
    changed = follow(entries[0].hash, 2, body(2))
    third = follow(changed.hash, 3, entries[2].body)
    signed = [entries[0], changed._replace(signature=entries[1].signature), third._replace(signature=entries[2].signature)]
    await victim.replace(signed)
    with pytest.raises(EntryForged) as forged:
        await victim.verify()
    assert forged.value.seq == 2


# --- a copy, by the public key alone -------------------------------------------------------------------


@pytest.fixture
async def copy(victim: Victim, tmp_path: Path) -> Path:
    await back_up(victim.store, Places(str(victim.folder), str(tmp_path / "artifacts")), tmp_path / "copy", 1_000.0)
    return tmp_path / "copy"


async def test_a_copy_verifies_by_the_public_key_alone(copy: Path) -> None:
    assert [(row.entries, row.signed_from) for row in verify_copies([copy], [OURS.public])] == [(3, 1)]
    assert [row.entries for row in verify_copies([copy / "store" / "access.gz"], [OURS.public])] == [3]


async def test_what_holds_no_journal_proves_nothing(victim: Victim, tmp_path: Path) -> None:
    await ValkeyIntake(victim.store, 0).append(batch(record("a")))
    await back_up(victim.store, Places(str(victim.folder), str(tmp_path / "artifacts")), tmp_path / "copy", 1_000.0)
    assert [row.chain for row in verify_copies([tmp_path / "copy"], [OURS.public])] == ["journal of access"]
    (tmp_path / "empty").mkdir()
    for empty in (tmp_path / "empty", tmp_path / "copy" / "store" / "intake-0.gz"):
        with pytest.raises(InvalidInput, match="at least one entry"):
            verify_copies([empty], [OURS.public])


async def test_a_copy_that_somebody_else_signed_is_found(copy: Path) -> None:
    with pytest.raises(EntryForged):
        verify_copies([copy], [THEIRS.public])


async def test_a_copy_with_a_forged_end_is_found(victim: Victim, tmp_path: Path) -> None:
    await victim.put(appended(await victim.entries()))
    await back_up(victim.store, Places(str(victim.folder), str(tmp_path / "artifacts")), tmp_path / "copy", 1_000.0)
    with pytest.raises(EntryForged):
        verify_copies([tmp_path / "copy"], [OURS.public])


async def test_a_copy_without_any_signature_is_no_copy_of_a_signed_journal(victim: Victim, tmp_path: Path) -> None:
    await victim.replace([entry._replace(signature="") for entry in await victim.entries()])
    await back_up(victim.store, Places(str(victim.folder), str(tmp_path / "artifacts")), tmp_path / "copy", 1_000.0)
    with pytest.raises(EntryForged):
        verify_copies([tmp_path / "copy"], [OURS.public])


async def test_a_restored_history_goes_on_signed(victim: Victim, copy: Path) -> None:
    """The note that it was restored is signed like any other entry."""
    places = Places(str(victim.folder), str(victim.folder.parent / "artifacts"))
    await victim.store.flushall()
    with pytest.raises(InvalidConfig, match="HITL_SIGNING_KEY_FILE"):
        await restore(victim.store, places, copy, Why("ann", "the disk is gone", 2_000.0))
    await restore(victim.store, places, copy, Why("ann", "the disk is gone", 2_000.0), OURS)
    assert {row.chain: (row.entries, row.signed_from) for row in await victim.verify() if row.entries} == {
        "journal of access": (4, 1)
    }


async def test_a_backup_with_a_forged_end_is_not_restored(victim: Victim, tmp_path: Path) -> None:
    places = Places(str(victim.folder), str(tmp_path / "artifacts"))
    await victim.put(appended(await victim.entries()))
    await back_up(victim.store, places, tmp_path / "copy", 1_000.0)
    await victim.store.flushall()
    with pytest.raises(EntryForged):
        await restore(victim.store, places, tmp_path / "copy", Why("ann", "the disk is gone", 2_000.0), OURS)


# --- cases: anchored outside the store -------------------------------------------------------------------


@pytest.fixture
async def anchored(valkey: Redis, tmp_path: Path) -> IntakeAnchor:
    """An intake of two gateways, whose ends were noted."""
    intake, found = (
        ValkeyIntake(valkey, 0),
        IntakeAnchor("intake-0", ValkeyIntake(valkey, 0), IntakeAnchorFiles(str(tmp_path), 0)),
    )
    await intake.append(batch(record("a"), record("b")))
    await intake.append(batch(record("c"), gateway="h"))
    await found.check()
    await found.step()
    return found


async def cut_off(store: Redis) -> None:
    await store.xdel("hitl:{intake-0}:cases", "3-0")
    await store.xdel("hitl:{intake-0}:refs", "3-0")


async def written_anew(store: Redis) -> None:
    """Another case in the place of the last one, chained as it must be."""
    await store.delete(*await store.keys("hitl:{intake-0}:*"))
    await ValkeyIntake(store, 0).append(batch(record("a"), record("b")))
    await ValkeyIntake(store, 0).append(batch(record("d"), gateway="h"))


@pytest.mark.parametrize("change", [cut_off, written_anew])
async def test_changed_cases_are_found_by_the_anchor(
    anchored: IntakeAnchor, valkey: Redis, valkey_url: str, tmp_path: Path, change: Callable[[Redis], Any]
) -> None:
    await asyncio.to_thread(verify_all, valkey_url, 1, str(tmp_path))
    await change(valkey)
    with pytest.raises(ChainBroken):
        await asyncio.to_thread(verify_all, valkey_url, 1, str(tmp_path))
    with pytest.raises(JournalRegressed):
        await IntakeAnchor("intake-0", ValkeyIntake(valkey, 0), IntakeAnchorFiles(str(tmp_path), 0)).run()


@pytest.mark.parametrize("change", [cut_off, written_anew])
async def test_no_review_shard_writes_about_changed_cases(
    anchored: IntakeAnchor, valkey: Redis, valkey_url: str, tmp_path: Path, change: Callable[[Redis], Any]
) -> None:
    await change(valkey)
    spec = replace(review_spec(valkey_url, 0, {}, 60.0), keeping=Retention(str(tmp_path)))
    actor = ShardRunner(spec)
    await until(lambda: actor._failure is not None)
    assert (await actor.status())["phase"] == "journal-regressed"
    assert await valkey.get("hitl:{review-0}:epoch") is None
    await cancelled(actor.life)


async def test_a_review_shard_serves_cases_that_are_as_they_were_noted(
    anchored: IntakeAnchor, valkey_url: str, tmp_path: Path
) -> None:
    actor = ShardRunner(replace(review_spec(valkey_url, 0, {}, 60.0), keeping=Retention(str(tmp_path))))
    await until(lambda: actor._shard is not None and actor._shard.phase is Phase.SERVING)
    await cancelled(actor.life)


async def cancelled(life: asyncio.Task[None]) -> None:
    life.cancel()
    await asyncio.wait([life])


async def test_the_anchor_is_not_talked_out_of_what_it_noted(anchored: IntakeAnchor, valkey: Redis, tmp_path: Path) -> None:
    before = await IntakeAnchorFiles(str(tmp_path), 0).read()
    await valkey.delete("hitl:{intake-0}:heads")
    await anchored.step()
    await valkey.hset("hitl:{intake-0}:heads", "g", f"1 1 {'0' * 64}")
    await anchored.step()
    assert await IntakeAnchorFiles(str(tmp_path), 0).read() == before
    assert sorted(before) == ["g", "h"]


# --- the whole product -----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.service
def test_a_running_service_signs_its_history_and_a_copy_proves_it(service: Running, tmp_path: Path) -> None:
    headers = {"authorization": f"Bearer {service.keys['ada']}", "idempotency-key": "signs"}
    assert httpx2.post(f"{service.url}/v1/session", headers=headers, timeout=60).is_success
    rows = json.loads(service.command("verify", "--json").stdout)
    signed = {row["chain"]: row["signed_from"] for row in rows if row["chain"].startswith("journal") and row["entries"]}
    assert signed["journal of access"] == 1
    assert set(signed.values()) == {1}
    key = service.command("keys", "public").stdout.strip()
    service.command("backup", str(tmp_path / "copy"))
    assert service.command("verify", "--offline", str(tmp_path / "copy"), "--public-key", key).returncode == 0
    other = service.command("verify", "--offline", str(tmp_path / "copy"), "--public-key", THEIRS.public, check=False)
    assert other.returncode == 1
