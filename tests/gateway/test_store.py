"""The gateway over a real store: keys, intake and pointers in Valkey."""

import asyncio
import os

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey.identities import ValkeyKeys
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.errors import StoreUnavailable
from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.intake.chains import verify_intake
from tests.gateway.service import FIRST, NOW, SECOND, Service

SURE = [0.97, 0.02, 0.01]


@pytest.fixture
async def service(valkey: Redis) -> Service:
    """Two partitions in one store."""
    service = Service(
        serving=ValkeyServing(valkey, 2),
        journal=ValkeyJournal(valkey, "approval"),
        intakes=[ValkeyIntake(valkey, partition) for partition in range(2)],
        keys=ValkeyKeys(valkey),
    )
    await service.keys.put(service.client)
    return service


async def test_cases_are_decided_swapped_and_chained_in_a_real_store(service: Service) -> None:
    waiting = await asyncio.gather(*(service.decide(SURE, f"a{i}") for i in range(40)))
    await service.deploy((FIRST, 1.0))
    decided = await asyncio.gather(*(service.decide(SURE, f"b{i}") for i in range(40)))
    await service.deploy((SECOND, 1.0))
    swapped = await service.decide(SURE, "c")
    again = await service.decide(SURE, "a0")
    assert [reply.status_code for reply in (*waiting, *decided)] == [202] * 40 + [200] * 40
    assert (swapped.json()["model_version"], again.content) == (SECOND, waiting[0].content)
    assert sum([(await verify_intake("intake", intake))[0] for intake in service.intakes]) == 81


async def test_keys_in_the_store_are_put_listed_and_removed(valkey: Redis) -> None:
    keys = ValkeyKeys(valkey)
    _, record = issue(Principal("ada", frozenset({Role.CLIENT, Role.OPERATOR}), frozenset({"loans"})), NOW, os.urandom)
    await keys.put(record)
    assert await keys.all() == [record]
    assert [await keys.remove(record.key_id), await keys.remove(record.key_id), await keys.all()] == [True, False, []]


async def test_the_secret_of_case_ids_is_made_once(valkey: Redis) -> None:
    first, second = await asyncio.gather(ValkeyKeys(valkey).case_secret(), ValkeyKeys(valkey).case_secret())
    assert first == second == await ValkeyKeys(valkey).case_secret()
    assert len(first) == 32


async def test_keys_of_a_store_that_is_away_say_so() -> None:
    away = ValkeyKeys(Redis.from_url("redis://127.0.0.1:1/0"))
    with pytest.raises(StoreUnavailable):
        await away.all()
