"""Figures of columns are those of rows."""

import random
from dataclasses import replace

import numpy as np
import pytest

from hitl.quality.answer_columns import columns_of
from hitl.quality.answers import SettledReview
from hitl.quality.betting import mean_interval, rare_mean_interval
from hitl.quality.figures import ENOUGH_VALUES, Book, figures, mean_of
from hitl.quality.interval import Interval
from hitl.quality.people_errors import people_tally
from hitl.quality.report import quality_report
from hitl.quality.targets import TARGETS
from hitl.quality.traffic import DAY_S, Groups, Traffic
from hitl.routing.route import Action
from tests.contracts.intake_contract import record
from tests.fakes import figures_by_rows as by_rows
from tests.quality.test_certifying import answer


def some_history(rng: random.Random, cases: int) -> tuple[Traffic, list[SettledReview], dict[str, Groups]]:
    """Some days of a task: what the model, overrides and people decided, checked with two rates, answered by up to three."""
    traffic, answers, groups = Traffic(), list[SettledReview](), dict[str, Groups]()
    errs = rng.choice([0.0, 0.02, 0.2])
    for number in range(cases):
        at, segment = number * 4_000.0, rng.choice(["all", "old"])
        action = rng.choice([Action.AUTOMATIC, Action.AUTOMATIC, Action.REVIEW, Action.EXPERT])
        is_override = action is Action.AUTOMATIC and rng.random() < 0.1
        streams = [name for name in ("gold", "audit") if rng.random() < 0.4]
        audit = rng.choice([0.1, 0.4])
        came = replace(record(f"c{number}", action), at=at, segment=segment, streams=streams, confidence=rng.uniform(0.5, 1))
        came = replace(came, model_version=None if is_override else "m", prediction="a")
        groups[came.case_id] = traffic.count(came, {"site": rng.choice(["x", "y"])})
        is_automatic = action is Action.AUTOMATIC
        if (is_automatic and not streams) or rng.random() < 0.2:
            continue
        votes = tuple(
            (name, "b" if rng.random() < errs else "a") for name in rng.sample(["ann", "ben", "cem"], rng.randint(1, 3))
        )
        settled = replace(
            answer(number, came.confidence or 0.0, False, automatic=is_automatic),
            case_id=came.case_id,
            model_version=came.model_version,
            segment=segment,
            streams=tuple(streams),
            is_blind=rng.random() < 0.7,
            votes=votes,
            label=votes[-1][1],
            prediction="a",
            gold_probability=rng.choice([0.2, 0.3]),
            audit_probability=audit,
            opened_at=at,
            at=at + rng.expovariate(1 / 5_000),
            held_s=rng.choice([None, rng.uniform(5, 90)]),
            expert_agreed=rng.choice([None, None, True, False]) if len(votes) > 1 else None,
        )
        answers.append(settled)
    return traffic, sorted(answers, key=lambda each: each.at), groups


def close(found: Interval, wanted: Interval) -> bool:
    """A bettor's interval depends on the order of the cases, which tells nothing; all others are the same."""
    assert (found.value, found.n, found.method) == (pytest.approx(wanted.value), wanted.n, wanted.method)
    within = {"rel": 0.35, "abs": 0.03} if "betting" in wanted.method else {"rel": 1e-9, "abs": 1e-9}
    return [found.low, found.high] == [pytest.approx(end, **within) for end in (wanted.low, wanted.high)]


@pytest.mark.parametrize("seed", range(12))
def test_figures_of_columns_are_those_of_rows(seed: int) -> None:
    traffic, answers, groups = some_history(random.Random(seed), 400)
    people, ripe_at = people_tally(answers), 300 * 4_000.0
    book = Book(traffic, columns_of(answers, groups), people=people, ripe_at=ripe_at)
    row_book = by_rows.RowBook(traffic, answers, people=people, ripe_at=ripe_at)
    found, wanted = figures(book), by_rows.figures(row_book)
    assert found.keys() == wanted.keys()
    assert [name for name, each in found.items() if not close(each, wanted[name])] == []


@pytest.mark.parametrize("seed", range(3))
def test_the_parts_of_a_report_are_the_books_of_their_rows(seed: int) -> None:
    traffic, answers, groups = some_history(random.Random(seed), 150)
    report = quality_report(Book(traffic, columns_of(answers, groups)), TARGETS)
    parts = {day["day"]: (lambda cell, day=day: cell.day * DAY_S == day["day"]) for day in report.days}
    found = {**{day["day"]: day for day in report.days}, **report.segments, **report.groups["site"]}
    parts |= {name: (lambda cell, name=name: cell.segment == name) for name in report.segments}
    parts |= {name: (lambda cell, name=name: ("site", name) in cell.groups) for name in report.groups["site"]}
    assert len(report.days) == 7
    for name, part in parts.items():
        is_ours = {
            each.case_id: name in (each.opened_at // DAY_S * DAY_S, each.segment, dict(groups[each.case_id])["site"])
            for each in answers
        }
        wanted = by_rows.figures(by_rows.RowBook(traffic, [each for each in answers if is_ours[each.case_id]], part))
        for figure, interval in wanted.items():
            shown = found[name][figure]
            assert close(Interval(shown.value, shown.low, np.inf if shown.high is None else shown.high, *tail(shown)), interval)


def tail(shown: Interval) -> tuple[int, float, str]:
    return shown.n, shown.confidence, shown.method


@pytest.mark.parametrize("n", [1, 30, 200, 900])
def test_a_bet_among_zeros_is_the_one_of_each_case(n: int) -> None:
    rng = np.random.default_rng(n)
    places = np.sort(rng.choice(n, min(n, 9), replace=False))
    values, dense = rng.uniform(0, 1, len(places)), np.zeros(n)
    dense[places] = values
    found, wanted = rare_mean_interval(places, values, n), mean_interval(dense)
    assert [found.value, found.low, found.high] == pytest.approx([wanted.value, wanted.low, wanted.high], rel=0.01, abs=1e-6)


def test_bets_that_are_renewed_seldom_cost_little() -> None:
    rng, n = np.random.default_rng(1), 100_000
    places, dense = np.sort(rng.choice(n, 30, replace=False)), np.zeros(n)
    dense[places] = 0.5
    found, wanted = rare_mean_interval(places, dense[places], n), mean_interval(dense)
    assert found.low == pytest.approx(wanted.low, rel=0.01)
    assert found.high == pytest.approx(wanted.high, rel=0.01)


def test_the_mean_of_many_values_is_as_good_as_normal() -> None:
    rng = np.random.default_rng(2)
    values, weights = rng.lognormal(0, 1, ENOUGH_VALUES), rng.choice([1.0, 5.0], ENOUGH_VALUES)
    for weight in (None, weights):
        found, few = mean_of(values, weights=weight), by_rows.mean_of(values.tolist(), weights=weight)
        assert (found.method, few.method) == ("normal", "bootstrap")
        assert found.value == pytest.approx(few.value)
        assert found.high - found.low == pytest.approx(few.high - few.low, rel=0.1)


@pytest.mark.slow
def test_the_normal_interval_of_waiting_times_holds_their_mean() -> None:
    held = 0
    for seed in range(400):
        found = mean_of(np.random.default_rng(seed).lognormal(0, 1, ENOUGH_VALUES))
        held += found.low <= np.exp(0.5) <= found.high
    assert held >= 366, "of 400, where 95 % are 380"
