"""``hitl verify`` looks at every chain of the store, whatever the settings of its own shell say."""

import asyncio

import pytest
from redis.asyncio import Redis

from hitl.adapters.outbox_store import ValkeyOutbox
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.cli.verify import verify_all
from hitl.errors import ChainBroken
from hitl.journal import GENESIS, follow
from tests.contracts.intake_contract import batch, record


async def test_partitions_that_the_setting_does_not_name_are_verified_too(valkey: Redis, valkey_url: str) -> None:
    journal = ValkeyJournal(valkey, "review-2")
    await journal.append(await journal.open_epoch(), 0, [follow(GENESIS, 1, b"{}")])
    await ValkeyIntake(valkey, 3).append(batch(record("a")))
    rows = await asyncio.to_thread(verify_all, valkey_url, 1)
    entries = {row.chain: row.entries for row in rows if row.entries}
    assert entries == {"journal of review-2": 1, "intake partition 3 (1 gateways)": 1}


@pytest.mark.parametrize("change", ["deleted", "renamed"])
async def test_a_changed_stream_of_cases_for_people_is_found(valkey: Redis, valkey_url: str, change: str) -> None:
    await ValkeyIntake(valkey, 0).append(batch(record("a"), record("b")))
    refs = "hitl:{intake-0}:refs"
    first, *_ = await valkey.xrange(refs)
    await valkey.xdel(refs, first[0])
    if change == "renamed":
        await valkey.delete(refs)
        await valkey.xadd(refs, {"c": "other"}, id="1-0")
    with pytest.raises(ChainBroken):
        await asyncio.to_thread(verify_all, valkey_url, 1)


async def test_an_end_that_was_cut_off_is_found_by_what_the_outbox_remembers(valkey: Redis, valkey_url: str) -> None:
    journal, first = ValkeyJournal(valkey, "review-0"), follow(GENESIS, 1, b"{}")
    last = follow(first.hash, 2, b"{}")
    await journal.append(await journal.open_epoch(), 0, [first, last])
    await ValkeyOutbox(valkey).enqueue("review-0", 0, (2, last.hash), [])
    await asyncio.to_thread(verify_all, valkey_url, 1)
    await valkey.xdel("hitl:{review-0}:journal", "2-0")
    with pytest.raises(ChainBroken):
        await asyncio.to_thread(verify_all, valkey_url, 1)
