"""The figures of a task from its traffic and its answers."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.quality.answer_columns import columns_of
from hitl.quality.answers import SettledReview
from hitl.quality.figures import Book, figures
from hitl.quality.people_errors import PeopleTally
from hitl.quality.period import rounded
from hitl.quality.traffic import DAY_S, OTHER, RECENT_S, SLOT_S, SLOTS_KEPT, Traffic, TrafficCount, groups_of
from hitl.routing.cost import Costs
from hitl.routing.route import Action
from tests.contracts.intake_contract import record
from tests.quality.test_certifying import answer


def world(n: int = 4000, seed: int = 0) -> tuple[Traffic, list[SettledReview], float]:
    """Automatic above 0.9 with a twentieth audited, people below; the exact error of the automatic part."""
    rng = np.random.default_rng(seed)
    traffic, answers = Traffic(), []
    confidence = 1 - 0.5 * rng.beta(0.5, 2.0, n)
    wrong = rng.random(n) < 1 - confidence
    for i, (sure, errs) in enumerate(zip(confidence.tolist(), wrong.tolist(), strict=True)):
        action = Action.AUTOMATIC if sure > 0.9 else Action.REVIEW
        traffic.count(replace(record(f"c{i}", action), confidence=sure, at=i * 100.0), {"site": "a" if i % 4 else "b"})
        if action is Action.REVIEW:
            answers.append(replace(answer(i, sure, errs, gold=False), votes=(("ann", "a"),)))
        elif rng.random() < 0.05:
            answers.append(replace(answer(i, sure, errs, gold=False, automatic=True), gold_probability=0.0))
    return traffic, answers, float(wrong[confidence > 0.9].mean())


@pytest.mark.covers("003-63", "003-87")
def test_each_figure_has_its_interval_and_its_n() -> None:
    traffic, answers, truth = world()
    found = figures(Book(traffic, columns_of(answers)))
    automatic = traffic.sum(Action.AUTOMATIC, lambda cell: True).cases
    assert found["automation_rate"].value == automatic / 4000
    assert found["automatic_error"].low <= truth <= found["automatic_error"].high
    assert found["automatic_error"].n == sum(each.is_automatic for each in answers)
    assert all(each.low <= each.value <= each.high for each in found.values() if each.value is not None)


def test_the_models_error_on_all_traffic_is_not_that_of_what_people_saw() -> None:
    traffic, answers, _ = world(seed=1)
    seen = sum(each.is_wrong for each in answers) / len(answers)
    model = figures(Book(traffic, columns_of(answers)))["model_error"]
    assert model.high < seen - 0.05


def test_checks_that_nobody_answered_yet_do_not_make_the_error_smaller() -> None:
    traffic, certain = Traffic(), {"gold_probability": 0.0, "audit_probability": 1.0}
    wrong = [replace(answer(i, 0.99, True, gold=False, automatic=True), **certain) for i in range(400)]
    for each in wrong:
        traffic.count(replace(record(each.case_id, "automatic"), confidence=0.99, streams=["audit"]), {})
    half = figures(Book(traffic, columns_of(wrong[::2])))["automatic_error"]
    assert half.value == pytest.approx(1.0, abs=0.01)


@pytest.mark.covers("003-13")
def test_agreement_counts_blind_items_of_all_traffic_alone() -> None:
    shown = [replace(answer(i, 0.8, gold=False), is_blind=False) for i in range(50)]
    blind = [answer(100 + i, 0.8, wrong=i < 3) for i in range(10)]
    found = figures(Book(Traffic(), columns_of([*shown, *blind])))["human_ai_agreement"]
    assert (found.value, found.n) == (0.7, 10)


def test_the_system_errs_where_the_model_or_people_err() -> None:
    traffic, answers, _ = world()
    alone = figures(Book(traffic, columns_of(answers)))["system_error"]
    measured = figures(Book(traffic, columns_of(answers), people=PeopleTally(20, 100)))["system_error"]
    assert alone.value is not None
    assert measured.value is not None
    assert measured.value > alone.value
    assert "taken as right" in alone.method


@pytest.mark.covers("003-11")
def test_a_decision_costs_its_share_of_peoples_time() -> None:
    traffic, answers, _ = world()
    found = figures(Book(traffic, columns_of(answers), costs=Costs(review=0.40)))["cost_per_decision"]
    looks = len(answers)
    assert found.value == pytest.approx(0.40 * looks / 4000 + 0.001)


@pytest.mark.covers("003-12", "003-17")
def test_people_are_held_against_each_other_and_against_experts() -> None:
    votes = [("ann", "a"), ("ben", "a"), ("cem", "b")]
    rows = [replace(answer(i, 0.5, gold=False), votes=tuple(votes[: 2 + i % 2]), expert_agreed=i % 10 > 0) for i in range(60)]
    found = figures(Book(Traffic(), columns_of(rows)))
    assert found["inter_annotator_agreement"].value == pytest.approx((1 + 1 / 3) / 2)
    assert (found["expert_validation_rate"].value, found["expert_validation_rate"].n) == (0.9, 60)


def test_points_of_a_scale_agree_where_they_are_as_near_as_counts_as_right() -> None:
    votes = (("ann", "3"), ("ben", "4"), ("cem", "none_of_these"))
    for within, agreed in ((0, 0.0), (1, 1 / 3)):
        rows = [replace(answer(i, 0.5, gold=False), votes=votes, right_within=within) for i in range(20)]
        assert figures(Book(Traffic(), columns_of(rows)))["inter_annotator_agreement"].value == pytest.approx(agreed)


def test_nothing_seen_says_nothing() -> None:
    found = figures(Book(Traffic(), columns_of([])))
    assert all(each.value is None for each in found.values())


def test_traffic_is_counted_by_part_and_its_groups_stay_few() -> None:
    traffic, _, _ = world(400)
    assert traffic.sum(None, lambda cell: ("site", "b") in cell.groups).cases == 100
    assert list(traffic.groups()) == [("site", "a"), ("site", "b")]
    for i in range(100):
        traffic.count(record(f"x{i}"), {"site": f"s{i}"})
    assert len(traffic.values["site"]) <= 51
    assert traffic.sum(None, lambda cell: ("site", OTHER) in cell.groups).cases == 52
    assert traffic.sum(None, lambda cell: False) == TrafficCount()


def test_groups_come_from_the_first_place_that_has_them() -> None:
    assert groups_of(["sex", "site"], {"site": 3}, {"site": 4, "sex": "f"}) == {"sex": "f", "site": "3"}
    assert groups_of(["sex"], {}) == {"sex": "none given"}


def test_the_last_hour_holds_the_cases_of_its_slots_and_no_other() -> None:
    traffic, now = Traffic(), 40 * DAY_S
    for at in (now - 4000.0, now - 3000.0, now - 10.0, now - 3 * DAY_S):
        traffic.count(replace(record("c", "review"), at=at), {})
    hour = rounded(now - 3600.0, now, now)
    assert traffic.within(hour.since, hour.until, now).sum(None, lambda cell: True).cases == 2
    assert traffic.sum(None, lambda cell: True).cases == 4


def test_a_time_long_ago_is_counted_by_whole_days() -> None:
    traffic, now = Traffic(), 40 * DAY_S
    for at in (now - 10 * DAY_S, now - 9.5 * DAY_S, now - 8.9 * DAY_S, now - 10.1 * DAY_S):
        traffic.count(replace(record("c", "review"), at=at), {})
    days = rounded(now - 9.9 * DAY_S, now - 9.1 * DAY_S, now)
    assert (days.since, days.until) == (now - 10 * DAY_S, now - 9 * DAY_S)
    assert traffic.within(days.since, days.until, now).sum(None, lambda cell: True).cases == 2


def test_the_counts_of_slots_stay_bounded_however_much_comes_in_whatever_order() -> None:
    traffic = Traffic()
    for slot in (*range(0, 3000, 3), *range(1, 3000, 3)):
        traffic.count(replace(record("c", "review"), at=slot * SLOT_S), {})
    assert len(traffic.recent) <= SLOTS_KEPT + 1
    assert min(traffic.recent) * SLOT_S >= 3000 * SLOT_S - RECENT_S - 3 * SLOT_S
