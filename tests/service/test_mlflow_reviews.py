"""The whole product between its own MLflow and people: traces that wait there are answered here, over a kill."""

import json
from uuid import uuid4

import httpx2
import pytest
from mlflow import MlflowClient

from tests.clients.mlflow_page import ReviewPage
from tests.faults.product import is_gone
from tests.running import Running, images, kill, until

pytestmark = pytest.mark.service

REVIEW = "ray::ServeReplica:review:Review"
BACK_WITHIN_S = 300.0


class Passes:
    """A queue of MLflow and ``hitl mlflow``."""

    def __init__(self, service: Running) -> None:
        self.service, self.experiment = service, f"agent-{uuid4().hex}"
        self.page = ReviewPage(service.state.mlflow_url, self.experiment, "doubtful")

    def take(self) -> dict[str, str]:
        given = ("--task", "digits", "--features-at", "row", "--key", self.service.keys["client"])
        said = self.service.command("mlflow", "take-queue", self.experiment, "doubtful", *given).stdout
        return dict(line.split(": ", 1) for line in said.splitlines() if line.startswith("tr-"))

    def answer(self, case_id: str) -> None:
        """Ada answers what she is given until this case is done."""
        with self.service.as_("ada") as reviewer, self.service.as_("client") as client:
            while client.decision(case_id)["status"] != "decided":
                for review in reviewer.claim("digits", count=5).get("reviews", []):
                    reviewer.answer(review["review_id"], review["lease"]["id"], "3")

    def case_of(self, trace_id: str) -> str:
        with self.service.as_("client") as client:
            row = MlflowClient(self.service.state.mlflow_url).get_trace(trace_id).data.spans[0].inputs["row"]
            return str(client.decide("digits", row, {"mlflow_trace_id": trace_id}, key=f"review-queue:{trace_id}")["case_id"])


def is_ready(service: Running) -> bool:
    """Whether the review application answers: one attempt, since a client that repeats has less patience than a start takes."""
    try:
        return httpx2.get(f"{service.url}/ready", timeout=10).status_code == 200
    except httpx2.TransportError:
        return False


def test_a_trace_that_waits_in_mlflow_is_completed_once_people_answered_here(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", service.state.mlflow_url)
    passes = Passes(service)
    names = [passes.page.trace(row=features) for features, _ in images(20, start=400)]
    passes.page.make(*names)
    waiting = next(name for name, outcome in passes.take().items() if outcome == "waiting")
    killed = service.processes(REVIEW)
    for pid in killed:
        kill(pid)
    until(lambda: all(map(is_gone, killed)) and is_ready(service), BACK_WITHIN_S)
    passes.answer(passes.case_of(waiting))
    assert passes.take()[waiting] == "decided"
    (said,) = MlflowClient(service.state.mlflow_url).get_trace(waiting).info.assessments
    assert (said.expectation.value, said.source.source_id, passes.page.items[waiting]) == ("3", "ray-hitl", "complete")


def test_a_review_that_is_answered_in_mlflow_is_adas_decision(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", service.state.mlflow_url)
    with service.as_("client") as client:
        until(lambda: any(client.decide("digits", row)["status"] == "pending_human" for row, _ in images(20, start=440)))
    given = ("mlflow", "lend-reviews", "digits", "--most", "1", "--key", service.keys["ada"])
    until(lambda: "lent" in service.command(*given).stdout)
    page = ReviewPage(service.state.mlflow_url, "hitl-reviews-digits", "hitl-ada")
    (name,) = [item for item, status in page.items.items() if status == "pending"]
    page.answer(name, "5", "ada")
    (review,) = [line.partition(":")[0] for line in service.command(*given).stdout.splitlines() if line.endswith("answered")]
    with service.as_("operator") as operator:
        outcome = operator.review(review)["review"]["outcome"]
    assert outcome is not None
    assert (outcome["label"], outcome["reviewer"]) == ("5", "ada")


def test_decided_cases_become_an_evaluation_dataset(service: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", service.state.mlflow_url)
    given = ("digits", f"digits-{uuid4().hex}", "--key", service.keys["trainer"])
    said = service.command("mlflow", "evaluation-set", *given).stdout
    assert json.loads(said.split()[0]) >= 1
