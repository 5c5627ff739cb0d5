"""Comparison, reports, anomalies, prompts' tests, prices and plots: pure functions of rows."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl.errors import InvalidInput
from hitl.tracking.anomalies import anomalies
from hitl.tracking.compare import compare
from hitl.tracking.config import Budget, TrackingConfig
from hitl.tracking.html import comparison_page, report_page
from hitl.tracking.plots import causal_chain, collaboration, kpi_dashboard
from hitl.tracking.prices import Price, cost_of, price_of
from hitl.tracking.prompts import Prompt, PromptSplit, ab_report, registry_name
from hitl.tracking.redaction import Redactor
from hitl.tracking.report import report
from hitl.tracking.rows import RunRow, summary
from hitl.tracking.significance import compare_rates

DAY = 86_400.0


def _row(n: int = 0, status: str = "success", feature: str = "f", operation: str = "op", **metrics: float) -> RunRow:
    tags = {"feature": feature, "operation": operation}
    tags |= {"error_type": "ValueError", "error_message": "<b>bad</b>", "error_stack": "line 1"} if status == "failure" else {}
    return RunRow(f"r{n}", feature, DAY * 10 + n, status, operation, metrics, {}, tags)


@pytest.mark.covers("004-14")
def test_the_summary_counts_in_per_cent_and_means_over_what_is_there() -> None:
    rows = [
        _row(execution_time=1.0, confidence_score=0.8, cost=0.5),
        _row(status="failure", execution_time=3.0),
        _row(status="running"),
    ]
    expected = {"total_runs": 3, "avg_execution_time": 2.0, "success_rate": 50.0, "avg_confidence": 0.8, "total_cost": 0.5}
    assert summary(rows) == expected


@pytest.mark.covers("004-20", "002-27")
def test_the_best_configuration_is_named_and_luck_is_told() -> None:
    rng = random.Random(1)
    rows = [
        RunRow(f"{model}{n}", "e", 0, "success", "", {"accuracy": rng.gauss(mean, 0.02)}, {"model": model, "seed": str(n % 2)})
        for model, mean in (("small", 0.80), ("large", 0.90))
        for n in range(20)
    ]
    made = compare(rows, "accuracy", ["model"])
    assert made.best is not None
    assert made.best.group == {"model": "large"}
    worse = made.lines[1].difference
    assert worse is not None
    assert worse.is_significant()
    assert "model = large" in comparison_page(made)


def test_lower_is_better_for_costs_and_times() -> None:
    rows = [
        RunRow("a", "e", 0, "success", metrics={"cost": 2.0}, params={"m": "a"}),
        RunRow("b", "e", 0, "success", metrics={"cost": 1.0}, params={"m": "b"}),
    ]
    best = compare(rows, "cost").best
    assert best is not None
    assert best.group == {"m": "b"}


@pytest.mark.covers("004-18", "004-19", "004-21", "004-22", "004-20")
def test_a_report_tells_distributions_errors_costs_and_the_slowest() -> None:
    rows = [_row(n, execution_time=1.0 + n, confidence_score=n / 10, accuracy=0.5, cost=0.1 * n) for n in range(10)]
    rows += [_row(20, status="failure", execution_time=9.5, operation="other")]
    config = TrackingConfig(budgets=[Budget(feature="f", limit=4.0)])
    made = report("f", rows, 0, DAY * 11, config)
    assert {d.metric for d in made.distributions} == {"accuracy", "confidence_score", "execution_time", "cost"}
    assert (made.errors[0].type, made.errors[0].stack, made.slowest[0]["run_id"]) == ("ValueError", "line 1", "r9")
    assert made.dearest[0].cost == pytest.approx(4.5)
    assert made.budgets[0]["passed"] == [0.8, 1.0]
    page = report_page(made)
    assert "&lt;b&gt;bad" in page
    assert "<b>bad" not in page
    json.dumps(made.plain())


@pytest.mark.covers("004-21")
def test_an_outlier_and_a_rising_error_rate_are_anomalies() -> None:
    steady = [_row(n, execution_time=1.0 + 0.01 * (n % 5)) for n in range(60)]
    slow = _row(99, execution_time=30.0)
    failing = [_row(100 + n, status="failure", execution_time=1.0) for n in range(20)]
    found = anomalies([*failing, slow, *steady])
    assert {(a.what, a.run_id) for a in found} >= {("execution_time", "r99"), ("error_rate", None)}
    assert anomalies(steady) == []


@pytest.mark.covers("002-28")
@given(subject=st.text(), key=st.text(min_size=1))
def test_a_subject_keeps_its_variant(subject: str, key: str) -> None:
    split = PromptSplit(key=key, shares={1: 0.5, 2: 0.5})
    assert split.version_for(subject) == PromptSplit(key=key, shares={2: 0.5, 1: 0.5}).version_for(subject)


def test_a_split_gives_each_variant_its_share() -> None:
    split = PromptSplit(key="test", shares={1: 0.8, 2: 0.2})
    second = sum(split.version_for(str(n)) == 2 for n in range(10_000))
    assert 1_800 < second < 2_200


@pytest.mark.covers("002-28")
def test_a_prompt_test_names_a_winner_only_beyond_luck() -> None:
    def rows(version: str, good: int, of: int) -> list[RunRow]:
        tags = {"ab_test": "t", "ab_variant": version}
        return [RunRow(f"{version}-{n}", "e", 0, "success" if n < good else "failure", tags=tags) for n in range(of)]

    assert ab_report("t", rows("1", 80, 100) + rows("2", 97, 100)).winner == "2"
    assert ab_report("t", rows("1", 97, 100) + rows("2", 80, 100)).winner == "1"
    assert ab_report("t", rows("1", 8, 10) + rows("2", 10, 10)).winner is None


@pytest.mark.slow
def test_the_test_of_two_equal_rates_errs_no_more_often_than_it_says() -> None:
    rng = random.Random(7)
    wrong = 0
    for _ in range(2_000):
        a, b = (sum(rng.random() < 0.9 for _ in range(100)) for _ in range(2))
        found = compare_rates(a, 100, b, 100)
        wrong += found is not None and found.is_significant(0.05)
    assert wrong / 2_000 <= 0.06


def test_a_prompt_wants_all_its_variables() -> None:
    prompt = Prompt("greet", 1, "Hello {{ name }}, {{name}}!", {})
    assert prompt.format(name="Ann") == "Hello Ann, Ann!"
    with pytest.raises(InvalidInput, match="/name"):
        prompt.format()


@pytest.mark.parametrize(("name", "stored"), [("triage", "triage-prompt"), ("triage-prompt", "triage-prompt")])
def test_prompts_have_registry_names_of_their_own(name: str, stored: str) -> None:
    assert registry_name(name) == stored


@pytest.mark.parametrize(
    ("model", "price"), [("gpt-4o", 1), ("openai/gpt-4o-2024-08-06", 1), ("gpt-4o-mini-2024", 2), ("gpt-4", None), ("GPT-4O", 1)]
)
def test_a_price_is_found_by_the_longest_name_that_fits(model: str, price: float | None) -> None:
    found = price_of({"gpt-4o": Price(input=1), "gpt-4o-mini": Price(input=2)}, model)
    assert (found.input if found else None) == price


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7))
def test_more_tokens_never_cost_less(given_tokens: int, made: int, cached: int) -> None:
    price = Price(input=2.0, output=8.0, cached_input=0.5)
    now = cost_of(price, input_tokens=given_tokens, output_tokens=made, cached_tokens=cached)
    assert 0 <= now <= cost_of(price, input_tokens=given_tokens + 1, output_tokens=made + 1, cached_tokens=cached)


SECRETS = [
    ("mail bob@example.com now", "bob@"),
    ("key sk-proj-abcdefghijklmnopqrstuv", "abcdefghij"),
    ("AKIAIOSFODNN7EXAMPLE", "AKIA"),
    ("postgresql://ann:hunter2@db/x", "hunter2"),
    ("call +49 30 1234 5678", "1234 5678"),
    ("ssn 123-45-6789", "123-45"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN", "eyJzdWIi"),
]


@pytest.mark.parametrize(("text", "leak"), SECRETS)
def test_secrets_and_personal_data_are_redacted(text: str, leak: str) -> None:
    assert leak not in Redactor().text(text)


@pytest.mark.parametrize(
    "text", ["order 4111111111111112", "version 1.2.3-45", "2026-11-21T10:00:00Z", "a@b", "10 000 000 pieces"]
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert Redactor().text(text) == text


@given(st.text(max_size=300))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = Redactor().text(text)
    assert Redactor().text(once) == once


@pytest.mark.covers("002-38", "002-25")
def test_causal_chains_collaboration_and_figures_are_drawn() -> None:
    svg = causal_chain([("price", "demand", -0.4), ("demand", "<revenue>", 0.8), ("<revenue>", "price", 0.1)])
    assert svg.count("<rect") == 3
    assert "&lt;revenue&gt;" in svg
    assert ">3<" in collaboration({("orchestrator", "explainer"): 3})
    assert "polyline" in kpi_dashboard({"uplift": [0.1, 0.2, 0.4], "empty": []})
