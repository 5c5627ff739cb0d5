"""``hitl verify`` looks at every chain of the store, whatever the settings of its own shell say."""

import asyncio

from redis.asyncio import Redis

from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.cli.verify import verify_all
from hitl.journal import GENESIS, follow
from tests.contracts.intake_contract import batch, record


async def test_partitions_that_the_setting_does_not_name_are_verified_too(valkey: Redis, valkey_url: str) -> None:
    journal = ValkeyJournal(valkey, "review-2")
    await journal.append(await journal.open_epoch(), 0, [follow(GENESIS, 1, b"{}")])
    await ValkeyIntake(valkey, 3).append(batch(record("a")))
    rows = await asyncio.to_thread(verify_all, valkey_url, 1)
    entries = {row.chain: row.entries for row in rows if row.entries}
    assert entries == {"journal of review-2": 1, "intake partition 3 (1 gateways)": 1}
