"""Fields of a document that go through one by one: each by its own score and threshold, people for the others."""

from typing import Any

import pytest

from hitl.errors import InvalidConfig
from hitl.routing.circumstances import RoutingEvidence
from hitl.routing.policy import Policy, Risk, Sampling
from hitl.routing.prediction import Prediction
from hitl.routing.route import Action
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import Request, Steered, Steering
from hitl.tasks import load_task
from tests.running import ROOT

MODEL = "m" * 64
INVOICES = (ROOT / "examples" / "tasks" / "declared_invoices.yaml").read_text(encoding="utf-8")
PREDICTION = Prediction("as_declared", (0.7, 0.3), 0.7, 0.1, MODEL)


def policy(**more: Any) -> Policy:
    terms = {"parts": "each", "risk": Risk(level=0.05), "sampling": Sampling(random=0.1, audit=0.05, cold=1.0)}
    return Policy(**{**terms, **more})


def steering(thresholds: dict[str, float | None], stopped: dict[str, str] | None = None, **more: Any) -> Steering:
    compiled = CompiledPolicy(policy(**more))
    known: Any = {MODEL: {"certificate": "c", "policy_version": compiled.version, "segments": thresholds}}
    return Steering(compiled, RoutingEvidence(known, stopped or {}, {"part:total": 0.4}))


def steered(by: Steering, **scores: float) -> Steered:
    return by.steer(Request({"amount": 7}, {}, "client", None, scores or None), PREDICTION)


CERTIFIED = {"part:total": 0.9, "part:day": 0.8, "part:vendor": None}


def test_the_parts_at_or_above_their_thresholds_go_by_themselves() -> None:
    route = steered(steering(CERTIFIED), total=0.9, day=0.79, vendor=1.0).route
    assert (route.action, route.parts, route.certificate) == (Action.REVIEW, ("total",), "c")
    assert "day, vendor under the certified threshold or without one" in route.reason


def test_a_case_all_of_whose_parts_pass_needs_nobody() -> None:
    route = steered(steering(CERTIFIED), total=0.95, day=0.8).route
    assert (route.action, route.parts, route.certificate) == (Action.AUTOMATIC, ("total", "day"), "c")


def test_the_certificate_of_whole_cases_says_nothing_of_parts() -> None:
    route = steered(steering({"all": 0.1}), total=0.99).route
    assert (route.action, route.parts) == (Action.REVIEW, ())


def test_a_case_without_scores_of_its_parts_is_for_people() -> None:
    route = steered(steering(CERTIFIED)).route
    assert (route.action, route.parts) == (Action.REVIEW, ())
    assert "no score for each part" in route.reason


@pytest.mark.parametrize("effect", ["review", "expert", "high_risk", "compliance"])
def test_a_rule_that_wants_people_wants_them_for_every_part(effect: str) -> None:
    rules = [{"name": "large", "when": "features.amount > 5", "effect": effect}]
    assert steered(steering(CERTIFIED, rules=rules), total=0.99, day=0.99).route.parts == ()


def test_a_stopped_part_is_for_people_and_the_others_go_on() -> None:
    assert steered(steering(CERTIFIED, {"part:total": "drift"}), total=0.99, day=0.99).route.parts == ("day",)


def test_what_people_decide_anyway_is_a_blind_check_but_not_what_the_model_decided_in_part() -> None:
    """A blind check asks for every part: it would cost what the certificates save."""
    by = steering(CERTIFIED)
    assert by.random_probability(steered(by, total=0.1, day=0.1), MODEL) == 1.0
    assert by.random_probability(steered(by, total=0.99, day=0.1), MODEL) == 0.1
    assert by.random_probability(steered(by, total=0.99, day=0.99), MODEL) == 0.1


def test_audits_draw_whole_cases_at_the_largest_rate_that_a_part_asks_for() -> None:
    by = steering(CERTIFIED)
    assert by.audit_probability(steered(by, total=0.99, day=0.1)) == 0.4
    assert by.audit_probability(steered(by, total=0.1, day=0.99)) == 0.05
    assert by.audit_probability(steered(by, total=0.1, day=0.1)) == 0.0


def test_policies_of_before_keep_their_version() -> None:
    assert "parts" not in Policy().body()
    assert policy().body()["parts"] == "each"


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("policy: {parts: each, costs: {}}", "costs"),
        ("policy: {parts: each, segments: {by_label: true}}", "segments.by_label"),
        ("policy: {parts: each, segments: {named: [{name: old, when: 'true'}]}}", "segments.named"),
    ],
)
def test_terms_of_whole_cases_are_refused_beside_parts(said: str, key: str) -> None:
    with pytest.raises(InvalidConfig, match="leave it out where parts is each") as refused:
        load_task(f"{INVOICES}\n{said}\n", "invoices.yaml")
    assert refused.value.args[1] == key


def test_a_task_of_labels_has_no_parts() -> None:
    text = (ROOT / "configs" / "tasks" / "digits.yaml").read_text(encoding="utf-8")
    with pytest.raises(InvalidConfig, match="each is for answers of several fields"):
        load_task(text.replace("policy: {", "policy: {parts: each, "), "digits.yaml")


def test_parts_want_checks_that_see_every_part() -> None:
    text = INVOICES.replace(
        "review: {lease_s: 600.0}", "review: {expert_validation: 0.1, random_answers: one_and_expert_where_it_differs}"
    )
    with pytest.raises(InvalidConfig, match="expected whole"):
        load_task(f"{text}\npolicy: {{parts: each}}\n", "invoices.yaml")
