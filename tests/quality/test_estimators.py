"""Figures from unequal probabilities, and the targets they are held against."""

import numpy as np
import pytest

from hitl.errors import InvalidConfig
from hitl.quality.estimators import (
    Audited,
    aipw,
    audit_probabilities,
    corrected_for_reviewers,
    error_rate,
    hajek,
    horvitz_thompson,
)
from hitl.quality.interval import Interval
from hitl.quality.targets import TARGETS, Verdict, judge, targets_from


def cases(n: int, probability: np.ndarray | float, wrong: np.ndarray, seed: int = 0) -> Audited:
    chance = np.broadcast_to(np.asarray(probability, dtype=np.float64), (n,))
    labelled = np.random.default_rng(seed).random(n) < chance
    return Audited(labelled, chance, wrong.astype(np.float64), np.full(n, wrong.mean()))


def test_everything_labelled_gives_the_plain_rate() -> None:
    everyone = cases(100, 1.0, np.arange(100) < 20)
    assert horvitz_thompson(everyone) == hajek(everyone) == pytest.approx(aipw(everyone)) == 0.2


def test_few_errors_with_equal_probabilities_get_the_exact_interval() -> None:
    assert error_rate(cases(1000, 0.1, np.arange(1000) < 5)).method == "clopper-pearson"


def test_few_errors_with_unequal_probabilities_get_the_betting_interval() -> None:
    probability = np.where(np.arange(1000) % 2, 0.1, 0.3)
    assert error_rate(cases(1000, probability, np.arange(1000) < 20)).method == "betting"


def test_many_errors_get_the_corrected_prediction_with_its_spread() -> None:
    figure = error_rate(cases(5000, np.linspace(0.2, 0.9, 5000), np.arange(5000) % 4 == 0))
    assert figure.method == "aipw"
    assert figure.low < 0.25 < figure.high


def test_losses_that_are_not_counts_never_get_the_exact_interval() -> None:
    assert error_rate(cases(1000, 0.1, (np.arange(1000) < 20) * 0.5)).method == "betting"


def test_no_labels_give_no_figure() -> None:
    figure = error_rate(Audited(np.zeros(3, dtype=bool), np.ones(3) * 0.1, np.zeros(3), np.zeros(3)))
    assert (figure.value, figure.low, figure.high) == (None, 0.0, 1.0)


def test_audits_are_likelier_where_errors_are_and_never_impossible() -> None:
    found = audit_probabilities(np.array([0.0, 0.01, 0.5]), base=0.05, mean_uncertainty=0.2)
    assert found[0] >= 0.01
    assert found[0] < found[1] < found[2] <= 1.0


def test_reviewers_errors_are_taken_out_of_an_error_rate() -> None:
    assert corrected_for_reviewers(0.05 * 0.9 + 0.95 * 0.02, false_alarm=0.02, missed=0.1) == pytest.approx(0.05)
    with pytest.raises(ValueError, match="expected"):
        corrected_for_reviewers(0.1, 0.5, 0.5)


def figure(value: float | None, low: float, high: float) -> Interval:
    return Interval(value, low, high, 100, 0.95, "given")


@pytest.mark.covers("003-08", "003-10", "003-11", "003-12", "003-13", "003-14", "003-15", "003-16", "003-17", "003-18")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("automation_rate", 0.85), ("review_latency", 2.0), ("system_accuracy", 0.95), ("cost_per_decision", 0.5),
        ("inter_annotator_agreement", 0.85), ("human_ai_agreement", 0.9), ("review_efficiency", 100.0),
        ("false_positive_rate", 0.05), ("learning_acceleration", 3.0), ("expert_validation_rate", 0.95),
        ("time_to_resolution", 2.0),
    ],
)  # fmt: skip
def test_the_documents_targets_are_the_defaults(name: str, value: float) -> None:
    assert TARGETS[name].value == value


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.86, 0.9, Verdict.MET), (0.80, 0.9, Verdict.NOT_ENOUGH_EVIDENCE), (0.7, 0.8, Verdict.MISSED)],
)
def test_a_target_is_met_only_by_the_whole_interval(low: float, high: float, verdict: Verdict) -> None:
    assert judge(TARGETS["automation_rate"], figure(0.87, low, high)) is verdict


def test_a_ceiling_is_met_from_below() -> None:
    assert judge(TARGETS["cost_per_decision"], figure(0.3, 0.2, 0.4)) is Verdict.MET
    assert judge(TARGETS["cost_per_decision"], figure(0.7, 0.6, 0.8)) is Verdict.MISSED


def test_a_figure_without_a_value_is_not_enough_evidence() -> None:
    assert judge(TARGETS["automation_rate"], figure(None, 0.9, 1.0)) is Verdict.NOT_ENOUGH_EVIDENCE


def test_configured_targets_replace_the_defaults_and_unknown_ones_are_refused() -> None:
    assert targets_from("file", {"automation_rate": 0.5})["automation_rate"].value == 0.5
    with pytest.raises(InvalidConfig, match=r"targets\.automaton_rate"):
        targets_from("file", {"automaton_rate": 0.5})
    with pytest.raises(InvalidConfig, match=r"targets\.automation_rate"):
        targets_from("file", {"automation_rate": "most"})
