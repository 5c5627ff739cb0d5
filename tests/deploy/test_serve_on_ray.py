"""The RayService's own configuration and environment on a Ray of three nodes: the commands of its pods, on machines of their own.
Then its rollout under load: changed settings reach every part, and nothing acknowledged is lost or doubled."""

import asyncio
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from tests.deploy.figures import note
from tests.deploy.machines import needs_machines
from tests.deploy.pods import WORKERS, Pods, pods
from tests.faults.check import double_leases
from tests.load import Told, check, commits_of, under_load
from tests.running import candidate, deploy, until

pytestmark = [pytest.mark.wide, needs_machines]

METRICS_WITHIN_S = 90.0
TOLD = (
    "ray_hitl_cases_total",
    "ray_hitl_decision_seconds_bucket",
    "ray_hitl_journal_commits_total",
    "ray_hitl_queue_depth",
    "ray_hitl_shard_serving",
    "ray_hitl_commands_waiting",
)
"""One of each kind, of gateway, shard and keeper."""

CHANGED = {"review_timeout_hours": 12.0}
"""Of the arguments: one that shards are made with."""


KEEPERS = 2
"""The old one, which may start a shard that the new one has just ended, and the new one."""


@dataclass
class Story:
    told: Told = field(default_factory=Told)
    builds: list[dict[str, str]] = field(default_factory=list)
    epochs: list[dict[str, int]] = field(default_factory=list)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pods]:
    folder = tmp_path_factory.mktemp("p")
    before = time.monotonic()
    with pods(folder) as found:
        found.deploy({})
        found.until_ready()
        note("RayService on three nodes", {"ready_s": time.monotonic() - before})
        yield found
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def story(cluster: Pods) -> Story:
    """A model serves, and the configuration is deployed again with another setting."""
    story = Story()
    deploy(cluster, candidate(cluster))
    _look(cluster, story)
    asyncio.run(under_load(cluster, story.told, "rollout", lambda: _roll_out(cluster, story), before_s=5, after_s=5))
    _look(cluster, story)
    return story


def _roll_out(cluster: Pods, story: Story) -> None:
    before = time.monotonic()
    cluster.deploy(CHANGED)
    until(lambda: set(_builds(cluster).values()).isdisjoint(story.builds[0].values()), 240)
    cluster.until_ready()
    note("rollout of changed settings", {"until_everywhere_s": time.monotonic() - before})


def _look(cluster: Pods, story: Story) -> None:
    story.builds.append(_builds(cluster))
    with cluster.as_("operator") as operator:
        story.epochs.append({row["shard"]: row["epoch"] for row in operator.journal()["shards"]})


def _builds(cluster: Pods) -> dict[str, str]:
    """What each shard that answers is made of."""
    with cluster.as_("operator") as operator:
        rows = operator.journal()["shards"]
    return {row["shard"]: str(row.get("build")) for row in rows}


@pytest.mark.covers("003-79")
def test_every_worker_serves_what_the_manifests_say(cluster: Pods) -> None:
    for number, name in enumerate(WORKERS):
        url = f"http://{cluster.machines[name].address}:8000"
        headers = {"Authorization": f"Bearer {cluster.keys['client']}", "Idempotency-Key": f"first-{number}"}
        asked = httpx2.post(f"{url}/v1/tasks/digits/decisions", json={"features": [0] * 64}, headers=headers, timeout=60)
        assert asked.status_code == 202, asked.text


def test_the_head_holds_nothing_that_answers(cluster: Pods) -> None:
    listed = "import psutil; print([p.info['name'] for p in psutil.process_iter(['name'])])"
    for name, holds in (("head", False), *((worker, True) for worker in WORKERS)):
        told = cluster.machines[name].beside(cluster.processes_of[name], ["python", "-c", listed], {})
        assert ("ServeReplica" in told or "ShardActor" in told) == holds, told


def test_the_archive_lies_in_the_shared_volume(cluster: Pods) -> None:
    until(lambda: any((cluster.shared / "archive").rglob("*")), 60)


def test_each_nodes_port_tells_what_the_rules_know(cluster: Pods) -> None:
    deadline, told = time.monotonic() + METRICS_WITHIN_S, ""
    while not all(f"\n{name}{{" in told for name in TOLD):
        assert time.monotonic() < deadline, [name for name in TOLD if f"\n{name}{{" not in told]
        time.sleep(1)
        told = "\n".join(httpx2.get(f"http://{cluster.machines[name].address}:8080/metrics", timeout=10).text for name in WORKERS)


def test_the_operators_probes_find_what_they_look_for(cluster: Pods) -> None:
    """KubeRay's probe of a worker asks its proxy; wget is in the image."""
    for name in WORKERS:
        probe = ["wget", "--tries", "1", "-q", "-O-", "http://localhost:8000/-/healthz"]
        assert cluster.machines[name].run(probe).strip() == "success"


def test_a_rollout_loses_and_doubles_nothing(cluster: Pods, story: Story) -> None:
    counts = check(cluster, story.told)
    assert counts["acknowledged"] > 0
    assert (counts["lost"], counts["doubled"], counts["changed"]) == (0, 0, 0)
    assert double_leases(commits_of(cluster, "review-0")) == 0


def test_a_rollout_reaches_every_shard_and_ends(story: Story) -> None:
    """Two keepers live beside each other for a moment: they do not go on replacing what the other one made."""
    before, after = story.epochs
    assert all(before[shard] < epoch <= before[shard] + KEEPERS for shard, epoch in after.items()), (before, after)
    (build,) = set(story.builds[1].values())
    assert build not in story.builds[0].values()


def test_the_secrets_are_in_no_log(cluster: Pods) -> None:
    logs = [file.read_text(errors="replace") for file in Path(cluster.folder).glob("*.log")]
    password = cluster.state.redis_url.split(":")[2].split("@")[0]
    assert logs
    assert not any(password in log for log in logs)
