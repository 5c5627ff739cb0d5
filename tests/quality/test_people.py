"""Agreement, consensus, suspicious labels and the quality of reviewers."""

import numpy as np
import pytest

from hitl.quality.agreement import krippendorff_alpha, raw_agreement, vote_counts
from hitl.quality.consensus import (
    confusion_of,
    information,
    learned,
    next_step,
    posterior,
    prior_counts,
)
from hitl.quality.label_noise import second_looks, suspicious
from hitl.quality.reviewer_drift import ReviewerRecord, anchoring, has_drifted, rubber_stamping

RNG = np.random.default_rng(0)
# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", table for nominal data with missing values: 0.743.
TEXTBOOK = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]).T - 1  # fmt: skip


@pytest.mark.covers("003-12")
def test_alpha_is_the_textbooks() -> None:
    alpha = krippendorff_alpha(vote_counts(TEXTBOOK, 5), RNG)
    assert alpha.value == pytest.approx(0.743, abs=0.001)
    assert alpha.low < 0.743 < alpha.high


def test_interval_alpha_is_the_textbooks() -> None:
    assert krippendorff_alpha(vote_counts(TEXTBOOK, 5), RNG, scale="interval").value == pytest.approx(0.849, abs=0.001)


def test_ordinal_alpha_is_the_textbooks() -> None:
    alpha = krippendorff_alpha(vote_counts(TEXTBOOK, 5), RNG, scale="ordinal")
    assert alpha.value == pytest.approx(0.815, abs=0.001)
    assert alpha.low < 0.815 < alpha.high


def test_raw_agreement_counts_pairs_and_leaves_single_votes_out() -> None:
    agreement = raw_agreement(vote_counts(np.array([[0, 0, 1], [1, 1, 1], [0, -1, -1]]), 2), RNG)
    assert agreement.value == pytest.approx((1 / 3 + 1) / 2)
    assert agreement.n == 2


def test_one_class_alone_has_no_alpha() -> None:
    assert krippendorff_alpha(vote_counts(np.zeros((5, 2), dtype=np.int64), 2), RNG).value is None


def reviewers(*accuracies: float, classes: int = 3) -> np.ndarray:
    rest = np.ones((classes, classes)) - np.eye(classes)
    return np.stack([a * np.eye(classes) + (1 - a) / (classes - 1) * rest for a in accuracies])


def test_answers_move_the_posterior_by_how_good_their_reviewer_is() -> None:
    even, confusion = np.ones(3) / 3, reviewers(0.9, 0.5)
    assert posterior(even, [(0, 1)], confusion)[1] == pytest.approx(0.9)
    assert posterior(even, [(1, 1)], confusion)[1] == pytest.approx(0.5)
    assert posterior(even, [(0, 1), (1, 2)], confusion).argmax() == 1


def test_the_models_opinion_counts_for_nothing_on_blind_items() -> None:
    model = np.array([0.98, 0.01, 0.01])
    assert posterior(model, [(0, 1)], reviewers(0.9), weight=0.0)[1] == pytest.approx(0.9)


def test_the_best_reviewer_who_is_free_and_not_yet_asked_is_asked() -> None:
    belief, confusion = np.array([0.6, 0.3, 0.1]), reviewers(0.95, 0.9, 0.6)
    assert next_step(belief, 0.95, [], confusion, np.array([True, True, True])).reviewer == 0
    assert next_step(belief, 0.95, [0], confusion, np.array([True, True, True])).reviewer == 1
    assert next_step(belief, 0.95, [0], confusion, np.array([True, False, True])).reviewer == 2


def test_consensus_settles_at_the_target_and_an_expert_comes_last() -> None:
    confusion, free = reviewers(0.9, 0.9), np.array([True, True])
    settled = next_step(np.array([0.96, 0.02, 0.02]), 0.95, [0], confusion, free)
    assert (settled.action, settled.label) == ("settled", 0)
    assert next_step(np.array([0.6, 0.2, 0.2]), 0.95, [0, 1], confusion, free).action == "expert"
    assert next_step(np.array([0.6, 0.2, 0.2]), 0.95, [0], confusion, free, cap=1).action == "expert"


def test_a_reviewer_who_guesses_tells_nothing() -> None:
    told = information(np.array([0.5, 0.3, 0.2]), reviewers(0.9, 1 / 3))
    assert told[0] > 0.1
    assert told[1] == pytest.approx(0.0, abs=1e-9)


def test_old_answers_fade_and_the_prior_stays() -> None:
    counts = prior_counts(1, 2)
    for _ in range(3000):
        counts = learned(counts, 0, truth=0, answer=1)
    assert counts[0, 0, 1] < 300
    assert counts[0, 1, 1] == pytest.approx(3.0)
    assert confusion_of(counts)[0, 0, 1] > 0.98


def test_a_label_is_suspicious_when_the_model_is_confident_of_another() -> None:
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8], [0.95, 0.05]])
    labels = np.array([0, 0, 1, 1, 1])
    assert suspicious(probabilities, labels).tolist() == [False, False, False, False, True]
    assert second_looks(probabilities, labels, budget=0.2).tolist() == [4]


def test_a_class_that_nobody_was_given_is_never_suspected() -> None:
    probabilities = np.array([[0.1, 0.1, 0.8], [0.7, 0.2, 0.1]])
    assert not suspicious(probabilities, np.array([0, 0])).any()


def test_a_reviewer_is_accused_only_with_evidence() -> None:
    assert not has_drifted(ReviewerRecord(gold=20, gold_wrong=3))
    assert has_drifted(ReviewerRecord(gold=100, gold_wrong=25))


def test_agreement_that_depends_on_seeing_the_suggestion_shows() -> None:
    record = ReviewerRecord(planted=40, followed=20, shown=500, shown_agreed=490, blind=500, blind_agreed=430)
    assert rubber_stamping(record).low > 0.05
    assert anchoring(record).low > 0.3
    assert rubber_stamping(ReviewerRecord()).value is None


def test_records_count_what_comes() -> None:
    record = ReviewerRecord().after_gold(True).after_planted(True).after_answer(True, blind=True).after_answer(False, blind=False)
    assert (record.gold_wrong, record.followed, record.blind_agreed, record.shown_agreed, record.shown) == (1, 1, 1, 0, 1)
