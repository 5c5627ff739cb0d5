"""MLflow's review queues as a source of cases, its filter of traces, and evaluation datasets, on a real MLflow."""

import json
from typing import Any
from uuid import uuid4

import httpx2
import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.genai import datasets, scorer

from hitl.adapters.mlflow.assessments import MlflowTraces
from hitl.adapters.mlflow.evaluation_sets import merge_records
from hitl.adapters.mlflow.review_queues import MlflowReviewQueue
from hitl.adapters.mlflow.tracking_place import at
from hitl.client import Client
from hitl.errors import InvalidInput, NotFound
from hitl.integrations.evaluation_sets import record_of
from hitl.integrations.review_queues.take import Taking
from tests.clients.mlflow_page import ReviewPage
from tests.clients.test_labelling_files import case
from tests.tracking.conftest import MlflowServer

PERSON = {"label": "spam", "by": "person", "final_at": 1_000.0}
"""As a client sees it: without names."""


class Service:
    """Opens a case for each key; ``outcomes`` say what became of the case of an input."""

    def __init__(self) -> None:
        self.cases: dict[str, Any] = {}
        self.outcomes: dict[str, dict[str, Any]] = {}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            body = json.loads(request.content)
            if not isinstance(body["features"], dict):
                return httpx2.Response(400, json={"title": "Invalid input", "detail": "an object"})
            case_id = f"case-{len(self.cases)}"
            self.cases.setdefault(request.headers["idempotency-key"], {"case_id": case_id, "status": "pending_human", **body})
            return httpx2.Response(202, json=self.cases[request.headers["idempotency-key"]])
        (found,) = [each for each in self.cases.values() if each["case_id"] == request.url.path.rpartition("/")[2]]
        outcome = self.outcomes.get(found["features"]["text"])
        return httpx2.Response(200, json={**found, "status": "decided" if outcome else "pending_human", "outcome": outcome})


class Board:
    """A queue of MLflow, and passes over it."""

    def __init__(self, uri: str) -> None:
        self.uri, self.experiment, self.service, self.now = uri, f"agent-{uuid4().hex}", Service(), 1_000.0
        self.page = ReviewPage(uri, self.experiment, "doubtful")
        self.queue = MlflowReviewQueue(uri, self.experiment, "doubtful")

    def step(self) -> dict[str, str]:
        with Client("http://hitl", "k", transport=httpx2.MockTransport(self.service)) as client:
            return {each.trace_id: each.outcome for each in Taking(client, self.queue, "mail", "body").step(self.now)}

    def labels(self, trace_id: str) -> list[tuple[Any, str]]:
        said = MlflowClient(self.uri).get_trace(trace_id).info.assessments
        return [(each.expectation.value, each.source.source_id) for each in said]


@pytest.fixture
def board(mlflow_server: MlflowServer) -> Board:
    return Board(mlflow_server.url)


def test_a_waiting_trace_becomes_one_case_and_is_completed_once_people_have_decided(board: Board) -> None:
    name = board.page.trace(body={"text": "a"})
    board.page.make(name)
    assert [board.step(), board.step()] == [{name: "waiting"}, {name: "waiting"}]
    ((key, opened),) = board.service.cases.items()
    assert (key, opened["metadata"]) == (f"review-queue:{name}", {"mlflow_trace_id": name})
    board.service.outcomes["a"] = PERSON
    assert board.step() == {name: "decided"}
    assert (board.labels(name), board.page.items, board.step()) == ([("spam", "ray-hitl")], {name: "complete"}, {})


def test_a_pass_that_died_before_the_item_was_complete_writes_no_second_answer(board: Board) -> None:
    name = board.page.trace(body={"text": "a"})
    board.page.make(name)
    board.service.outcomes["a"] = PERSON
    board.step()
    board.queue.settle(name, "spam", "ray-hitl", "case-0")
    assert board.labels(name) == [("spam", "ray-hitl")]


def test_what_can_still_be_undone_is_not_told(board: Board) -> None:
    name = board.page.trace(body={"text": "a"})
    board.page.make(name)
    board.service.outcomes["a"], board.now = PERSON, 999.0
    assert (board.step(), board.page.items, board.labels(name)) == ({name: "waiting"}, {name: "pending"}, [])


def test_what_no_person_decided_stays_in_the_queue(board: Board) -> None:
    name = board.page.trace(body={"text": "a"})
    board.page.make(name)
    board.service.outcomes["a"] = {"label": "ham", "by": "model"}
    assert (board.step(), board.page.items, board.labels(name)) == ({name: "automatic"}, {name: "pending"}, [])


def test_items_that_are_no_case_are_named_and_the_others_go_on(board: Board) -> None:
    good, wrong, none = board.page.trace(body={"text": "a"}), board.page.trace(body=7), board.page.trace(other=1)
    board.page.make(good, wrong, none)
    told = board.step()
    assert (told[good], told[none]) == ("waiting", "its trace has no such input")
    assert told[wrong].startswith("HTTP 400")


def test_a_queue_that_is_not_there_is_not_found(mlflow_server: MlflowServer) -> None:
    with pytest.raises(NotFound):
        MlflowReviewQueue(mlflow_server.url, "no such experiment", "q").pending()


def test_traces_are_chosen_by_mlflows_own_filter(board: Board) -> None:
    chosen, other = board.page.trace(n=1), board.page.trace(n=2)
    MlflowClient(board.uri).set_trace_tag(chosen, "env", "prod")
    traces = MlflowTraces(board.uri)
    assert [each.trace_id for each in traces.items(board.experiment, only="tags.env = 'prod'")] == [chosen]
    assert {each.trace_id for each in traces.items(board.experiment)} == {chosen, other}
    with pytest.raises(InvalidInput):
        traces.items(board.experiment, only="nonsense = 1")


def test_decided_cases_are_an_evaluation_dataset_that_mlflow_evaluates(board: Board) -> None:
    @scorer  # type: ignore[untyped-decorator, unused-ignore]
    def is_right(outputs: str, expectations: dict[str, str]) -> bool:
        return outputs == expectations["label"]

    records = [record_of(case()), record_of(case(features={"text": "Hi"}, label="ham", case_id="c2"))]
    counts = [merge_records(board.uri, board.experiment, f"mail-{board.experiment}", records) for _ in range(2)]
    assert counts == [2, 2]
    with at(board.uri):
        (found,) = datasets.search_datasets(filter_string=f"name = 'mail-{board.experiment}'")
        mlflow.set_experiment(board.experiment)
        result = mlflow.genai.evaluate(data=found, predict_fn=lambda features: "spam", scorers=[is_right])
    assert result.metrics["is_right/mean"] == 0.5
