"""What people said of cases arrives in MLflow: on the trace of the decision, by human sources, once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import requests
from mlflow import MlflowClient

from hitl.adapters.mlflow.assessments import MlflowAssessments
from hitl.adapters.mlflow.spans import trace_id_of
from hitl.errors import DeliveryFailed, InvalidInput, SinkAway, SinkRefused, Undeliverable
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
    """Keeps what it is told, request by request; refuses whatever comes together with the case ``refused``."""

    def __init__(self, refused: str = "") -> None:
        self.requests: list[list[Reviewed]] = []
        self.is_away, self._refused = False, refused

    @property
    def done(self) -> list[Reviewed]:
        return [each for request in self.requests for each in request]

    def record(self, done: Sequence[Reviewed]) -> None:
        if self.is_away:
            raise SinkAway("m", "refused")
        if self._refused in [each.case_id for each in done]:
            raise SinkRefused("a trace that it does not take")
        self.requests.append(list(done))


def _delivery(review: dict[str, Any]) -> Delivery:
    ids = {"case_id": review["case_id"], "review_id": review["review_id"]}
    return Delivery("review-0-7-1", "mlflow", "DecisionFinal", "t", {"data": ids}, 0.0)


async def _decided(world: World, case: str = "a") -> dict[str, Any]:
    await world.case(case)
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


async def test_reviews_that_come_together_are_told_in_one_request(world: World) -> None:
    kept = Kept()
    sender = AssessmentSender(world.shards, PARTITIONING, lambda: kept)
    deliveries = [_delivery(await _decided(world, case)) for case in "abc"]
    await asyncio.gather(*(sender.send(each) for each in deliveries))
    assert [[each.case_id for each in request] for request in kept.requests] == [
        [each.body["data"]["case_id"] for each in deliveries]
    ]


async def test_what_mlflow_refuses_holds_up_nothing_that_came_with_it(world: World) -> None:
    reviews = [await _decided(world, case) for case in "abc"]
    kept = Kept(refused=reviews[1]["case_id"])
    sender = AssessmentSender(world.shards, PARTITIONING, lambda: kept)
    results = await asyncio.gather(*(sender.send(_delivery(each)) for each in reviews), return_exceptions=True)
    assert [type(each) for each in results] == [type(None), Undeliverable, type(None)]
    assert [each.case_id for each in kept.done] == [reviews[0]["case_id"], reviews[2]["case_id"]]


def test_a_review_without_an_outcome_is_no_label() -> None:
    with pytest.raises(InvalidInput, match="decided"):
        reviewed(replace(_review("c", ("ann", "3")), outcome=None))


def test_a_label_reaches_its_cases_trace_once_by_a_human_source(mlflow_server: MlflowServer) -> None:
    case, box = uuid4().hex, MlflowAssessments(mlflow_server.url)
    for _ in range(2):
        box.record([reviewed(_review(case, ("ann", "8")))])
    said = {item.name: item for item in box.of_case(case)}
    assert len(box.of_case(case)) == 2
    assert (said["label"].expectation.value, said["agrees_with_model"].feedback.value) == ("8", False)
    assert (said["label"].source.source_type, said["label"].source.source_id) == ("HUMAN", "ann")
    assert said["label"].metadata["hitl.case_id"] == case
    assert said["agrees_with_model"].rationale == "mail [email]"


def test_many_reviews_take_one_request_for_all_traces_and_one_for_each_assessment(
    mlflow_server: MlflowServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, cases = MlflowAssessments(mlflow_server.url), [uuid4().hex for _ in range(10)]
    box.record([reviewed(_review(uuid4().hex, ("ann", "8")))])  # the experiment is known from now on
    sent: list[str] = []
    send = requests.Session.send

    def counted(session: requests.Session, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        sent.append(str(request.url).removeprefix(mlflow_server.url))
        return send(session, request, **kwargs)

    monkeypatch.setattr(requests.Session, "send", counted)
    box.record([reviewed(_review(case, ("ann", "8"))) for case in (*cases, cases[0])])
    assessments = [url for url in sent if url.endswith("/assessments")]
    assert (len(assessments), len(sent) - len(assessments)) == (20, 3)  # is it there, which traces it has, those that it lacks
    assert [len(box.of_case(case)) for case in cases] == [2] * len(cases)


def test_the_trace_tells_of_the_decision_and_never_of_the_cases_input(mlflow_server: MlflowServer) -> None:
    case, box = uuid4().hex, MlflowAssessments(mlflow_server.url)
    box.record([reviewed(_review(case, ("ann", "8")))])
    trace = MlflowClient(mlflow_server.url).get_trace(trace_id_of(trace_of_case(case)))
    (span,) = trace.data.spans
    assert (trace.info.tags["hitl.case_id"], span.inputs, span.outputs["prediction"]) == (case, None, "3")


def test_several_people_are_several_sources_and_a_correction_is_one_more(mlflow_server: MlflowServer) -> None:
    case, box = uuid4().hex, MlflowAssessments(mlflow_server.url)
    box.record([reviewed(_review(case, ("ann", "8"), ("bob", "3"), ("eve", "8")))])
    answers = {item.source.source_id: item.feedback.value for item in box.of_case(case) if item.name == "answer"}
    assert answers == {"ann": "8", "bob": "3", "eve": "8"}
    box.record([reviewed(_review(case, ("ann", "8"), ("bob", "3"), ("eve", "3")))])
    assert sorted(item.expectation.value for item in box.of_case(case) if item.name == "label") == ["3", "8"]
