"""A certified task from its first case: people decide all of it, the model earns its part, becomes worse, and is stopped.

Everything but HTTP and Ray is the product: routing and coins, review shards, approval journal, certifier.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from hitl.canonical import canonical
from hitl.ids import case_id, partition_of
from hitl.intake import IntakeBatch
from hitl.machine.shards import shard_of_case
from hitl.review import Claim, Decide, OpenReview
from hitl.routing.coin import draw_samples
from hitl.routing.prediction import Prediction
from hitl.routing.route import Action
from hitl.routing.steering import Request, steering_of
from tests.measure.simulations.pools import digits
from tests.review_app.conftest import PARTITIONING, PARTITIONS, _record
from tests.review_app.test_quality import MODEL, Certified, certified

__all__ = ["certified"]

LEVEL = 0.05
LOOK_EVERY = 50


@dataclass
class Run:
    """What happened to a stream of cases: how many the model decided alone, and how many of those were wrong."""

    cases: int = 0
    automatic: int = 0
    wrong: int = 0


async def stream(world: Certified, first: int, n: int, drifted: bool = False) -> Run:
    """``n`` cases of the digits' pool; ``drifted``, the model errs on one in six of what it is surest of."""
    rng, pool, run = np.random.default_rng(first), digits(), Run()
    for number in range(first, first + n):
        at = int(rng.integers(0, len(pool.cases)))
        wrong = bool(pool.cases.wrong[at]) or (drifted and bool(rng.random() < 0.16))
        action = await one(world, number, float(pool.cases.scores[at]), wrong)
        run.cases += 1
        run.automatic += action is Action.AUTOMATIC
        run.wrong += wrong and action is Action.AUTOMATIC
        if number % LOOK_EVERY == 0:
            await world.certifier.once()
    return run


async def one(world: Certified, number: int, confidence: float, wrong: bool) -> Action:
    """Routed as the gateway does, recorded, and answered by a person where a person looks."""
    serving = await world.serving()
    steering = steering_of(serving, world.ports.policies["digits"], world.tasks["digits"].labels)
    prediction = Prediction("3", (confidence,), confidence, 0.0, MODEL)
    steered = steering.steer(Request([], {}, "client"), prediction)
    case = case_id(b"secret", "client", "digits", f"s{number}")
    gold = steering.random_probability(steered, MODEL)
    coins = draw_samples(b"secret", case, world.version, gold, steering.audit_probability(steered))
    record = replace(
        _record(f"s{number}", steered.route.action, steered.route.priority),
        case_id=case,
        at=float(number),
        confidence=confidence,
        model_version=MODEL,
        policy_version=world.version,
        segment=steered.segment,
        streams=[coin.stream.value for coin in coins if coin.drawn],
        gold_probability=coins[0].probability,
        audit_probability=coins[1].probability,
    )
    intake = world.intakes[partition_of(case, PARTITIONS)]
    appended = await intake.append(IntakeBatch("g", {}, [record], [canonical({"features": []})], number, [""]))
    if record.is_for_people:
        await answered(world, record, appended.seqs[0], "4" if wrong else "3")
    return steered.route.action


async def answered(world: Certified, record: Any, position: int, label: str) -> None:
    shard = shard_of_case(record.case_id, PARTITIONING)
    opened = await world.submit(shard, OpenReview(record, position))
    queue = "digits.expert" if record.action == Action.EXPERT else "digits"
    held = (await world.submit(shard, Claim(queue, "reviewer"))).review
    assert held.review_id == opened.review_id
    await world.submit(shard, Decide(held.review_id, held.lease.id, "reviewer", label))


@pytest.mark.slow
@pytest.mark.covers("003-08", "003-10", "003-15", "003-68")
async def test_automation_is_earned_kept_under_its_level_and_lost_by_drift(certified: Certified) -> None:
    await certified.deploy(held_out=digits().pilot)
    cold = await stream(certified, 1, 150)
    assert cold.automatic == 0
    early = await stream(certified, 151, 1350)
    good = await stream(certified, 1501, 1500)
    assert good.automatic / good.cases >= 0.5
    assert good.wrong / good.automatic <= LEVEL
    bad = await stream(certified, 3001, 3000, drifted=True)
    serving = await certified.serving()
    assert "drift" in serving.stopped["all"]
    assert serving.thresholds[MODEL]["segments"]["all"] is None
    with_a_static_threshold = 0.16 * good.automatic / good.cases * bad.cases
    assert bad.wrong <= with_a_static_threshold / 4
    after = await stream(certified, 6001, 400, drifted=True)
    assert after.automatic == 0
    shown = (await certified.call("GET", "/v1/quality/digits", "approver")).json()
    assert "drift" in shown["stopped"]["all"]
    truth = (early.wrong + good.wrong + bad.wrong) / (early.automatic + good.automatic + bad.automatic)
    assert shown["figures"]["automatic_error"]["low"] <= truth <= shown["figures"]["automatic_error"]["high"]
