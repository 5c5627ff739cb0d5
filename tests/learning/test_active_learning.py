"""Strategies of active learning, and the documents' names over them."""

import numpy as np
import pytest
from scipy.stats import entropy as scipy_entropy
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from hitl.learning import active
from hitl.learning.active_system import ActiveLearningSystem, _aligned
from hitl.learning.batch import open_items, pick_batch
from hitl.learning.uncertainty import disagreement, entropy, least_confident, margin

ROWS = np.array([[0.5, 0.3, 0.2], [0.9, 0.05, 0.05], [0.34, 0.33, 0.33], [1.0, 0.0, 0.0]])
FEATURES, LABELS = load_iris(return_X_y=True)


def system(method: str = "entropy", **more) -> ActiveLearningSystem:
    return ActiveLearningSystem(LogisticRegression(max_iter=500).fit(FEATURES, LABELS), method, **more)


class Constant:
    """A model that says the same of everything."""

    def fit(self, X, y):  # noqa: N803
        return self

    def predict_proba(self, X):  # noqa: N803
        return np.full((len(X), 3), 1 / 3)


@pytest.mark.covers("003-22", "D16")
def test_entropy_is_one_number_an_item_even_with_zeros() -> None:
    assert entropy(ROWS) == pytest.approx(scipy_entropy(ROWS, axis=1), abs=1e-8)


@pytest.mark.covers("003-23", "003-24")
def test_least_confident_and_margin_are_the_documents() -> None:
    assert least_confident(ROWS) == pytest.approx([0.5, 0.1, 0.66, 0.0])
    assert margin(ROWS) == pytest.approx([0.8, 0.15, 0.99, 0.0])


@pytest.mark.covers("003-20")
def test_the_system_has_the_documents_fields() -> None:
    found = ActiveLearningSystem(Constant())
    assert (found.uncertainty_method, found.uncertainty_threshold) == ("entropy", 0.7)
    assert (found.labeled_data, found.unlabeled_data) == ([], [])


@pytest.mark.covers("003-21")
@pytest.mark.parametrize("method", ["entropy", "least_confident", "margin"])
def test_uncertainty_sampling_puts_the_least_sure_first(method: str) -> None:
    found = system(method)
    chosen = found.uncertainty_sampling(FEATURES, 10)
    scores = {"entropy": entropy, "least_confident": least_confident, "margin": margin}[method](
        found.base_model.predict_proba(FEATURES)
    )
    assert scores[chosen].tolist() == sorted(scores, reverse=True)[:10]


@pytest.mark.covers("003-21")
def test_an_unknown_method_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="unknown uncertainty method"):
        system("coin").uncertainty_sampling(FEATURES, 3)


@pytest.mark.covers("003-25")
def test_diversity_takes_one_item_from_each_cluster() -> None:
    centres = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    pool = np.repeat(centres, 20, axis=0) + np.random.default_rng(0).normal(0, 0.1, (60, 2))
    chosen = system().diversity_sampling(pool, 3)
    assert sorted(i // 20 for i in chosen) == [0, 1, 2]
    assert chosen == system().diversity_sampling(pool, 3)


@pytest.mark.covers("003-26")
def test_a_committee_is_asked_where_it_disagrees() -> None:
    agree, differ = np.array([[0.9, 0.1], [0.9, 0.1]]), np.array([[0.9, 0.1], [0.1, 0.9]])
    committee = np.stack([agree, differ])
    mean = committee.mean(axis=0)
    expected = np.mean([scipy_entropy(c, mean, axis=1) for c in committee], axis=0)
    assert disagreement(committee) == pytest.approx(expected)
    assert active.query_by_committee(committee, 1).tolist() == [1]


@pytest.mark.covers("003-27", "003-28")
def test_adaptive_prefers_what_is_far_from_the_labelled_among_equally_unsure() -> None:
    pool = np.array([[0.0], [5.0], [1.0]])
    assert active.adaptive(np.ones(3), pool, np.array([[0.0]]), 1).tolist() == [1]
    assert active.distance_to_labelled(pool, np.empty((0, 1))).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.covers("D12", "003-30")
def test_the_least_sure_suggestion_has_the_highest_priority() -> None:
    found = system().get_annotation_suggestions(FEATURES, 5, "uncertainty")
    scores = [s["uncertainty_score"] for s in found["suggestions"]]
    assert scores == sorted(scores, reverse=True)
    assert [s["suggested_priority"] for s in found["suggestions"]] == [5, 4, 3, 2, 1]
    assert found["strategy_used"] == "uncertainty"
    assert found["total_unlabeled"] == 150
    assert found["annotation_efficiency"] == pytest.approx(5 / 150)


@pytest.mark.covers("D13")
@pytest.mark.parametrize("strategy", ["uncertainty", "diversity", "adaptive", "query_by_committee", "hybrid"])
@pytest.mark.parametrize(("pool", "n"), [(FEATURES, 0), (np.empty((0, 4)), 5), ([], 5)])
def test_nothing_is_suggested_for_none_wanted_or_an_empty_pool(strategy: str, pool: np.ndarray, n: int) -> None:
    found = system(committee_models=[Constant(), Constant()]).get_annotation_suggestions(pool, n, strategy)
    assert found["suggestions"] == []
    assert found["annotation_efficiency"] == 0.0


@pytest.mark.covers("D13")
@pytest.mark.parametrize("strategy", ["uncertainty", "diversity", "adaptive", "query_by_committee", "hybrid"])
def test_a_pool_smaller_than_what_is_wanted_is_suggested_whole(strategy: str) -> None:
    found = system(committee_models=[Constant(), system().base_model]).get_annotation_suggestions(FEATURES[:7], 20, strategy)
    assert sorted(s["index"] for s in found["suggestions"]) == list(range(7))


@pytest.mark.covers("D14")
def test_equal_uncertainties_do_not_divide_by_zero() -> None:
    found = ActiveLearningSystem(Constant())
    with np.errstate(all="raise"):
        assert len(found.adaptive_sampling(FEATURES, 5)) == 5


@pytest.mark.covers("D15")
def test_the_configured_method_is_the_one_that_is_used_and_reported() -> None:
    suggestion = system("margin").get_annotation_suggestions(FEATURES, 1, "adaptive")["suggestions"][0]
    expected = margin(system().base_model.predict_proba(FEATURES[[suggestion["index"]]]))
    assert suggestion["uncertainty_score"] == pytest.approx(float(expected[0]))


@pytest.mark.covers("D15")
def test_a_committee_can_be_suggested_by() -> None:
    found = system(committee_models=[Constant(), system().base_model])
    assert len(found.get_annotation_suggestions(FEATURES, 3, "query_by_committee")["suggestions"]) == 3
    with pytest.raises(ValueError, match="committee"):
        system().get_annotation_suggestions(FEATURES, 3, "query_by_committee")
    with pytest.raises(ValueError, match="unknown strategy"):
        system().get_annotation_suggestions(FEATURES, 3, "astrology")


@pytest.mark.covers("003-29", "D45")
def test_feedback_trains_a_challenger_on_all_rows_and_leaves_the_champion_alone() -> None:
    found = system(training_data=(FEATURES, LABELS))
    before = found.base_model.coef_.copy()
    labels = [(FEATURES[i], 0) for i in range(11)]
    challenger = found.update_model_with_feedback(labels)
    assert challenger is not None
    assert set(challenger.classes_) == {0, 1, 2}
    assert (found.base_model.coef_ == before).all()
    assert "timestamp" in found.labeled_data[0]


@pytest.mark.covers("003-29")
def test_ten_labels_are_kept_and_train_nothing() -> None:
    found = system()
    assert found.update_model_with_feedback([(FEATURES[i], 0) for i in range(10)]) is None
    assert len(found.labeled_data) == 10
    assert found.update_model_with_feedback([(FEATURES[60], 1)], retrain=False) is None


def test_a_batch_has_its_uniform_share_with_its_probability() -> None:
    rng, everything = np.random.default_rng(0), np.ones(100, dtype=np.bool_)
    picks = pick_batch(lambda items, n: np.arange(n), "hybrid", everything, 20, rng)
    assert [p.probability for p in picks if p.chosen_by == "uniform"] == [0.02, 0.02]
    assert len({p.index for p in picks}) == 20


def test_ambiguous_and_labelled_items_are_not_asked_again() -> None:
    found = open_items(np.array([True, False, False]), np.array([0, 2, 1]))
    assert found.tolist() == [False, False, True]


def test_hybrid_spreads_over_the_unsure() -> None:
    pool = np.repeat(np.array([[0.0], [10.0], [20.0]]), 30, axis=0) + np.random.default_rng(0).normal(0, 0.1, (90, 1))
    probabilities = np.tile([0.99, 0.01], (90, 1))
    probabilities[[*range(6), *range(30, 36)]] = 0.5
    chosen = active.hybrid(probabilities, pool, 2)
    assert sorted(int(i) // 30 for i in chosen) == [0, 1]


def test_a_committee_of_models_with_different_classes_is_compared_class_by_class() -> None:
    two = LogisticRegression(max_iter=500).fit(FEATURES[50:], LABELS[50:])
    three = LogisticRegression(max_iter=500).fit(FEATURES, LABELS)
    chosen = system().query_by_committee(FEATURES, [two, three], 50)
    assert sorted(chosen) == list(range(50))  # the flowers of the class that one of them does not know


def test_equal_models_whose_classes_stand_in_another_order_agree() -> None:
    names = np.array(["a", "b", "c"])[LABELS]
    first = LogisticRegression(max_iter=500).fit(FEATURES, names)
    second = clone(first).fit(FEATURES, names)
    order = [2, 0, 1]
    second.classes_, second.coef_, second.intercept_ = second.classes_[order], second.coef_[order], second.intercept_[order]
    said = _aligned([first, second], FEATURES)
    assert said[0] == pytest.approx(said[1])


def test_a_committee_that_cannot_be_compared_says_so() -> None:
    with pytest.raises(ValueError, match="classes_"):
        system().query_by_committee(FEATURES, [Constant(), LogisticRegression().fit(FEATURES[50:], LABELS[50:])], 5)
    assert len(system().query_by_committee(FEATURES, [Constant(), Constant()], 5)) == 5


def test_an_item_without_a_label_teaches_nothing() -> None:
    found = system()
    with pytest.raises(ValueError, match="a label for each item"):
        found.update_model_with_feedback([(FEATURES[0], None)])
    assert found.labeled_data == []
