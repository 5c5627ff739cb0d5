"""The product's own MLflow: the routes read it, and what people decide reaches it."""

import time
from typing import Any

import pytest

from hitl.adapters.mlflow.assessments import MlflowAssessments
from hitl.client.calls import get
from hitl.errors import NotFound
from tests.running import APPEARS_WITHIN_S, Running, images

pytestmark = pytest.mark.service

TOLD_WITHIN_S = 300.0


def _read(service: Running, part: str) -> dict[str, Any]:
    with service.as_("operator") as operator:
        return operator.send(get("api", "v1", "mlflow", "tracking", part, ""))


@pytest.mark.covers("004-12", "004-15", "002-35")
def test_the_routes_read_the_products_own_mlflow(service: Running) -> None:
    health = _read(service, "health")
    assert (health["enabled"], health["mlflow"]["reachable"], health["database"]["reachable"]) == (True, True, True)
    assert "pid_verification" in [row["key"] for row in _read(service, "experiments")["experiments"]]
    assert _read(service, "metrics").keys() == {"feature", "metrics"}


def test_what_a_person_decides_becomes_an_assessment(service: Running) -> None:
    case = _decided_by_a_person(service)
    said = _assessments(service, case)
    assert {item.source.source_type for item in said} == {"HUMAN"}
    assert ("label", "ada") in {(item.name, item.source.source_id) for item in said}


def _decided_by_a_person(service: Running) -> str:
    with service.as_("client") as client, service.as_("ada") as reviewer:
        for features, _ in images(60, start=300):
            if client.decide("digits", features)["status"] != "pending_human":
                continue
            deadline = time.monotonic() + APPEARS_WITHIN_S
            while time.monotonic() < deadline:
                if review := reviewer.claim("digits").get("review"):
                    reviewer.answer(review["review_id"], review["lease"]["id"], "3")
                    return str(review["case_id"])
    raise AssertionError("no case for a person")


def _assessments(service: Running, case: str) -> list[Any]:
    box, deadline = MlflowAssessments(service.state.mlflow_url), time.monotonic() + TOLD_WITHIN_S
    while time.monotonic() < deadline:
        try:
            if found := box.of_case(case):
                return found
        except NotFound:
            pass
        time.sleep(0.5)
    raise AssertionError("MLflow was told nothing")
