"""What the keeper does beside the requests, each step on fakes and a clock of its own."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from hitl.adapters.ray.shards import review_spec
from hitl.errors import ArtifactRejected, NotFound, Recovering, StoreUnavailable
from hitl.identity import Principal, Role
from hitl.identity.accounts import Account
from hitl.identity.keys import KeyRecord
from hitl.identity.memory import MemoryKeys
from hitl.machine.shards import APPROVAL, CONTROL
from hitl.serving.questions import ServingOf
from hitl.tasks import TaskSpec
from serve_app.reconcilers.champion import ChampionAlias
from serve_app.reconcilers.deployer import Deployer
from serve_app.reconcilers.guard import HUNG_AFTER_S, PING_TIMEOUT_S, START_WITHIN_S, ShardGuard
from serve_app.reconcilers.loop import QUIET_EVERY_S, forever
from serve_app.reconcilers.ray_host import RayHost
from serve_app.reconcilers.voters import Voters
from tests.fakes.approvals import voters
from tests.review_app.conftest import World
from tests.review_app.test_approvals import FIRST, SECOND, ask, deploy, vote


class FakeHost:
    """``mood`` is what a ping meets: an answer, a dead actor or a hanging one."""

    def __init__(self) -> None:
        self.mood, self.build = "well", ""
        self.done: list[str] = []

    async def ensure(self, shard: str) -> None:
        if self.mood == "missing":
            self.done.append(f"created {shard}")
            self.mood = "well"

    async def ping(self, shard: str) -> list[dict[str, Any]]:
        if self.mood in ("dead", "missing"):
            raise Recovering(shard)
        if self.mood == "hangs":
            raise TimeoutError
        phase = "fenced" if self.mood == "fenced" else "serving"
        shards = ["approval", "access"] if shard == CONTROL else [shard]
        return [{"shard": each, "phase": phase, "build": self.build} for each in shards]

    async def kill(self, shard: str) -> None:
        self.done.append(f"killed {shard}")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Guarded:
    """A guard over one shard of a fake host."""

    def __init__(self) -> None:
        self.host, self.clock = FakeHost(), Clock()
        self.guard = ShardGuard(self.host, {"review-0": ["review-0"]}, self.clock)

    async def look(self, mood: str, after_s: float = 0.0) -> None:
        self.host.mood = mood
        self.clock.now += after_s
        await self.guard.once()


class BuiltActor:
    """The actor of a shard, of a build; ``asked`` are the questions that it got."""

    def __init__(self, build: str) -> None:
        self.build = build
        self.asked: list[str] = []

    async def actor_status(self, name: str) -> dict[str, Any]:
        self.asked.append("build")
        return {"shard": name, "phase": "serving", "build": self.build}

    async def statuses(self, name: str) -> list[dict[str, Any]]:
        self.asked.append("statuses")
        return [{"shard": name, "phase": "serving", "build": self.build}]


async def test_an_actor_of_our_build_is_asked_one_question_a_look() -> None:
    host, actor = RayHost([replace(review_spec("redis://", 0, {}, 1.0), build="ours")]), BuiltActor("ours")
    host._shards = actor  # type: ignore[assignment]
    for _ in range(3):
        assert [each["build"] for each in await host.ping("review-0")] == ["ours"]
    assert actor.asked == ["build", "statuses", "statuses", "statuses"]


async def test_an_actor_of_another_build_is_asked_nothing_that_it_may_not_know() -> None:
    host, actor = RayHost([replace(review_spec("redis://", 0, {}, 1.0), build="ours")]), BuiltActor("ours")
    host._shards = actor  # type: ignore[assignment]
    await host.ping("review-0")
    actor.build = "theirs"  # it was replaced
    told = [await host.ping("review-0") for _ in range(3)]
    assert [each["build"] for reports in told for each in reports] == ["theirs"] * 3
    assert actor.asked == ["build", "statuses", "statuses", "build", "build"]


async def test_missing_actor_is_created() -> None:
    guarded = Guarded()
    await guarded.look("missing")
    assert guarded.guard.phases == {"review-0": None}
    await guarded.look("well")
    assert (guarded.host.done, guarded.guard.phases) == (["created review-0"], {"review-0": "serving"})


async def test_hanging_actor_is_killed_after_its_time() -> None:
    guarded = Guarded()
    await guarded.look("well")
    await guarded.look("hangs", HUNG_AFTER_S)
    assert guarded.host.done == []
    await guarded.look("hangs", 0.1)
    assert (guarded.host.done, guarded.guard.phases) == (["killed review-0"], {"review-0": None})


async def test_starting_actor_may_be_silent_for_longer() -> None:
    guarded = Guarded()
    await guarded.look("dead")
    await guarded.look("hangs", START_WITHIN_S)
    assert guarded.host.done == []
    await guarded.look("hangs", 0.1)
    assert guarded.host.done == ["killed review-0"]


async def test_actor_of_other_settings_is_replaced_at_once() -> None:
    guarded = Guarded()
    guarded.host.build = "of yesterday"
    await guarded.look("well")
    assert guarded.host.done == ["killed review-0"]
    guarded.host.build = ""
    await guarded.look("well")
    assert guarded.host.done == ["killed review-0"]


async def test_a_keeper_on_its_way_out_leaves_what_its_successor_made() -> None:
    guarded = Guarded()
    await guarded.look("well")
    guarded.host.build = "of tomorrow"
    await guarded.look("well")
    assert guarded.host.done == []


async def test_an_actor_of_several_shards_is_looked_after_as_one() -> None:
    host = FakeHost()
    guard = ShardGuard(host, {"control": ["approval", "access"], "review-0": ["review-0"]}, Clock())
    await guard.once()
    assert guard.phases == {"approval": "serving", "access": "serving", "review-0": "serving"}
    host.mood = "dead"
    await guard.once()
    assert guard.phases == dict.fromkeys(["approval", "access", "review-0"])
    host.mood = "missing"
    await guard.once()
    assert host.done == ["created control"]  # the fake is well from then on


async def test_a_fenced_actor_that_does_not_leave_is_killed() -> None:
    guarded = Guarded()
    await guarded.look("well")
    await guarded.look("fenced", HUNG_AFTER_S)
    assert (guarded.host.done, guarded.guard.phases) == ([], {"review-0": "fenced"})
    await guarded.look("fenced", 0.1)
    assert guarded.host.done == ["killed review-0"]


async def test_a_shard_that_its_actor_does_not_tell_of_says_nothing() -> None:
    guard = ShardGuard(FakeHost(), {"review-0": ["review-0", "review-1"]}, Clock())
    await guard.once()
    assert guard.phases == {"review-0": "serving", "review-1": None}


def test_one_slow_ping_never_kills() -> None:
    assert PING_TIMEOUT_S < HUNG_AFTER_S


async def approved(world: World, digest: str = FIRST) -> None:
    await ask(world, digest)
    for who in ("approver", "approver-2"):
        await vote(world, who, "digits-1", digest)


class Checks:
    """A candidate check that says ``error``, if any."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.asked = error, 0

    async def __call__(self, spec: TaskSpec, digest: str) -> None:
        self.asked += 1
        if self.error:
            raise self.error


async def status(world: World) -> str:
    answer = await world.call("GET", "/v1/approvals/digits-1", "operator")
    return str(answer.json()["approval"]["status"])


async def test_approved_candidate_is_deployed_once(world: World) -> None:
    await approved(world)
    checks = Checks()
    for _ in range(2):
        await Deployer(world.shards, world.tasks, checks, voters).once()
    assert (await status(world), checks.asked) == ("deployed", 1)
    assert (await world.shards.ask(APPROVAL, ServingOf("digits"))).versions == [(FIRST, 1.0)]


async def test_unapproved_candidate_is_never_deployed(world: World) -> None:
    await ask(world)
    await vote(world, "approver")
    await Deployer(world.shards, world.tasks, Checks(), voters).once()
    assert await status(world) == "pending"


@pytest.mark.covers("D21")
async def test_candidate_that_does_not_load_fails_and_serves_nothing(world: World) -> None:
    await approved(world)
    await Deployer(world.shards, world.tasks, Checks(ArtifactRejected(FIRST, "a pickle")), voters).once()
    assert await status(world) == "failed"
    assert (await world.shards.ask(APPROVAL, ServingOf("digits"))).generation == 0


async def test_deployment_waits_while_the_artifacts_are_away(world: World) -> None:
    await approved(world)
    await Deployer(world.shards, world.tasks, Checks(StoreUnavailable("artifacts")), voters).once()
    assert await status(world) == "approved"


class FakeRegistry:
    def __init__(self, known: set[str]) -> None:
        self.known, self.champion, self.moves = known, "", 0

    def current_champion(self, task: str) -> str | None:
        return self.champion or None

    def set_champion(self, task: str, digest: str) -> str:
        if digest not in self.known:
            raise NotFound("registered model version", digest)
        self.champion, self.moves = digest, self.moves + 1
        return "1"


@pytest.mark.covers("D36")
async def test_alias_follows_what_serves_and_comes_back_when_moved(world: World) -> None:
    registry = FakeRegistry({FIRST, SECOND})
    alias = ChampionAlias(world.shards, registry)
    await deploy(world, FIRST, 1)
    await alias.once()
    registry.champion = SECOND
    await alias.once()
    assert (registry.champion, registry.moves, alias.behind) == (FIRST, 2, 0)


async def test_model_outside_the_registry_leaves_the_alias_behind(world: World) -> None:
    await deploy(world, FIRST, 1)
    alias = ChampionAlias(world.shards, FakeRegistry(set()))
    await alias.once()
    assert alias.behind == 1


async def test_loop_goes_on_after_an_error() -> None:
    reached = asyncio.Event()
    tries = []

    async def step() -> None:
        tries.append(len(tries))
        if len(tries) == 1:
            raise OSError("away")
        reached.set()

    loop = asyncio.create_task(forever("test", step, 0.001))
    await asyncio.wait_for(reached.wait(), 5)
    loop.cancel()
    assert len(tries) >= 2


class Still:
    """A movement that is quiet until something is appended."""

    def __init__(self) -> None:
        self.is_quiet, self.appended = True, asyncio.Event()
        self.waits, self.waited = list[float](), asyncio.Event()

    async def wait(self, timeout_s: float) -> None:
        self.waits.append(timeout_s)
        self.waited.set()
        await self.appended.wait()


async def test_a_step_waits_in_quiet_times_for_the_next_append() -> None:
    movement, turns, fifth = Still(), list[str](), asyncio.Event()

    async def step() -> None:
        turns.append("turn")
        movement.is_quiet = len(turns) < 3
        if len(turns) == 5:
            fifth.set()

    loop = asyncio.create_task(forever("test", step, 0.001, movement))
    await asyncio.wait_for(movement.waited.wait(), 5)
    assert (turns, movement.waits) == (["turn"], [QUIET_EVERY_S - 0.001])
    movement.appended.set()
    await asyncio.wait_for(fifth.wait(), 5)
    loop.cancel()
    assert len(movement.waits) == 2  # after the third turn it moves, and nothing is waited for


LEFT = Account("approver-2", frozenset({Role.REVIEWER}))


@pytest.mark.parametrize("change", [LEFT, replace(LEFT, roles=frozenset({Role.APPROVER}), is_disabled=True)])
async def test_a_vote_of_who_is_no_approver_any_more_deploys_nothing(world: World, change: Account) -> None:
    directory = MemoryKeys(*(key_of(name) for name in ("approver", "approver-2")))
    await approved(world)
    await directory.put_account(change)
    await Deployer(world.shards, world.tasks, Checks(), Voters(directory)).once()
    assert await status(world) == "failed"
    assert (await world.shards.ask(APPROVAL, ServingOf("digits"))).generation == 0


async def test_who_may_vote_is_who_could_sign_in_and_sees_the_task() -> None:
    others = Account("elsewhere", frozenset({Role.APPROVER}), frozenset({"loans"}))
    directory = MemoryKeys(key_of("approver"), key_of("gone", expires_at=5.0), key_of("admin", Role.ADMIN))
    await directory.put_account(others)
    found = Voters(directory, lambda: 5.0)
    assert (await found("digits"), await found("loans")) == ({"approver"}, {"approver", "elsewhere"})


def key_of(name: str, role: Role = Role.APPROVER, expires_at: float | None = None) -> KeyRecord:
    return KeyRecord(name, "", Principal(name, frozenset({role})), 0.0, expires_at)
