"""The store may be a cluster: the keys of one call share a slot, and the shards spread over the nodes."""

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.partitions import pin_partitions
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.errors import InvalidConfig
from hitl.intake.ports import Pointer
from hitl.partitioning import Partitioning
from tests.contracts.intake_contract import IntakeContract
from tests.contracts.journal_contract import JournalContract, chain
from tests.valkey_cluster import NODES, ValkeyCluster

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyCluster]:
    found = ValkeyCluster(tmp_path_factory.mktemp("cluster"))
    found.start()
    yield found
    found.kill()


@pytest.fixture
async def client(cluster: ValkeyCluster) -> AsyncIterator[Redis]:
    cluster.empty()
    found = connect(cluster.url)
    yield found
    await found.aclose()


@pytest.mark.covers("D23")
class TestJournalOverACluster(JournalContract):
    @pytest.fixture
    def journal(self, client: Redis) -> ValkeyJournal:
        return ValkeyJournal(client, "s")

    @pytest.fixture
    def rival(self, client: Redis) -> ValkeyJournal:
        return ValkeyJournal(client, "s")


@pytest.mark.covers("D23")
class TestIntakeOverACluster(IntakeContract):
    at_once = 50  # there each call has a connection of its own, since none waits

    @pytest.fixture
    def serving(self, client: Redis) -> ValkeyServing:
        return ValkeyServing(client, 1)

    @pytest.fixture
    def intake(self, client: Redis) -> ValkeyIntake:
        return ValkeyIntake(client, 0)


@pytest.mark.covers("D23")
async def test_the_shards_spread_over_the_nodes(client: Redis, cluster: ValkeyCluster) -> None:
    for each in range(12):
        journal = ValkeyJournal(client, f"review-{each}")
        await journal.append(await journal.open_epoch(), 0, chain(2))
    assert all(cluster.client(node).dbsize() for node in range(NODES))


async def test_pointers_reach_every_partition_wherever_it_is(client: Redis) -> None:
    await ValkeyServing(client, 8).publish("digits", Pointer(1, (("d", 1.0),), 1))
    found = [await client.hexists(names.serving(each), "digits") for each in range(8)]
    assert all(found)


def test_partitions_are_pinned_and_added_in_a_cluster_too(cluster: ValkeyCluster) -> None:
    cluster.empty()
    pin_partitions(cluster.url, 2)
    assert pin_partitions(cluster.url, 3) == Partitioning((2, 3))
    with pytest.raises(InvalidConfig):
        pin_partitions(cluster.url, 2)
