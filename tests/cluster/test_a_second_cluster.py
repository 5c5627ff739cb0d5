"""A second cluster of the same installation, as KubeRay starts one in an upgrade: it is healthy, takes over from the first once
it is whole, and when it goes, the first is back. All under load, and nothing acknowledged is lost or doubled."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hitl.cli.commands.verify import verify_all
from tests.cluster.two_clusters import Installation, Watched, installation, watching
from tests.deploy.figures import note
from tests.faults.check import double_leases
from tests.load import Told, check, commits_of, under_load
from tests.running import candidate, deploy, until

pytestmark = [pytest.mark.slow, pytest.mark.service]

OLD, NEW = "old", "new"
WITHIN_S = 300.0
"""How long a takeover that never comes is waited for."""


@dataclass
class Story:
    told: Told = field(default_factory=Told)
    epochs: list[dict[str, int]] = field(default_factory=list)
    """Of every shard: with the old cluster alone, under the new one, and under the old one again."""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("c")) as found:
        yield found


@pytest.fixture(scope="module")
def story(installed: Installation) -> Story:
    """An upgrade under load, and the way back."""
    story, old, new = Story(), installed.ports_of(OLD).http, installed.ports_of(NEW).http
    with installed.cluster(OLD), ExitStack() as second, watching(old, new) as watched:
        installed.balancer.turn_to([("127.0.0.1", old)])
        until(lambda: bool(watched.ready[old]), WITHIN_S)
        deploy(installed, candidate(installed))
        story.epochs.append(_epochs(installed))
        asyncio.run(under_load(installed, story.told, "upgrade", lambda: _upgrade(installed, second, watched), 3, 5))
        story.epochs.append(_epochs(installed))
        asyncio.run(under_load(installed, story.told, "back", lambda: _go_back(installed, second, watched), 1, 5))
        story.epochs.append(_epochs(installed))
    return story


def _upgrade(installed: Installation, second: ExitStack, watched: Watched) -> None:
    """The new cluster's applications run, and the service is turned to it: in this order, as the operator does."""
    old, new = installed.ports_of(OLD).http, installed.ports_of(NEW).http
    second.enter_context(installed.cluster(NEW))
    installed.balancer.turn_to([("127.0.0.1", new)])
    until(lambda: bool(watched.ready[new]), WITHIN_S)
    note("a newer cluster takes over", {"nobody_ready_s": watched.gap_s(old, new)})


def _go_back(installed: Installation, second: ExitStack, watched: Watched) -> None:
    """The new cluster ends without a word; the old one still stands by."""
    old, new = installed.ports_of(OLD).http, installed.ports_of(NEW).http
    watched.ready[old].clear()
    installed.balancer.turn_to([("127.0.0.1", old)])
    second.close()
    until(lambda: bool(watched.ready[old]), WITHIN_S)
    note("an older cluster is back", {"nobody_ready_s": watched.gap_s(new, old)})


def _epochs(installed: Installation) -> dict[str, int]:
    with installed.as_("operator") as operator:
        return {row["shard"]: row["epoch"] for row in operator.journal()["shards"]}


def test_nothing_is_lost_or_doubled(installed: Installation, story: Story) -> None:
    counts = check(installed, story.told)
    assert counts["acknowledged"] > 0
    assert (counts["lost"], counts["doubled"], counts["changed"]) == (0, 0, 0)
    assert {key.split("-")[0] for key in story.told.cases} == {"upgrade", "back"}


def test_each_shard_changes_hands_once_each_time(story: Story) -> None:
    """Two clusters that took shards from each other would count up for as long as both are there."""
    alone, upgraded, back = story.epochs
    assert {shard: epoch + 1 for shard, epoch in alone.items()} == upgraded
    assert {shard: epoch + 1 for shard, epoch in upgraded.items()} == back


def test_nobody_held_a_lease_that_another_held(installed: Installation, story: Story) -> None:
    assert double_leases(commits_of(installed, "review-0")) == 0


def test_every_chain_holds(installed: Installation, story: Story) -> None:
    verify_all(installed.state.redis_url, 1, str(Path(installed.place.data_dir) / "archive"))
