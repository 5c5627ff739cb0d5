"""The loop over HTTP against the real processes: predict, route, review, learn, approve, swap, and the history of it."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from mlflow import MlflowClient

from hitl.adapters.mlflow.registry import ModelRegistration, ModelRegistry
from hitl.client import Client
from hitl.client.errors import ApiError
from tests.running import APPEARS_WITHIN_S, ROOT, Running, candidate, deploy, images, request, serving, until, vote

pytestmark = pytest.mark.service

ANSWER = {
    "request_id",
    "prediction",
    "prediction_probs",
    "confidence",
    "uncertainty",
    "confidence_level",
    "features",
    "processing_time",
    "model_version",
    "policy_version",
    "route",
}


def claim_of(reviewer: Client, case_id: str, queue: str = "digits") -> dict[str, Any]:
    """Claims until the review of ``case_id`` comes up; what other tests left is given back at the end."""
    others, found = [], None
    deadline = time.monotonic() + APPEARS_WITHIN_S
    while found is None and time.monotonic() < deadline:
        review = reviewer.claim(queue).get("review")
        if review is None:
            time.sleep(0.1)
        elif review["case_id"] == case_id:
            found = review
        else:
            others.append(review)
    for review in others:
        reviewer.release(review["review_id"], review["lease"]["id"])
    assert found is not None
    return found


def pending_case(service: Running, number: int) -> dict[str, Any]:
    """A case that people decide: the first of some images of which the model is not sure."""
    with service.as_("client") as client:
        cases = (
            client.decide("digits", features, key=f"{number}-{at}") for at, (features, _) in enumerate(images(50, number * 50))
        )
        return next(case for case in cases if case["status"] != "decided")


@pytest.mark.covers("003-44", "003-01", "003-65", "D43", "D49", "D16")
def test_every_answer_says_what_was_seen_and_why_it_went_where(service: Running) -> None:
    deploy(service, candidate(service))
    with service.as_("client") as client:
        answer = client.decide("digits", images(1)[0][0])
    assert answer.keys() >= ANSWER
    assert answer["prediction_probs"][int(answer["prediction"])] == answer["confidence"]
    assert 0 <= answer["processing_time"] < 60


@pytest.mark.covers("D22")
def test_a_case_that_the_model_is_sure_of_is_decided_with_the_predicted_label(service: Running) -> None:
    deploy_if_needed(service)
    with service.as_("client") as client:
        answers = [client.decide("digits", features) for features, _ in images(30)]
    automatic = [answer for answer in answers if answer["route"]["action"] == "automatic"]
    assert automatic
    assert all(answer["outcome"] == {"label": answer["prediction"], "by": "model"} for answer in automatic)


@pytest.mark.covers("003-43")
def test_the_same_request_under_the_same_key_is_one_case(service: Running) -> None:
    with service.as_("client") as client:
        first = client.decide("digits", [1.0] * 64, key="twice")
        assert client.decide("digits", [1.0] * 64, key="twice") == first
        with pytest.raises(ApiError) as refused:
            client.decide("digits", [2.0] * 64, key="twice")
    assert refused.value.status == 422


@pytest.mark.covers("D04", "D07", "D09")
def test_a_reviewer_decides_and_the_waiting_client_hears_of_it(service: Running) -> None:
    case = pending_case(service, 1)
    with service.as_("eve") as eve, service.as_("client") as client:
        review = claim_of(eve, case["case_id"], _queue(case))
        assert review["payload"]["features"] == case["features"]
        eve.answer(review["review_id"], review["lease"]["id"], "7", confidence=0.8, comment="clearly a seven")
        outcome = client.wait(case["case_id"], 10)["outcome"]
    assert (outcome["label"], outcome["by"], "eve" in str(outcome)) == ("7", "person", False)


@pytest.mark.covers("D07")
def test_a_second_answer_changes_nothing_and_says_who_won(service: Running) -> None:
    case = pending_case(service, 2)
    with service.as_("eve") as eve:
        review = claim_of(eve, case["case_id"], _queue(case))
        eve.answer(review["review_id"], review["lease"]["id"], "3")
        with pytest.raises(ApiError) as late:
            eve.answer(review["review_id"], review["lease"]["id"], "4")
        kept = eve.review(review["review_id"])["review"]
    assert late.value.status == 409
    assert "eve" in str(late.value)
    assert kept["outcome"]["label"] == "3"


@pytest.mark.covers("D08")
def test_an_escalated_review_keeps_everything(service: Running) -> None:
    case = pending_case(service, 3)
    with service.as_("eve") as eve:
        review = claim_of(eve, case["case_id"], _queue(case))
        eve.escalate(review["review_id"], review["lease"]["id"], "cannot tell")
        again = claim_of(eve, case["case_id"], "digits.expert")
        assert again["payload"] == review["payload"]
        eve.answer(again["review_id"], again["lease"]["id"], "1")


def test_a_decision_becomes_an_example(service: Running) -> None:
    case = pending_case(service, 4)
    with service.as_("eve") as eve, service.as_("trainer") as trainer:
        review = claim_of(eve, case["case_id"], _queue(case))
        eve.answer(review["review_id"], review["lease"]["id"], "9")
        found = {row["case_id"]: row for row in trainer.examples("digits")["examples"]}
    assert (found[case["case_id"]]["label"], found[case["case_id"]]["features"]) == ("9", case["features"])


@pytest.mark.covers("D33")
def test_a_rejected_candidate_never_serves_whatever_the_registry_says(service: Running) -> None:
    deploy_if_needed(service)
    before, bad = serving(service), candidate(service, strength=1e-6)
    vote(service, request(service, bad), bad, "kim", how="reject")
    run = MlflowClient(service.state.mlflow_url).create_run("0")
    registry = ModelRegistry(service.state.mlflow_url)
    registry.register("digits", ModelRegistration(bad, run.info.run_id, "model", {}))
    registry.set_champion("digits", bad)
    assert registry.current_champion("digits") == bad
    time.sleep(3)
    assert serving(service) == before


@pytest.mark.covers("D33")
def test_one_vote_of_two_deploys_nothing(service: Running) -> None:
    deploy_if_needed(service)
    before, digest = serving(service), candidate(service, strength=0.7)
    vote(service, request(service, digest), digest, "kim")
    time.sleep(2)
    assert serving(service) == before


def test_going_back_is_one_operators_act_and_history_tells_what_served_when(service: Running) -> None:
    first, second = candidate(service, 0.5), candidate(service, 0.6)
    deploy(service, first)
    between = datetime.now(UTC).isoformat()
    time.sleep(0.05)
    deploy(service, second)
    with service.as_("operator") as operator:
        operator.roll_back("digits", first, "the second one was worse")
        until(lambda: serving(service) == [first])
        then = operator.model_at("digits", between)["serving"]
        changes = operator.model("digits")["history"][-3:]
    assert [version[0] for version in then["versions"]] == [first]
    assert [change["versions"][0][0] for change in changes] == [first, second, first]


def test_every_chain_of_the_history_holds(service: Running) -> None:
    rows = json.loads(service.command("verify", "--json").stdout)
    assert sum(row["entries"] for row in rows) > 0


def test_another_program_replays_the_history_to_the_live_state(service: Running) -> None:
    argv = [sys.executable, "examples/replay_journal.py", "--redis-url", service.state.redis_url, "--api", service.url]
    argv += ["--key", service.keys["operator"], "--json", "--archive", str(service.place.data_dir / "archive")]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["replay_matches"] is True, done.stderr


def deploy_if_needed(service: Running) -> None:
    if not serving(service):
        deploy(service, candidate(service))


def _queue(case: dict[str, Any]) -> str:
    return "digits.expert" if case["route"]["action"] == "expert" else "digits"
