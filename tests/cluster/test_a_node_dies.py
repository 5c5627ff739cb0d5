"""One of two nodes is lost under load: nothing acknowledged is lost or doubled, and the other node takes everything over."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from hitl.cli.commands.verify import verify_all
from hitl.client.calls import HttpCall
from hitl.machine.shards import LEARNING, actor_of, all_shards, review_shards
from tests.cluster.two_nodes import GATEWAYS, PARTITIONS, PREDICTORS, REVIEWS, TwoNodes, two_nodes
from tests.faults.check import double_leases, without_quorum
from tests.load import Told, check, commits_of, under_load
from tests.running import candidate, deploy, request, serving, until, vote

pytestmark = [pytest.mark.slow, pytest.mark.service]

RECOVERED_WITHIN_S = 300.0
REPLICA = "ServeReplica:"
KEEPER, SENDERS = 1, 4
SHARDS = all_shards(PARTITIONS)
WRITTEN = {*SHARDS} - {LEARNING}
"""The shards that the story writes to: every actor runs one of them."""


@dataclass
class Story:
    """What was told, and where everything lived ``before`` the loss; ``archived`` are the entries of each shard's newest
    snapshot then."""

    told: Told = field(default_factory=Told)
    before: list[dict[str, Any]] = field(default_factory=list)
    epochs: dict[str, int] = field(default_factory=dict)
    first: str = ""
    second: str = ""
    unapproved: str = ""
    archived: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoNodes]:
    with two_nodes(tmp_path_factory.mktemp("nodes")) as found:
        yield found


@pytest.fixture(scope="module")
def story(nodes: TwoNodes) -> Story:
    """Load, a promotion with its quorum and one without, and in the middle of it the loss of node 1."""
    told = Story(first=candidate(nodes, 0.51), second=candidate(nodes, 0.52), unapproved=candidate(nodes, 0.53))
    deploy(nodes, told.first)
    _send(nodes, "client", "interactions", {"pattern": "review_and_approve", "config": {"assignees": ["ada"]}, "data": {}})
    _send(nodes, "root", "accounts/ada/keys", {})
    told.before, told.epochs = nodes.tell("where"), _epochs(nodes)
    asyncio.run(under_load(nodes, told.told, "loss", lambda: _lose_a_node(nodes, told), before_s=8, after_s=10))
    until(lambda: is_whole(nodes), RECOVERED_WITHIN_S)
    asyncio.run(under_load(nodes, told.told, "after", lambda: None, before_s=1, after_s=3))
    return told


def _send(nodes: TwoNodes, account: str, path: str, body: dict[str, Any]) -> None:
    with nodes.as_(account) as client:
        client.send(HttpCall("POST", f"/v1/{path}", body, key=path))


def _lose_a_node(nodes: TwoNodes, story: Story) -> None:
    vote(nodes, request(nodes, story.unapproved), story.unapproved, "kim")
    approval = request(nodes, story.second)
    vote(nodes, approval, story.second, "kim")
    until(lambda: _archived(nodes).keys() >= WRITTEN)
    story.archived = _archived(nodes)
    assert nodes.tell("remove")
    vote(nodes, approval, story.second, "lee")


def _archived(nodes: TwoNodes) -> dict[str, int]:
    """The entries that the newest snapshot of each shard holds."""
    files = sorted((nodes.place.data_dir / "archive" / "snapshots").glob("*/*.gz"))
    return {file.parent.name: int(file.stem) for file in files}


def _epochs(nodes: TwoNodes) -> dict[str, int]:
    with nodes.as_("operator") as operator:
        return {row["shard"]: row["epoch"] for row in operator.journal()["shards"]}


def is_whole(nodes: TwoNodes) -> bool:
    """Whether everything lives on node 0, and says that it can answer."""
    living = [actor for actor in nodes.tell("where") if actor["node"] == 0]
    replicas = sum(actor["class"].startswith(REPLICA) for actor in living)
    actors = {actor["name"] for actor in living if actor["class"] == "ShardActor"}
    wanted = (GATEWAYS + PREDICTORS + REVIEWS + KEEPER, {actor_of(shard) for shard in SHARDS})
    return (replicas, actors) == wanted and _is_ready(nodes)


def _is_ready(nodes: TwoNodes) -> bool:
    try:
        return httpx2.get(f"{nodes.url}/ready", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


def _lost(story: Story) -> set[str]:
    """The shards whose actors lived on node 1."""
    actors = {actor["name"] for actor in story.before if actor["node"] == 1 and actor["class"] == "ShardActor"}
    return {shard for shard in SHARDS if actor_of(shard) in actors}


@pytest.mark.covers("D23")
def test_gateways_predictors_reviews_and_shards_live_on_both_nodes(story: Story) -> None:
    where = {node: [actor["class"] for actor in story.before if actor["node"] == node] for node in (0, 1)}
    for node in where.values():
        assert "ServeReplica:gateway:Gateway" in node
        assert "ServeReplica:gateway:Predictor" in node
        assert "ServeReplica:review:Review" in node
        assert "ShardActor" in node


def test_the_loss_loses_and_doubles_nothing(nodes: TwoNodes, story: Story) -> None:
    counts = check(nodes, story.told, PARTITIONS)
    assert counts["acknowledged"] > 0
    assert (counts["lost"], counts["doubled"], counts["changed"]) == (0, 0, 0)


def test_nobody_held_a_lease_that_another_held(nodes: TwoNodes, story: Story) -> None:
    assert sum(double_leases(commits_of(nodes, shard)) for shard in review_shards(PARTITIONS)) == 0


def test_only_what_a_quorum_approved_served(nodes: TwoNodes, story: Story) -> None:
    until(lambda: serving(nodes) == [story.second])
    predicted = [answer for answer in story.told.cases.values() if answer["model_version"]]
    assert without_quorum(commits_of(nodes, "approval")) == 0
    assert {answer["model_version"] for answer in predicted} <= {story.first, story.second}
    assert len(story.told.cases) - len(predicted) <= SENDERS  # at most what was under way when the predictor died


def test_the_shards_that_were_lost_came_back_on_the_other_node(nodes: TwoNodes, story: Story) -> None:
    lost, after = _lost(story), _epochs(nodes)
    assert lost
    assert {actor_of(shard) for shard in lost} <= set(nodes.on(0, "ShardActor"))
    assert all(after[shard] > story.epochs[shard] for shard in lost)


def test_they_came_back_from_snapshots_that_the_other_node_wrote(nodes: TwoNodes, story: Story) -> None:
    came = {name: story.archived[name] for name in _lost(story) & story.archived.keys()}
    assert came
    assert all(_archived(nodes)[name] >= entries for name, entries in came.items())
    verify_all(nodes.state.redis_url, PARTITIONS, str(nodes.place.data_dir / "archive"))


def test_decisions_go_on_with_every_replica_on_the_node_that_is_left(nodes: TwoNodes, story: Story) -> None:
    assert is_whole(nodes)
    assert any(key.startswith("after") for key in story.told.cases)
