"""A reply that is lost on the network: the client tells, and sends nothing twice."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey.client import connect, store_errors
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.errors import StoreUnavailable
from tests.contracts.intake_contract import batch, record
from tests.contracts.journal_contract import chain
from tests.fakes.counter import Add, envelope
from tests.fakes.lossy_proxy import LossyProxy, lossy
from tests.machine.running import running
from tests.valkey_process import ValkeyProcess


@pytest.fixture
async def proxy(valkey: Redis, valkey_session: ValkeyProcess) -> AsyncIterator[LossyProxy]:
    async with lossy(valkey_session.port) as proxy:
        yield proxy


@pytest.fixture
async def client(proxy: LossyProxy) -> AsyncIterator[Redis]:
    client = connect(proxy.url)
    yield client
    await client.aclose()


async def test_an_append_is_sent_once(proxy: LossyProxy, client: Redis) -> None:
    journal = ValkeyJournal(client, "s")
    epoch = await journal.open_epoch()
    await journal.append(epoch, 0, chain(1))
    proxy.lose = 1
    with pytest.raises(StoreUnavailable):
        await journal.append(epoch, 1, chain(2)[1:])
    assert await journal.read(0, 10) == chain(2)


async def test_a_batch_of_cases_is_sent_once(proxy: LossyProxy, client: Redis) -> None:
    intake = ValkeyIntake(client, 0)
    await intake.append(batch(record("a"), gateway="h"))
    proxy.lose = 1
    with pytest.raises(StoreUnavailable):
        await intake.append(batch(record("b")))
    found = await intake.find("b")
    assert found is not None
    assert found.seq == 2


async def test_a_shard_settles_lost_replies_by_reading(proxy: LossyProxy, client: Redis) -> None:
    async with running(ValkeyJournal(client, "s")) as shard:
        for i in range(10):
            proxy.lose = i % 2
            assert await shard.submit(envelope(Add(1), str(i))) == {"total": i + 1}
        assert shard.seq == 10


def test_a_connection_that_uvloop_has_closed_is_a_store_that_is_away() -> None:
    with pytest.raises(StoreUnavailable), store_errors():
        raise RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed")
    with pytest.raises(RuntimeError), store_errors():
        raise RuntimeError("no running event loop")
