"""A check that somebody clicked through counts as unanswered, and somebody else is asked, blind."""

import time

from hitl.quality.lazy import ENOUGH
from serve_app.evidence.evidence import TaskEvidence
from serve_app.reconcilers.lazy_answers import LazyAnswers
from tests.review_app.conftest import PARTITIONING, World


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


async def answered(world: World, clock: Clock, key: str, who: str, took_s: float, label: str = "3") -> str:
    case = await world.case(key, streams=["gold"])
    held = await world.claim(who)
    clock.now += took_s
    assert (await world.decide(held, who, key=key, label=label)).status_code == 200
    clock.now += 1.0
    return case


def timed(world: World, lazy_answers: str) -> Clock:
    clock, spec = Clock(), world.tasks["digits"]
    world.tasks["digits"] = spec.model_copy(
        update={"review": spec.review.model_copy(update={"lazy_answers": lazy_answers, "check_overlap": 1})}
    )
    for shard in world.shards.shards.values():
        shard._wall = clock
    return clock


async def test_somebody_else_answers_a_check_that_was_clicked_through(world: World) -> None:
    clock = timed(world, "left_out")
    for number in range(ENOUGH):
        await answered(world, clock, f"calm{number}", "reviewer-2", 60.0)
    case = await answered(world, clock, "quick", "reviewer", 2.0)
    evidence = TaskEvidence(world.tasks, world.shards, world.intakes)
    assert [each.case_id for each in await evidence.checks("digits") if each.wrong is None] == [case]
    shown = (await world.call("GET", "/v1/quality/digits", "approver")).json()
    assert shown["left_out"] == {"quick": 1, "known_answers": 0, "waiting": 1}

    keeper = LazyAnswers(world.shards, world.tasks, PARTITIONING, evidence)
    await keeper.once()
    await keeper.once()
    assert (await world.call("POST", "/v1/queues/digits/claim", "reviewer")).status_code == 204
    held = await world.claim("reviewer-2")
    assert (held["case_id"], held["blind"]) == (case, True)
    clock.now += 60.0
    await world.decide(held, "reviewer-2", key="again", label="3")
    assert all(each.wrong is False for each in await evidence.checks("digits"))
    shown = (await world.call("GET", "/v1/quality/digits/certificate", "approver")).json()
    assert shown["left_out"] == {"quick": 1, "known_answers": 0, "waiting": 0}


async def test_a_task_that_counts_lazy_answers_leaves_none_out(world: World) -> None:
    clock = timed(world, "count")
    for number in range(ENOUGH):
        await answered(world, clock, f"calm{number}", "reviewer-2", 60.0)
    await answered(world, clock, "quick", "reviewer", 2.0)
    evidence = TaskEvidence(world.tasks, world.shards, world.intakes)
    assert all(each.wrong is False for each in await evidence.checks("digits"))
    assert (await world.call("GET", "/v1/quality/digits", "approver")).json()["left_out"] is None
