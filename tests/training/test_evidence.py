"""The figures that approvers see."""

import numpy as np
import pytest
from scipy.stats import binomtest

from hitl.canonical import canonical
from hitl.learning.evidence import compare, judge, mcnemar, wilson

LABELS = ("cat", "dog", "eel")
TARGETS = np.array([0, 1, 1, 0])
SURE = np.array([[0.98, 0.01, 0.01], [0.01, 0.98, 0.01], [0.6, 0.4, 0.0], [0.5, 0.3, 0.2]])


@pytest.mark.parametrize(("correct", "n"), [(0, 10), (9, 10), (10, 10), (180, 197)])
def test_the_interval_is_wilsons(correct: int, n: int) -> None:
    reference = binomtest(correct, n).proportion_ci(0.95, method="wilson")
    assert wilson(correct, n) == pytest.approx((reference.low, reference.high))


@pytest.mark.parametrize(("b", "c"), [(0, 0), (5, 0), (3, 3), (12, 4), (700, 620)])
def test_mcnemar_is_the_exact_binomial_test_of_the_discordant_rows(b: int, c: int) -> None:
    expected = binomtest(b, b + c, 0.5).pvalue if b + c else 1.0
    assert mcnemar(b, c) == pytest.approx(expected)


def test_accuracy_recall_and_confusion_are_of_the_most_probable_label() -> None:
    verdict = judge(SURE, TARGETS, LABELS, 0.95)
    assert verdict["accuracy"]["value"] == 0.75
    assert verdict["recall"]["dog"]["value"] == 0.5
    assert verdict["confusion"]["rows_true_columns_predicted"] == [[2, 0, 0], [1, 1, 0], [0, 0, 0]]


def test_the_automatic_band_has_its_share_and_its_own_accuracy() -> None:
    automatic = judge(SURE, TARGETS, LABELS, 0.95)["automatic"]
    assert automatic["share"]["value"] == 0.5
    assert automatic["accuracy"]["value"] == 1.0


def test_evidence_is_json_even_where_nothing_was_seen() -> None:
    verdict = judge(SURE, TARGETS, LABELS, 0.99)
    assert verdict["recall"]["eel"]["value"] is None
    assert verdict["automatic"]["accuracy"]["interval_95"] == [0.0, 1.0]
    assert canonical(verdict)


def test_the_comparison_counts_where_the_two_models_differ() -> None:
    found = compare(SURE, SURE[::-1], TARGETS)
    counted = [found[name] for name in ("both_right", "only_candidate_right", "only_champion_right", "both_wrong")]
    assert counted == [1, 2, 0, 1] or sum(counted) == 4
