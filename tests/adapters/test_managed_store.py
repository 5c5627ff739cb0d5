"""The store may be somebody else's: over TLS with a user of few rights, or behind Sentinel, whose primary may change."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.ownership import ValkeyOwnership
from hitl.adapters.valkey.partitions import pin_partitions
from hitl.adapters.valkey.sentinel import _read
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.adapters.valkey.store_check import check_store, pin_installation
from hitl.errors import InvalidConfig, StoreUnavailable
from hitl.machine.ownership import Standing
from hitl.machine.writer import when_the_store_answers
from tests.contracts.intake_contract import IntakeContract
from tests.contracts.journal_contract import JournalContract, chain
from tests.managed_store import PASSWORD, SentinelStore, TlsStore, needs_redis

pytestmark = [pytest.mark.wide, needs_redis]

Store = TlsStore | SentinelStore


@pytest.fixture(scope="module", params=[TlsStore, SentinelStore], ids=["tls", "sentinel"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    found: Store = request.param(tmp_path_factory.mktemp("managed"))
    yield found
    found.kill()


@pytest.fixture
async def client(store: Store) -> AsyncIterator[Redis]:
    store.empty()
    found = connect(store.url)
    yield found
    await found.aclose()


class TestJournalOverAManagedStore(JournalContract):
    @pytest.fixture
    def journal(self, client: Redis) -> ValkeyJournal:
        return ValkeyJournal(client, "s")

    @pytest.fixture
    def rival(self, client: Redis) -> ValkeyJournal:
        return ValkeyJournal(client, "s")


class TestIntakeOverAManagedStore(IntakeContract):
    @pytest.fixture
    def serving(self, client: Redis) -> ValkeyServing:
        return ValkeyServing(client, 1)

    @pytest.fixture
    def intake(self, client: Redis) -> ValkeyIntake:
        return ValkeyIntake(client, 0)


async def test_it_is_looked_at_and_taken_before_the_start(store: Store, client: Redis) -> None:
    told = check_store(store.url, refuse=False)
    assert [why for why in told if "Sentinel" not in why] == []
    assert bool(told) == isinstance(store, SentinelStore)
    pin_installation(store.url, "ours")
    pin_partitions(store.url, 1)
    assert await ValkeyOwnership(client, "here").hold(False) is Standing.OWNS


def test_a_store_whose_failover_may_forget_is_refused_in_words(store: Store) -> None:
    if isinstance(store, TlsStore):
        assert check_store(store.url, refuse=True) == []
        return
    with pytest.raises(InvalidConfig, match=r"Sentinel.*min-replicas-to-write.*HITL_STORE_PROMISES=report"):
        check_store(store.url, refuse=True)


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[TlsStore]:
    found = TlsStore(tmp_path)
    yield found
    found.kill()


async def test_an_authority_that_nobody_named_is_not_trusted(tls: TlsStore) -> None:
    stranger = connect(tls.url.partition("?")[0])
    with pytest.raises(StoreUnavailable, match="certificate verify failed"):
        await ValkeyJournal(stranger, "s").open_epoch()
    await stranger.aclose()


async def test_the_user_of_the_service_cannot_harm_the_server(tls: TlsStore) -> None:
    async with connect(tls.url) as ours:
        for words in (["FLUSHALL"], ["SHUTDOWN"], ["CONFIG", "SET", "appendonly", "no"], ["SET", "another", "key"]):
            with pytest.raises(Exception, match=r"(?i)permission"):
                await ours.execute_command(*words)


async def test_what_was_acknowledged_is_there_after_a_failover(tmp_path: Path) -> None:
    store = SentinelStore(tmp_path)
    try:
        async with connect(store.url) as client:
            journal, entries = ValkeyJournal(client, "s"), chain(4)
            epoch = await journal.open_epoch()
            await journal.append(epoch, 0, entries[:2])
            store.lose_the_primary()
            # As a shard's writer does: the old connection is lost with the old primary, and the sentinel needs its time.
            assert await when_the_store_answers(lambda: journal.read(0, 10)) == entries[:2]
            await journal.append(epoch, 2, entries[2:])
            assert await journal.read(0, 10) == entries
    finally:
        store.kill()


def test_a_url_names_sentinels_primary_user_and_tls() -> None:
    url = "rediss+sentinel://hitl:p%40w@a:1,b/main/2?sentinel_password=other&ssl_ca_certs=/ca.pem"
    hosts, name, own, options = _read(url)
    assert (hosts, name) == ([("a", 1), ("b", 26_379)], "main")
    assert own == {"password": "other", "ssl": True, "ssl_ca_certs": "/ca.pem"}
    assert options == {"username": "hitl", "password": "p@w", "db": 2, "ssl": True, "ssl_ca_certs": "/ca.pem"}


def test_a_url_without_the_name_of_the_primary_is_refused() -> None:
    with pytest.raises(InvalidConfig, match="NAME"):
        connect(f"redis+sentinel://:{PASSWORD}@a:1/")
