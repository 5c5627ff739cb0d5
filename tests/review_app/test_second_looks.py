"""A label that the model found improbable is looked at once more, blind, by somebody else; an expert settles a difference."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hitl.canonical import canonical
from hitl.ids import case_id, partition_of
from hitl.intake import IntakeBatch
from hitl.machine import Envelope
from hitl.machine.shards import shard_of_case
from hitl.quality.answers import SettledReview
from hitl.quality.second_look import wanted
from hitl.review import OpenReview, OutcomeOf, ReviewOf
from hitl.routing.route import Action, Priority
from serve_app.evidence.evidence import TaskEvidence
from serve_app.reconcilers.second_looks import SecondLooks
from tests.review_app.conftest import FEATURES, PARTITIONING, PARTITIONS, World, _record

LABELS = [str(digit) for digit in range(10)]


def sure_of(label: str) -> list[float]:
    return [0.91 if each == label else 0.01 for each in LABELS]


async def labelled(world: World, number: int, said: str, label: str) -> str:
    """A case of which the model said ``said``, and the reviewer ``label``."""
    case = case_id(b"secret", "client", "digits", f"s{number}")
    record = replace(_record("s", Action.REVIEW, Priority.NORMAL), case_id=case, prediction=said, probabilities=sure_of(said))
    intake = world.intakes[partition_of(case, PARTITIONS)]
    payload = canonical({"features": FEATURES, "metadata": {}})
    position = (await intake.append(IntakeBatch("g", {}, [record], [payload], number, [""]))).seqs[0]
    envelope = Envelope(OpenReview(record, position), f"open:{case}", "", "intake", "r")
    await world.shards.submit(shard_of_case(case, PARTITIONING), envelope)
    held = await world.claim()
    assert (await world.decide(held, key=f"k{number}", label=label)).status_code == 200
    return case


async def looked(world: World, labels: list[tuple[str, str]]) -> tuple[SecondLooks, list[str]]:
    spec = world.tasks["digits"]
    world.tasks["digits"] = spec.model_copy(update={"review": spec.review.model_copy(update={"second_looks": 0.03})})
    cases = [await labelled(world, number, said, label) for number, (said, label) in enumerate(labels, start=1)]
    evidence = TaskEvidence(world.tasks, world.shards, world.intakes)
    return SecondLooks(world.shards, world.tasks, PARTITIONING, evidence), cases


async def waiting(world: World) -> dict[str, Any]:
    found: dict[str, Any] = (await world.call("GET", "/v1/queues/digits", "reviewer-2")).json()
    return found


PLAIN = [(LABELS[i % 10], LABELS[i % 10]) for i in range(59)]
"""The model and the person say the same."""


async def test_a_suspicious_label_is_opened_once_blind_and_for_another_person(world: World) -> None:
    step, cases = await looked(world, [*PLAIN, ("3", "8")])
    for _ in range(3):
        await step.once()
    assert (await world.call("POST", "/v1/queues/digits/claim", "reviewer")).status_code == 204
    held = await world.claim("reviewer-2")
    assert (held["case_id"], held["prediction"], held["blind"], held["answers"]) == (cases[-1], None, True, [])
    assert (await world.call("POST", "/v1/queues/digits/claim", "reviewer-2")).status_code == 204


@pytest.mark.parametrize(("said", "status"), [("8", "decided"), ("3", "answered")])
async def test_who_agrees_ends_it_and_who_does_not_calls_an_expert(world: World, said: str, status: str) -> None:
    step, cases = await looked(world, [*PLAIN, ("3", "8")])
    await step.once()
    held = await world.claim("reviewer-2")
    answer = (await world.decide(held, "reviewer-2", "second", said)).json()
    assert answer["status"] == status
    shard = shard_of_case(cases[-1], PARTITIONING)
    assert (await world.shards.ask(shard, OutcomeOf(cases[-1]))).outcome.label == "8"
    if status == "answered":
        judged = await world.claim("expert", "digits.expert")
        await world.decide(judged, "expert", "third", "3")
        assert (await world.shards.ask(shard, OutcomeOf(cases[-1]))).outcome.label == "3"
        assert (await world.shards.ask(shard, ReviewOf(judged["review_id"]))).review.escalation == "a second look disagrees"


async def test_labels_that_the_model_agrees_with_are_left_alone(world: World) -> None:
    step, _ = await looked(world, PLAIN)
    await step.once()
    assert (await waiting(world))["waiting"] == 0


def test_few_labels_say_nothing_and_the_budget_is_kept() -> None:
    rng = np.random.default_rng(0)
    answers = [_answer(i, LABELS[i % 10], LABELS[(i + (rng.random() < 0.2)) % 10]) for i in range(400)]
    assert wanted(answers[:40], LABELS, 0.03, ()) == []
    first = wanted(answers, LABELS, 0.03, ())
    assert len(first) == 12
    done = {review_id.rpartition("-")[0] for review_id in first}
    assert wanted(answers, LABELS, 0.03, done) == []


@pytest.mark.slow
def test_most_wrong_labels_are_found_among_what_is_flagged() -> None:
    """5 % wrong labels and a model that is right in 95 %: recall and precision of confident learning, seed 0."""
    rng, answers, wrong = np.random.default_rng(0), [], set()
    for number in range(4_000):
        truth = int(rng.integers(0, 10))
        is_wrong, errs = bool(rng.random() < 0.05), bool(rng.random() < 0.05)
        label = (truth + 1) % 10 if is_wrong else truth
        answers.append(_answer(number, LABELS[(truth + 4) % 10 if errs else truth], LABELS[label]))
        wrong |= {answers[-1].review_id} if is_wrong else set()
    flagged = set(wanted(answers, LABELS, 0.2, ()))
    assert len(flagged & wrong) / len(wrong) >= 0.70
    assert len(flagged & wrong) / len(flagged) >= 0.45


def _answer(number: int, said: str, label: str) -> SettledReview:
    ids = (f"case{number}-1", f"case{number}", "review", False, label, said, 0.91, "all", "m", "p")
    return SettledReview(*ids, False, (), 0.0, 0.0, 1.0, 2.0, (("ann", label),), probabilities=tuple(sure_of(said)))
