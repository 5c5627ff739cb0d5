"""Feedback: its types, its weights, and the documents' loop."""

import numpy as np
import pytest

from hitl.learning.feedback import Weighting, feedback_type, sample_weights
from hitl.learning.feedback_loop import HumanFeedbackLoop


def filled(kinds: list[str], **more) -> HumanFeedbackLoop:
    loop = HumanFeedbackLoop(model=None, predictions={str(i): {"features": [i]} for i in range(len(kinds))}, **more)
    for i, kind in enumerate(kinds):
        loop.collect_feedback(str(i), 1, kind, 0.5)
    return loop


@pytest.mark.covers("003-31", "003-32", "003-33")
def test_entries_carry_their_documents_weight_and_time() -> None:
    loop = filled(["positive", "negative", "correction", "shrug"], clock=lambda: 7.0)
    assert [entry["weight"] for entry in loop.feedback_buffer] == [1.0, 2.0, 3.0, 1.0]
    assert loop.feedback_weights == {"positive": 1.0, "negative": 2.0, "correction": 3.0}
    assert loop.feedback_buffer[0]["timestamp"] == 7.0
    assert loop.feedback_buffer_size == 1000


@pytest.mark.covers("D10", "003-60")
def test_disagreement_without_a_label_is_negative() -> None:
    assert [feedback_type("a", answer).value for answer in ("a", "b", None)] == ["positive", "correction", "negative"]


@pytest.mark.covers("D11")
def test_the_window_forgets_and_the_store_does_not() -> None:
    kept: list[dict] = []
    loop = filled(["positive"] * 25, feedback_buffer_size=10, keep=kept.append)
    assert len(loop.feedback_buffer) == 10
    assert len(kept) == 25


@pytest.mark.covers("003-34")
@pytest.mark.parametrize(
    ("kind", "confidence", "at_once"), [("correction", 0.81, 1), ("correction", 0.8, 0), ("negative", 1.0, 0)]
)
def test_only_sure_corrections_take_effect_at_once(kind: str, confidence: float, at_once: int) -> None:
    applied: list[dict] = []
    HumanFeedbackLoop(None, on_correction=applied.append).collect_feedback("p", 1, kind, confidence)
    assert len(applied) == at_once


@pytest.mark.covers("003-35", "003-36", "D46")
def test_a_full_batch_is_consumed_once_with_corrections_first() -> None:
    handed: list[list[dict]] = []
    loop = filled(["negative", "correction", "positive", "correction"], on_samples=handed.append)
    samples = loop.process_feedback_batch(4)
    assert [s["feedback_type"] for s in samples] == ["correction", "correction", "negative"]
    assert samples[0]["weight"] == 1.5
    assert loop.process_feedback_batch(4) == []
    assert handed == [samples]


@pytest.mark.covers("003-35")
def test_less_than_a_batch_waits() -> None:
    assert filled(["correction"] * 99).process_feedback_batch() == []
    assert len(filled(["correction"] * 100).process_feedback_batch()) == 100


@pytest.mark.covers("003-37")
def test_analytics_rate_the_last_hundred_and_count_the_window() -> None:
    found = filled(["correction"] * 50 + ["positive"] * 60 + ["negative"] * 40).get_feedback_analytics()
    assert found["total_feedback"] == 150
    assert found["feedback_distribution"] == {"positive": 60, "negative": 40}
    assert (found["correction_rate"], found["model_improvement_opportunity"]) == (0.0, 0.4)
    assert found["average_confidence"] == 0.5
    assert HumanFeedbackLoop(None).get_feedback_analytics() == {}


def test_a_confidence_outside_zero_and_one_is_refused() -> None:
    with pytest.raises(ValueError, match="confidence"):
        HumanFeedbackLoop(None).collect_feedback("p", 1, "positive", 1.5)


def test_weights_follow_the_posterior_unless_told_otherwise() -> None:
    kinds, sure = ["correction", "positive"], np.array([1.0, 0.5])
    posterior = np.array([[1.0, 0.0], [0.5, 0.5]])
    assert sample_weights(kinds, sure, posterior, Weighting.POSTERIOR) == pytest.approx([1.0, 0.0], abs=1e-6)
    assert sample_weights(kinds, sure, posterior, Weighting.SEED).tolist() == [3.0, 0.5]
    assert sample_weights(kinds, sure, posterior, Weighting.NONE).tolist() == [1.0, 1.0]


def test_a_correction_without_the_right_label_is_refused_and_not_kept() -> None:
    loop = HumanFeedbackLoop(model=None, predictions={"p": {"features": [1]}})
    with pytest.raises(ValueError, match="right label"):
        loop.collect_feedback("p", None, "correction")
    assert len(loop.feedback_buffer) == 0
    loop.collect_feedback("p", None, "negative")
    assert len(loop.feedback_buffer) == 1
