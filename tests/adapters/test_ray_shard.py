"""Shards as real Ray actors over a real store: a crash loses nothing, a fenced one leaves and stays away."""

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import ray
from redis.asyncio import Redis

from hitl.adapters.files.archive import AnchorFile, SnapshotFiles
from hitl.adapters.ray.shard_spec import Retention
from hitl.adapters.ray.shards import (
    NAMESPACE,
    RayShards,
    ShardSpec,
    access_spec,
    approval_spec,
    ensure_shards,
    review_spec,
    workflow_spec,
)
from hitl.adapters.valkey import names
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.ownership import ValkeyOwnership
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.approval import Deploy, RequestApproval, Vote
from hitl.errors import Forbidden, JournalRegressed, NotFound, Recovering, StaleLease, Unavailable
from hitl.intake.ports import Pointer
from hitl.journal import Commit
from hitl.machine.shards import CONTROL, PlainState, actor_of
from hitl.review import Claim, Decide, OutcomeOf
from hitl.tasks.load import load_tasks
from hitl.workflow.questions import InteractionOf
from serve_app.reconcilers.guard import ShardGuard
from serve_app.reconcilers.ray_host import RayHost
from tests.contracts.intake_contract import batch, record
from tests.fakes.counter import Add, CounterMachine, Refuse, Total, envelope
from tests.fakes.workflows import CLIENT, opens

SHARDS = RayShards()
TASKS = load_tasks(Path("configs/tasks").glob("*.yaml"))


@pytest.fixture(scope="module")
def ray_here() -> Iterator[None]:
    folder = tempfile.mkdtemp(prefix="hr", dir="/tmp")  # unix sockets: the path must be short
    ray.init(address="local", namespace=NAMESPACE, num_cpus=1, include_dashboard=False, log_to_driver=False, _temp_dir=folder)
    yield
    ray.shutdown()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def shards(ray_here: None) -> AsyncIterator[Callable[[ShardSpec], Awaitable[str]]]:
    """Makes shards that serve; they are gone after the test."""
    made: set[str] = set()

    async def make(spec: ShardSpec) -> str:
        made.add(actor_of(spec.shard))
        await again(lambda: _ensured(spec))
        return spec.shard

    yield make
    for name in made:
        ray.kill(ray.get_actor(name, NAMESPACE), no_restart=True)


async def _ensured(spec: ShardSpec) -> Any:
    """The actor of the test before may still be on its way out."""
    ensure_shards([spec])
    return await SHARDS.plain(spec.shard)


async def again(call: Callable[[], Awaitable[dict[str, Any]]], timeout_s: float = 90.0) -> dict[str, Any]:
    """As a client does: repeat while the service says that it passes."""
    until = time.monotonic() + timeout_s
    while True:
        try:
            return await call()
        except Unavailable:
            assert time.monotonic() < until
            await asyncio.sleep(0.05)


def custom(url: str) -> ShardSpec:
    return ShardSpec("custom", "counter", url, machine=CounterMachine)


async def test_a_killed_shard_recovers_and_every_command_took_effect_once(shards: Any, valkey_url: str) -> None:
    name = await shards(custom(valkey_url))
    status, answers = await SHARDS.status(name), list[int]()

    async def add(keys: range) -> None:
        for key in keys:
            answer = await again(lambda key=key: SHARDS.submit(name, envelope(Add(1), str(key))))
            answers.append(answer["total"])
            if len(answers) == 50:  # each of the others waits for an answer
                os.kill(status["pid"], signal.SIGKILL)

    await asyncio.gather(*(add(range(first, 200, 8)) for first in range(8)))
    assert sorted(answers) == list(range(1, 201))
    assert (await SHARDS.plain(name))["state"]["total"] == 200
    after = await SHARDS.status(name)
    assert (after["seq"], after["epoch"]) == (200, status["epoch"] + 1)


@pytest.mark.slow
async def test_a_shard_comes_back_from_its_snapshot_and_not_from_less_than_was_noted(
    shards: Any, valkey: Redis, valkey_url: str, tmp_path: Path
) -> None:
    spec = replace(custom(valkey_url), keeping=Retention(str(tmp_path), 50))
    name, files = await shards(spec), SnapshotFiles(str(tmp_path), "counter")
    for part in range(3):
        await asyncio.gather(*(SHARDS.submit(name, envelope(Add(1), f"{part}-{i}")) for i in range(60)))
        await _made(files, part + 1)
    await _trimmed(valkey, 130)
    os.kill((await SHARDS.status(name))["pid"], signal.SIGKILL)
    assert (await again(lambda: SHARDS.ask(name, Total())))["total"] == 180
    assert (await SHARDS.status(name))["troubles"] == {}
    status = await SHARDS.status(name)
    await _noted(tmp_path, 180)
    await valkey.xdel("hitl:{counter}:journal", "180-0")
    os.kill(status["pid"], signal.SIGKILL)
    with pytest.raises(JournalRegressed):
        await again_unless(JournalRegressed, lambda: SHARDS.submit(name, envelope(Add(1), "after")))
    assert (await SHARDS.status(name))["phase"] == "journal-regressed"


async def _made(files: SnapshotFiles, count: int) -> None:
    """So many snapshots, or the two that are kept."""
    async with asyncio.timeout(60):
        while len(await files.seqs()) < min(count, 2):  # noqa: ASYNC110 - files tell of no change
            await asyncio.sleep(0.1)


async def _noted(folder: Path, seq: int) -> None:
    """The anchor, which is written every second, has seen entry ``seq``."""
    anchor = AnchorFile(str(folder), "counter")
    async with asyncio.timeout(60):
        while (await anchor.read() or (0, ""))[0] < seq:  # noqa: ASYNC110 - files tell of no change
            await asyncio.sleep(0.1)


async def _trimmed(valkey: Redis, below: int) -> None:
    """What the older snapshot holds has left the store, some time after the newer one was written."""
    async with asyncio.timeout(60):
        while await valkey.xlen("hitl:{counter}:journal") >= below:  # noqa: ASYNC110 - the store tells of no change
            await asyncio.sleep(0.1)


async def again_unless(final: type[Exception], call: Callable[[], Awaitable[dict[str, Any]]]) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                answer = await call()
            except final:
                raise
            except Unavailable:
                await asyncio.sleep(0.1)
            else:
                raise AssertionError(f"expected {final.__name__}, was answered {answer}")


async def test_a_fenced_shard_leaves_and_does_not_come_back(shards: Any, valkey: Redis, valkey_url: str) -> None:
    name = await shards(custom(valkey_url))
    await SHARDS.submit(name, envelope(Add(1), "1"))
    polling = asyncio.create_task(SHARDS.wait(name, "c", Total(), 30.0))
    epoch = await ValkeyJournal(valkey, name).open_epoch()
    with pytest.raises(Recovering):
        await SHARDS.submit(name, envelope(Add(1), "2"))
    with pytest.raises(Recovering):
        await polling
    await _gone(name)
    await asyncio.sleep(1.5)
    await _gone(name)
    assert (await shards(custom(valkey_url)), (await SHARDS.status(name))["epoch"]) == (name, epoch + 1)
    assert (await SHARDS.submit(name, envelope(Add(1), "2"))) == {"total": 2}


async def test_refusals_arrive_as_themselves(shards: Any, valkey_url: str) -> None:
    name = await shards(custom(valkey_url))
    with pytest.raises(Forbidden) as refused:
        await SHARDS.submit(name, envelope(Refuse(), "1"))
    assert refused.value.principal == "anybody"
    assert type(refused.value) is Forbidden


async def test_a_shard_that_nobody_runs_is_recovering(ray_here: None) -> None:
    with pytest.raises(Recovering):
        await SHARDS.ask("nobody", Total())


async def test_shards_of_one_actor_are_apart_until_one_of_them_is_fenced(
    shards: Callable[[ShardSpec], Awaitable[str]], valkey: Redis, valkey_url: str
) -> None:
    specs = [workflow_spec(valkey_url), approval_spec(valkey_url, 1), access_spec(valkey_url)]
    await again(lambda: _workflows_of(specs))
    for spec in specs:
        assert await shards(spec) == spec.shard
    before = {each["shard"]: each for each in await SHARDS.statuses(CONTROL)}
    assert before.keys() == {"workflow", "approval", "access"}
    assert len({each["pid"] for each in before.values()}) == 1
    await SHARDS.submit("workflow", envelope(opens("time_based_decision", decision_timeout=60), "1"))
    after = {each["shard"]: each["seq"] for each in await SHARDS.statuses(CONTROL)}
    assert after == {shard: each["seq"] + (shard == "workflow") for shard, each in before.items()}
    with pytest.raises(Recovering, match="learning"):
        await SHARDS.ask("learning", Total())
    waiting = asyncio.create_task(SHARDS.wait("workflow", "i", InteractionOf("i", CLIENT), 60.0))
    await asyncio.sleep(0.2)
    await ValkeyJournal(valkey, "approval").open_epoch()
    await _gone(CONTROL)
    with pytest.raises(Recovering):
        await waiting
    await again(lambda: _workflows_of(specs))  # the fixture ends it


async def _workflows_of(specs: list[ShardSpec]) -> PlainState:
    ensure_shards(specs)
    return await SHARDS.plain("workflow")


class OldActor:
    """A shard's actor of a version before: its methods take no shard."""

    def status(self) -> dict[str, str]:
        return {"shard": "review-0", "phase": "serving", "build": "of yesterday"}


async def test_actors_of_the_versions_before_are_replaced(shards: Callable[[ShardSpec], Awaitable[str]], valkey_url: str) -> None:
    specs = [replace(review_spec(valkey_url, 0, TASKS, 86_400.0), build="b"), replace(workflow_spec(valkey_url), build="b")]
    for spec in specs:
        ray.remote(OldActor).options(name=spec.shard, namespace=NAMESPACE, lifetime="detached").remote()
    host = RayHost(specs)
    guard = ShardGuard(host, host.actors, build="b")
    async with asyncio.timeout(90):
        while set(guard.phases.values()) != {"serving"}:
            await guard.once()
            await asyncio.sleep(0.1)
    assert [each["build"] for each in await SHARDS.statuses("review-0")] == ["b"]
    with pytest.raises(ValueError, match="workflow"):
        ray.get_actor("workflow", NAMESPACE)
    for spec in specs:
        assert await shards(spec) == spec.shard  # the fixture ends them


async def test_a_second_ensure_finds_the_first(shards: Any, valkey_url: str) -> None:
    name = await shards(custom(valkey_url))
    before = await SHARDS.status(name)
    ensure_shards([custom(valkey_url)])
    assert (await SHARDS.status(name)) == before


async def test_a_case_goes_from_the_intake_to_a_decision(shards: Any, valkey: Redis, valkey_url: str) -> None:
    name = await shards(review_spec(valkey_url, 0, TASKS, 86_400.0))
    await ValkeyIntake(valkey, 0).append(batch(record("a"), record("b", "automatic")))
    await again(lambda: _opened(name, "a"))
    review = (await SHARDS.submit(name, envelope(Claim("digits", "bob", 60.0), "1"))).review
    lease = review.lease.id
    assert (await SHARDS.heartbeat(name, review.review_id, lease, "bob"))["lease"] == lease
    with pytest.raises(StaleLease):
        await SHARDS.heartbeat(name, review.review_id, lease, "eve")
    polling = asyncio.create_task(SHARDS.wait(name, "a", OutcomeOf("a"), 20.0))
    await SHARDS.submit(name, envelope(Decide(review.review_id, lease, "bob", "3", 0.9, ""), "2"))
    assert (await polling).outcome.label == "3"


async def test_a_deployment_reaches_the_gateways_with_its_entry(shards: Any, valkey: Redis, valkey_url: str) -> None:
    name, digest = await shards(approval_spec(valkey_url, 2)), "d" * 64
    request = RequestApproval("model_deployment", "digits", digest, "first", {}, "trainer", 1, time.time() + 100)
    approval = (await SHARDS.submit(name, envelope(request, "1"))).approval_id
    await SHARDS.submit(name, envelope(Vote(approval, "ann", "approve", digest, ""), "2"))
    await SHARDS.submit(name, envelope(Deploy(approval, digest), "3"))
    serving = ValkeyServing(valkey, 2)
    pointers = await _published(serving)
    entry = (await ValkeyJournal(valkey, name).read(pointers["digits"].journal_seq - 1, 1))[0]
    assert pointers["digits"].versions == ((digest, 1.0),)
    assert "Deployed" in [event["type"] for event in Commit.decode(entry.body).events]


@pytest.mark.covers("D28", "001-33")
async def test_the_default_of_a_timed_decision_comes_though_its_actor_died(shards: Any, valkey_url: str) -> None:
    name = await shards(workflow_spec(valkey_url))
    await SHARDS.submit(name, envelope(opens("time_based_decision", decision_timeout=3, default_action="abort"), "1"))
    os.kill((await SHARDS.status(name))["pid"], signal.SIGKILL)
    outcome = await again(lambda: SHARDS.wait(name, "i", InteractionOf("i", CLIENT), 20.0))
    assert outcome.human_input == {"decision": "abort", "timeout_applied": True}


async def _published(serving: ValkeyServing) -> dict[str, Pointer]:
    async with asyncio.timeout(60):
        while True:
            if pointers := await serving.current():
                return pointers
            await asyncio.sleep(0.02)


async def _gone(name: str) -> None:
    """The actor leaves soon, and its name is free."""
    async with asyncio.timeout(60):
        while True:
            try:
                ray.get_actor(name, NAMESPACE)
            except ValueError:
                return
            await asyncio.sleep(0.1)


async def test_shard_of_a_cluster_that_does_not_own_the_store_stands_by(
    shards: Callable[[ShardSpec], Awaitable[str]], valkey: Redis, valkey_url: str
) -> None:
    other, ours = ValkeyOwnership(valkey, "other"), ValkeyOwnership(valkey, "ours")
    await other.hold(False)
    await ours.hold(True)
    spec = replace(custom(valkey_url), shard="stands-by", owner="ours", build="b1")
    ensure_shards([spec])
    await again(lambda: _told(spec.shard, "standby"))
    with pytest.raises(Recovering):
        await SHARDS.plain(spec.shard)
    assert await valkey.get(names.epoch(spec.shard)) is None
    await other.release()
    await ours.hold(True)
    assert await shards(spec) == spec.shard
    status = await SHARDS.status(spec.shard)
    assert (status["phase"], status["epoch"], status["build"]) == ("serving", 1, "b1")


async def _opened(name: str, case_id: str) -> None:
    """The shard follows the intake by itself."""
    try:
        found = await SHARDS.ask(name, OutcomeOf(case_id))
    except NotFound as error:
        raise Recovering(name) from error
    assert found.status == "pending_human"


async def _told(name: str, phase: str) -> None:
    if (await SHARDS.status(name))["phase"] != phase:
        raise Recovering(name)
