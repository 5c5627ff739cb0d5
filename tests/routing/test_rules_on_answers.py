"""Rules that speak of what the model says: its label or the declared fields, and its confidence."""

from typing import Any

import pytest

from hitl.answers.fields import FieldsAnswer
from hitl.answers.rule_values import rule_values
from hitl.routing.policy import Policy
from hitl.routing.prediction import Prediction
from hitl.routing.rule_cost import loops_of
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import Request, Steering

AMOUNTS = FieldsAnswer.model_validate({"fields": [{"name": name, "type": "money"} for name in ("net", "vat", "total")]})
SURE = Prediction("as_declared", (0.99, 0.01), 0.99, 0.05, "m" * 64)


def steered(when: str, said: Prediction | None = SURE, **amounts: Any) -> tuple[str, str | None]:
    """The action, and why an expression failed."""
    body = {
        "risk": "uncertified",
        "automatic": 0.9,
        "rules": [{"name": "one", "when": when, "effect": "review", "reason": "because"}],
    }
    values = rule_values(AMOUNTS, AMOUNTS.check(amounts)) if amounts else None
    found = Steering(CompiledPolicy(Policy.model_validate(body))).steer(Request({}, {}, "bot", values), said)
    return found.route.action.value, found.failure


@pytest.mark.parametrize(
    ("when", "amounts", "action"),
    [
        ("cents.net + cents.vat != cents.total", {"net": "0.10", "vat": "0.20", "total": "0.30"}, "automatic"),
        ("cents.net + cents.vat != cents.total", {"net": "0.10", "vat": "0.20", "total": "0.31"}, "review"),
        ("answer.total > 5000.0", {"net": 1, "vat": 1, "total": 5000}, "automatic"),
        ("answer.total > 5000.0", {"net": 1, "vat": 1, "total": 5000.01}, "review"),
        ("!has(answer.vat)", {"net": 1, "vat": None, "total": 1}, "review"),
        ("!has(answer.vat)", {"net": 1, "vat": 0, "total": 1}, "automatic"),
    ],
)
def test_rules_read_the_declared_fields(when: str, amounts: dict[str, Any], action: str) -> None:
    assert steered(when, **amounts) == (action, None)


def test_a_rule_about_a_field_that_is_null_fails_and_gives_the_case_to_people() -> None:
    action, failure = steered("answer.total > 5000.0", net=1, vat=1, total=None)
    assert action != "automatic"
    assert failure is not None


@pytest.mark.parametrize(
    ("when", "action"),
    [
        ("answer == 'as_declared'", "review"),
        ("answer == 'corrected'", "automatic"),
        ("confidence < 0.995", "review"),
        ("confidence < 0.9", "automatic"),
    ],
)
def test_rules_read_the_label_and_the_confidence(when: str, action: str) -> None:
    assert steered(when)[0] == action


def test_without_a_prediction_there_is_no_answer() -> None:
    assert steered("answer == null", said=None)[1] is None


@pytest.mark.parametrize("read", ["answer.note", "cents.net"])
def test_a_loop_over_the_answer_is_bounded_like_one_over_the_request(read: str) -> None:
    assert loops_of(f"[1, 2].map(x, [3, 4].map(y, {read} + {read}))")


def test_a_rule_about_the_confidence_says_nothing_before_there_is_a_model() -> None:
    assert steered("confidence < 0.8", said=None)[1] is not None


@pytest.mark.parametrize(
    "when",
    [
        "{'EUR': 1, 'USD': 2}[metadata.word] > 1",
        "[1, 2][int(metadata.number)] > 1",
        "metadata.word.matches(metadata.pattern)",
        "int(metadata.word) > 1",
        "timestamp(metadata.word) > timestamp('2026-01-01T00:00:00Z')",
    ],
)
def test_the_failure_of_a_rule_repeats_nothing_of_the_case(when: str) -> None:
    """It stands in clear in a record that is never erased."""
    body = {"rules": [{"name": "one", "when": when, "effect": "review"}]}
    metadata = {"word": "SECRETNAME", "number": "471147", "pattern": "SECRETNAME("}
    failure = CompiledPolicy(Policy.model_validate(body)).judge({}, metadata, "bot").failure
    assert failure is not None
    assert "SECRET" not in failure
    assert "471147" not in failure
