"""What people said of cases arrives in MLflow: on the trace of the decision, by human sources, once."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from mlflow import MlflowClient

from hitl.adapters.mlflow.assessments import MlflowAssessments
from hitl.adapters.mlflow.spans import trace_id_of
from hitl.errors import DeliveryFailed, InvalidInput, SinkAway, Undeliverable
from hitl.outbox.delivery import Delivery
from hitl.review.show import view_of
from hitl.review.views import ReviewAnswer, ReviewDecision, ReviewView
from hitl.tracking.cases import Reviewed, reviewed, trace_of_case
from serve_app.reconcilers.assessments import AssessmentSender
from tests.fakes.reviews import record, shard
from tests.review_app.conftest import PARTITIONING, World, world
from tests.tracking.conftest import MlflowServer

__all__ = ["world"]


def _review(case: str, *answers: tuple[str, str]) -> ReviewView:
    """A decided review of a case that the model called 3; the last answer settles it."""
    said = [ReviewAnswer(who, label, 1.0, f"mail {who}@example.org", 1.0) for who, label in answers]
    shell = shard(record(case, prediction="3", confidence=0.7, uncertainty=0.2, reason="unsure"))
    last = ReviewDecision(said[-1].label, said[-1].reviewer, 1.0, said[-1].comment, 1.0, None, [], 1.0)
    return replace(view_of(shell.state.reviews[f"{case}-1"]), purpose="audit", outcome=last, answers=said)


class Kept:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.done: list[Reviewed] = []
        self.is_away = False

    def record(self, done: Reviewed) -> None:
        if self.is_away:
            raise SinkAway("m", "refused")
        self.done.append(done)


def _delivery(review: dict[str, Any]) -> Delivery:
    ids = {"case_id": review["case_id"], "review_id": review["review_id"]}
    return Delivery("review-0-7-1", "mlflow", "DecisionFinal", "t", {"data": ids}, 0.0)


async def _decided(world: World) -> dict[str, Any]:
    await world.case("a")
    review = await world.claim()
    assert (await world.decide(review, label="8")).status_code == 200
    return review


async def test_the_channel_reads_the_review_where_it_is(world: World) -> None:
    kept = Kept()
    await AssessmentSender(world.shards, PARTITIONING, lambda: kept).send(_delivery(await _decided(world)))
    (done,) = kept.done
    assert (done.label, done.reviewer, done.answers[0].agrees_with_model) == ("8", "reviewer", False)


async def test_an_mlflow_that_is_away_is_tried_again_and_what_is_no_review_is_not(world: World) -> None:
    kept = Kept()
    sender = AssessmentSender(world.shards, PARTITIONING, lambda: kept)
    kept.is_away, review = True, await _decided(world)
    with pytest.raises(DeliveryFailed, match="away"):
        await sender.send(_delivery(review))
    with pytest.raises(Undeliverable):
        await sender.send(_delivery({**review, "review_id": "none"}))


def test_a_review_without_an_outcome_is_no_label() -> None:
    with pytest.raises(InvalidInput, match="decided"):
        reviewed(replace(_review("c", ("ann", "3")), outcome=None))


def test_a_label_reaches_its_cases_trace_once_by_a_human_source(mlflow_server: MlflowServer) -> None:
    case, box = uuid4().hex, MlflowAssessments(mlflow_server.url)
    for _ in range(2):
        box.record(reviewed(_review(case, ("ann", "8"))))
    said = {item.name: item for item in box.of_case(case)}
    assert len(box.of_case(case)) == 2
    assert (said["label"].expectation.value, said["agrees_with_model"].feedback.value) == ("8", False)
    assert (said["label"].source.source_type, said["label"].source.source_id) == ("HUMAN", "ann")
    assert said["label"].metadata["hitl.case_id"] == case
    assert said["agrees_with_model"].rationale == "mail [email]"


def test_the_trace_tells_of_the_decision_and_never_of_the_cases_input(mlflow_server: MlflowServer) -> None:
    case, box = uuid4().hex, MlflowAssessments(mlflow_server.url)
    box.record(reviewed(_review(case, ("ann", "8"))))
    trace = MlflowClient(mlflow_server.url).get_trace(trace_id_of(trace_of_case(case)))
    (span,) = trace.data.spans
    assert (trace.info.tags["hitl.case_id"], span.inputs, span.outputs["prediction"]) == (case, None, "3")


def test_several_people_are_several_sources_and_a_correction_is_one_more(mlflow_server: MlflowServer) -> None:
    case, box = uuid4().hex, MlflowAssessments(mlflow_server.url)
    box.record(reviewed(_review(case, ("ann", "8"), ("bob", "3"), ("eve", "8"))))
    answers = {item.source.source_id: item.feedback.value for item in box.of_case(case) if item.name == "answer"}
    assert answers == {"ann": "8", "bob": "3", "eve": "8"}
    box.record(reviewed(_review(case, ("ann", "8"), ("bob", "3"), ("eve", "3"))))
    assert sorted(item.expectation.value for item in box.of_case(case) if item.name == "label") == ["3", "8"]
