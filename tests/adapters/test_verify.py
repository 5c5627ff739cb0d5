"""``hitl verify`` looks at every chain of the store, whatever the settings of its own shell say."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.access import AccessMachine
from hitl.adapters.files.archive import SnapshotFiles
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.adapters.valkey.snapshotting import SnapshotPlan, make
from hitl.cli.commands import verify
from hitl.cli.commands.verify import verify_all
from hitl.errors import ChainBroken, SnapshotDamaged
from hitl.journal import GENESIS, Commit, follow
from hitl.machine.proof import prove
from hitl.machine.replay import Replica
from hitl.machine.snapshot import pack
from hitl.review.handling_events import ReviewRequeued
from tests.contracts.intake_contract import batch, record


def signed_in(account: str) -> Commit:
    event = {"type": "SignedIn", "account": account, "method": "key", "session": "s"}
    return Commit(1.0, 1, account, "r", "NoteSignIn", "1", "f", {}, [event])


def requeued(case_id: str) -> Commit:
    event = ReviewRequeued(case_id=case_id, review_id=f"{case_id}-1", task="digits", by="olga", reason="")
    return Commit(1.0, 1, "olga", "r", "Requeue", "1", "f", {}, [event])


REVIEW_BODY = requeued("a").encode()


async def test_partitions_that_the_setting_does_not_name_are_verified_too(valkey: Redis, valkey_url: str, tmp_path: Path) -> None:
    journal = ValkeyJournal(valkey, "review-2")
    await journal.append(await journal.open_epoch(), 0, [follow(GENESIS, 1, REVIEW_BODY)])
    await ValkeyIntake(valkey, 3).append(batch(record("a")))
    rows = await asyncio.to_thread(verify_all, valkey_url, 1, str(tmp_path))
    entries = {row.chain: row.entries for row in rows if row.entries}
    assert entries == {"journal of review-2": 1, "intake partition 3 (1 gateways)": 1}


@pytest.mark.parametrize("change", ["deleted", "renamed"])
async def test_a_changed_stream_of_cases_for_people_is_found(valkey: Redis, valkey_url: str, tmp_path: Path, change: str) -> None:
    await ValkeyIntake(valkey, 0).append(batch(record("a"), record("b")))
    refs = "hitl:{intake-0}:refs"
    first, *_ = await valkey.xrange(refs)
    await valkey.xdel(refs, first[0])
    if change == "renamed":
        await valkey.delete(refs)
        await valkey.xadd(refs, {"c": "other"}, id="1-0")
    with pytest.raises(ChainBroken):
        await asyncio.to_thread(verify_all, valkey_url, 1, str(tmp_path))


async def test_an_end_that_was_cut_off_is_found_by_what_the_outbox_remembers(
    valkey: Redis, valkey_url: str, tmp_path: Path
) -> None:
    journal, first = ValkeyJournal(valkey, "review-0"), follow(GENESIS, 1, REVIEW_BODY)
    last = follow(first.hash, 2, REVIEW_BODY)
    await journal.append(await journal.open_epoch(), 0, [first, last])
    await ValkeyOutbox(valkey).enqueue("review-0", 0, (2, last.hash), [])
    await asyncio.to_thread(verify_all, valkey_url, 1, str(tmp_path))
    await valkey.xdel("hitl:{review-0}:journal", "2-0")
    with pytest.raises(ChainBroken):
        await asyncio.to_thread(verify_all, valkey_url, 1, str(tmp_path))


async def test_a_snapshot_that_is_replaced_meanwhile_is_no_fault(
    valkey: Redis, valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, files = ValkeyJournal(valkey, "access"), SnapshotFiles(str(tmp_path), "access")
    first = follow(GENESIS, 1, signed_in("ann").encode())
    for seq, entry in enumerate((first, follow(first.hash, 2, signed_in("bob").encode()))):
        await journal.append(await journal.open_epoch(), seq, [entry])
        await make(SnapshotPlan("access", "hitl.access:AccessMachine", valkey_url, str(tmp_path)))
    assert await files.seqs() == [2, 1]

    async def prove_while_a_newer_one_is_made(*what: Any) -> None:
        await files.remove(1)
        await prove(*what)

    monkeypatch.setattr(verify, "prove", prove_while_a_newer_one_is_made)
    rows = await asyncio.to_thread(verify_all, valkey_url, 1, str(tmp_path))
    assert {row.chain: row.entries for row in rows if row.entries} == {"journal of access": 2}


async def test_a_snapshot_that_its_history_does_not_lead_to_is_found(valkey: Redis, valkey_url: str, tmp_path: Path) -> None:
    journal = ValkeyJournal(valkey, "access")
    await journal.append(await journal.open_epoch(), 0, [follow(GENESIS, 1, signed_in("ann").encode())])
    plan = SnapshotPlan("access", "hitl.access:AccessMachine", valkey_url, str(tmp_path))
    await make(plan)
    await asyncio.to_thread(verify_all, valkey_url, 1, str(tmp_path))
    forged = Replica(AccessMachine())
    forged.apply(1, forged.codec.write(signed_in("eve"))[1])
    forged.stand_after((await journal.read(0, 1))[0])
    await SnapshotFiles(str(tmp_path), "access").write(1, pack("access", forged, {}))
    with pytest.raises(SnapshotDamaged):
        await asyncio.to_thread(verify_all, valkey_url, 1, str(tmp_path))
