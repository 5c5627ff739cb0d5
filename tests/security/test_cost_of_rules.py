"""A rule whose every step goes through the whole request: the interpreter counts its steps, and the service counts the rest."""

from typing import Any

import pytest

from hitl.routing import rule_cost
from hitl.routing.policy import Policy
from hitl.routing.rule_cost import MOST_COST, cost_of, loops_of
from hitl.routing.rules import TOO_LONG, CompiledPolicy
from tests.gateway.service import FIRST, Service

TEN = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"
SLOW = [
    "features.map(x, x).size() > 1",
    "features.filter(x, x > 0.0).size() > 1",
    "(features + features).map(x, x).size() > 1",
    "features.all(x, features == features)",
    "features.all(x, metadata == metadata || features.size() > 1)",
    "features.all(x, (client + client).size() > 0 || features == features)",
    "features.all(x, features.exists(y, y > 2.0) || true)",
    f"{TEN}.all(a, {TEN}.all(b, {TEN}.all(c, features == features)))",
    "[features].all(x, [0, 1].all(y, x.map(z, z) == x))",
    "features[0].all(x, true) || features.map(x, x).size() > 1 // fast",
    "metadata.note.matches('x') || features.map(x, ')').size() > 1",
]
FAST = [
    "features.all(x, x > 0.0)",
    "features.exists(x, x in [1.0, 2.0])",
    "['a', 'b'].exists(kind, metadata.kind == kind)",
    "metadata.kind == 'all(map(' && features.size() > 9",
    f"client == 'ada' || {TEN}.exists(x, features[x] > 1.0)",
]


def policy(*rules: str) -> CompiledPolicy:
    body = [{"name": f"r{number}", "when": when, "effect": "review"} for number, when in enumerate(rules)]
    return CompiledPolicy(Policy.model_validate({"rules": body}))


def large(count: int) -> dict[str, Any]:
    return {"features": [1.0] * count, "metadata": {"kind": "b", "note": "n"}, "client": "ada"}


@pytest.mark.parametrize("rule", SLOW)
def test_what_takes_time_with_the_square_of_the_request_is_not_evaluated(rule: str) -> None:
    found = policy(rule).judge(**large(9_000))
    assert (found.matched, found.failure) == ((), TOO_LONG)


@pytest.mark.parametrize("rule", FAST)
def test_what_takes_time_with_its_length_is_evaluated(rule: str) -> None:
    assert policy(rule).judge(**large(9_000)).failure is None


@pytest.mark.parametrize("rule", SLOW[:8])
def test_a_small_request_passes_all_of_them(rule: str) -> None:
    assert policy(rule).judge(**large(64)).failure is None


def test_many_rules_share_one_bound() -> None:
    rules = ["features.map(x, x).size() > 1"] * 40
    assert policy(rules[0]).judge(**large(1_000)).failure is None
    assert policy(*rules).judge(**large(1_000)).failure == TOO_LONG


def test_characters_count_as_values_do() -> None:
    """``metadata.note + metadata.note`` at every step was a gigabyte."""
    bomb = {**large(500), "metadata": {"note": "x" * 20_000}}
    assert policy("features.map(x, metadata.note + metadata.note).size() > 1").judge(**bomb).failure == TOO_LONG


@pytest.mark.parametrize("text", ["features.map(x, x))(", ")", "[[["])
def test_a_text_that_cannot_be_read_counts_as_the_worst(text: str) -> None:
    assert cost_of(loops_of(text), large(9_000)) > MOST_COST


async def test_a_case_that_the_rules_would_take_too_long_for_goes_to_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hitl.routing.rules.MOST_COST", 1)
    service = Service()
    rule = {"name": "r", "when": SLOW[0], "effect": "priority", "priority": "low"}
    await service.deploy((FIRST, 1.0), policy=Policy.model_validate({"rules": [rule]}).body())
    reply = (await service.decide([0.97, 0.02, 0.01])).json()
    assert (reply["status"], reply["route"]["action"]) == ("pending_human", "review")
    assert TOO_LONG in reply["route"]["reason"]
    assert rule_cost.MOST_COST == MOST_COST
    await service.http.aclose()
