"""Reviews of a real service, answered in a real MLflow (3.17): they come back as that person's decisions."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from mlflow import MlflowClient

from hitl.adapters.mlflow.review_queues import MlflowReviewQueue
from hitl.client.calls import get
from hitl.integrations.review_queues.lend import Lending
from hitl.integrations.review_queues.ports import LentReview, trace_of_review
from tests.clients.hosting import HostProcess
from tests.clients.mlflow_page import ReviewPage
from tests.review_app.conftest import FEATURES
from tests.tracking.conftest import MlflowServer

DIGITS = [str(digit) for digit in range(10)]


class Desk:
    """One person's queue in MLflow, and the passes that fill and empty it."""

    def __init__(self, host: HostProcess, uri: str) -> None:
        self.host, self.uri = host, uri
        place = f"reviews-{uuid4().hex}"
        self.queue, self.page = MlflowReviewQueue(uri, place, "hitl-reviewer"), ReviewPage(uri, place, "hitl-reviewer")
        self.queue.make(DIGITS, ["reviewer"])

    def step(self, most: int = 1) -> list[tuple[str, str]]:
        with self.host.as_("reviewer") as client:
            lending = Lending(client, self.queue, "digits", "reviewer", most)
            return [(each.review_id, each.outcome) for each in lending.step()]

    def lend(self, key: str) -> str:
        self.host.open_case(key)
        ((review, outcome),) = self.step()
        assert outcome == "lent"
        return review

    def status(self, review: str) -> tuple[str, str | None]:
        with self.host.as_("operator") as operator:
            found = operator.review(review)["review"]
        return found["status"], found["outcome"] and found["outcome"]["label"]

    def clear(self) -> None:
        """Nothing is left for the next test: one service serves them all."""
        with self.host.as_("reviewer") as client:
            while left := client.send(get("v1", "leases"))["reviews"] or client.claim("digits").get("reviews"):
                for held in left:
                    client.answer(held["review_id"], held["lease"]["id"], "0")


@pytest.fixture
def desk(host: HostProcess, mlflow_server: MlflowServer) -> Iterator[Desk]:
    desk = Desk(host, mlflow_server.url)
    yield desk
    desk.clear()


def test_an_answer_there_is_the_persons_decision_here_over_a_kill(desk: Desk) -> None:
    review = desk.lend("answered")
    (span,) = MlflowClient(desk.uri).get_trace(trace_of_review(review, "reviewer")).data.spans
    assert span.inputs == {"features": FEATURES}
    desk.host.restart()
    assert desk.step() == [(review, "waiting")]
    desk.page.answer(trace_of_review(review, "reviewer"), "8", "reviewer")
    assert desk.step(most=0) == [(review, "answered")]
    assert desk.status(review) == ("decided", "8")
    assert desk.step(most=0) == []


def test_what_somebody_else_answered_is_no_decision_of_the_person(desk: Desk) -> None:
    review = desk.lend("not theirs")
    desk.page.answer(trace_of_review(review, "reviewer"), "8", "ben")
    assert desk.step() == [(review, "waiting")]
    assert (desk.status(review), list(desk.page.items.values())) == (("leased", None), ["pending"])
    desk.page.answer(trace_of_review(review, "reviewer"), "3", "reviewer")
    desk.step(most=0)
    assert desk.status(review) == ("decided", "3")


def test_a_declined_item_goes_back_to_the_queue(desk: Desk) -> None:
    review = desk.lend("declined")
    desk.page.end(trace_of_review(review, "reviewer"), "declined", "reviewer")
    assert desk.step(most=0) == [(review, "skipped")]
    assert desk.status(review) == ("waiting", None)


def test_a_label_that_the_task_has_not_is_refused_and_changes_nothing(desk: Desk) -> None:
    review = desk.lend("no such label")
    desk.page.answer(trace_of_review(review, "reviewer"), "eleven", "reviewer")
    ((name, told),) = desk.step(most=0)
    assert (name, told.startswith("HTTP 4"), desk.status(review)) == (review, True, ("leased", None))


def test_a_review_that_is_the_persons_no_more_leaves_their_queue(desk: Desk) -> None:
    review = desk.lend("given back")
    with desk.host.as_("reviewer") as client:
        (held,) = [each for each in client.send(get("v1", "leases"))["reviews"] if each["review_id"] == review]
        client.release(review, held["lease"]["id"])
    assert (desk.step(most=0), desk.page.items) == ([], {})


@pytest.mark.parametrize(("suggestion", "shown"), [(None, None), ("3", {"prediction": "3"})])
def test_the_trace_shows_the_input_and_of_a_blind_review_no_suggestion(desk: Desk, suggestion: str, shown: object) -> None:
    review = LentReview(uuid4().hex, "reviewer", "digits", FEATURES, suggestion, 1.0)
    for _ in range(2):
        desk.queue.put(review)
    (span,) = MlflowClient(desk.uri).get_trace(review.trace_id).data.spans
    assert (span.inputs, span.outputs, desk.page.items) == ({"features": FEATURES}, shown, {review.trace_id: "pending"})
