"""The intake in a real store keeps the contract, finds changed records, and leaves room for decisions."""

from collections.abc import Callable

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey import client as store
from hitl.adapters.valkey import names
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.errors import ChainBroken, StoreUnavailable
from hitl.intake.chains import verify_intake
from tests.contracts.intake_contract import POINTER, IntakeContract, batch, payload_of, record


async def rewrite(valkey: Redis, stream: str, change: Callable[[dict[bytes, bytes]], dict[bytes, bytes]]) -> None:
    """The stream anew under the same ids, each entry's fields changed."""
    entries = await valkey.xrange(stream)
    await valkey.delete(stream)
    for name, fields in entries:
        await valkey.xadd(stream, change(fields), id=name)


class TestValkeyIntake(IntakeContract):
    @pytest.fixture
    def serving(self, valkey: Redis) -> ValkeyServing:
        return ValkeyServing(valkey, 3)

    @pytest.fixture
    def intake(self, valkey: Redis) -> ValkeyIntake:
        return ValkeyIntake(valkey, 2)

    async def test_a_pointer_stands_in_every_partition(self, serving: ValkeyServing, valkey: Redis) -> None:
        await serving.publish("digits", POINTER)
        stored = {await valkey.hget(names.serving(p), "digits") for p in range(3)}
        assert len(stored) == 1
        assert b'"journal_seq":7' in stored.pop()

    async def test_a_record_taken_out_by_hand_is_found(self, intake: ValkeyIntake, valkey: Redis) -> None:
        await intake.append(batch(record("a"), record("b"), record("c")))
        await valkey.xdel(names.cases(2), "2-0")
        with pytest.raises(ChainBroken):
            await verify_intake("intake-2", intake)

    async def test_the_last_record_of_a_gateway_taken_out_by_hand_is_found(self, intake: ValkeyIntake, valkey: Redis) -> None:
        await intake.append(batch(record("a"), record("b")))
        await intake.append(batch(record("c"), gateway="h"))
        await valkey.xdel(names.cases(2), "2-0")
        with pytest.raises(ChainBroken) as broken:
            await verify_intake("intake-2", intake)
        assert broken.value.seq == 2

    async def test_an_input_that_was_changed_by_hand_is_found(self, intake: ValkeyIntake, valkey: Redis) -> None:
        await intake.append(batch(record("a"), record("b")))
        await rewrite(valkey, names.cases(2), lambda fields: fields | {b"p": payload_of("b")})
        with pytest.raises(ChainBroken) as broken:
            await verify_intake("intake-2", intake)
        assert broken.value.seq == 1

    async def test_an_erased_input_leaves_the_history_whole(self, intake: ValkeyIntake, valkey: Redis) -> None:
        await intake.append(batch(record("a"), record("b")))
        await rewrite(valkey, names.cases(2), lambda fields: {name: fields[name] for name in fields if name != b"p"})
        assert (await verify_intake("intake-2", intake))[0] == 2

    async def test_a_trimmed_beginning_is_no_break(self, intake: ValkeyIntake, valkey: Redis) -> None:
        await intake.append(batch(record("a"), record("b"), record("c")))
        await valkey.xtrim(names.cases(2), minid="2-0", approximate=False)
        assert (await verify_intake("intake-2", intake))[0] == 2

    async def test_new_cases_wait_while_the_store_is_nearly_full(self, valkey: Redis) -> None:
        used = (await valkey.info("memory"))["used_memory"]
        await valkey.config_set("maxmemory", int(used * 1.2))
        try:
            with pytest.raises(StoreUnavailable, match="memory"):
                await ValkeyIntake(valkey, 0).append(batch(record("a")))
        finally:
            await valkey.config_set("maxmemory", 0)

    async def test_a_lost_counter_overwrites_nothing(self, intake: ValkeyIntake, valkey: Redis) -> None:
        await intake.append(batch(record("a")))
        await valkey.delete(names.case_seq(2))
        with pytest.raises(StoreUnavailable):
            await intake.append(batch(record("b")))
        assert (await intake.find("a")).seq == 1
        assert await intake.find("b") is None


async def test_a_connection_that_does_not_become_free_is_a_store_that_is_away(
    valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "FREE_WITHIN_S", 0.01)
    client = store.connect(valkey_url, connections=1)
    intake = ValkeyIntake(client, 0)
    held = await client.connection_pool.get_connection()  # type: ignore[no-untyped-call]
    with pytest.raises(StoreUnavailable, match="No connection available"):
        await intake.find("a")
    await client.connection_pool.release(held)
    assert await intake.find("a") is None
    await client.aclose()
