"""The bands between the model, a reviewer and an expert."""

import pytest

from hitl.errors import InvalidConfig
from hitl.routing.policy import Policy, policy_from
from hitl.routing.prediction import ConfidenceLevel, Prediction, entropy, predict_from
from hitl.routing.route import Action, Priority, route


def predicted(confidence: float, label: str = "1") -> Prediction:
    return Prediction(label, (confidence, 1 - confidence), confidence, 0.1, "m" * 64)


@pytest.mark.parametrize(
    ("confidence", "action", "priority"),
    [
        (1.0, Action.AUTOMATIC, None),
        (0.951, Action.AUTOMATIC, None),
        (0.95, Action.REVIEW, Priority.NORMAL),
        (0.801, Action.REVIEW, Priority.NORMAL),
        (0.8, Action.REVIEW, Priority.HIGH),
        (0.501, Action.REVIEW, Priority.HIGH),
        (0.5, Action.EXPERT, Priority.URGENT),
        (0.1, Action.EXPERT, Priority.URGENT),
    ],
)
def test_confidence_decides_who_decides(confidence: float, action: Action, priority: Priority | None) -> None:
    chosen = route(predicted(confidence), Policy())
    assert (chosen.action, chosen.priority) == (action, priority)


def test_reason_names_the_confidence_and_the_band() -> None:
    assert route(predicted(0.9), Policy()).reason == "confidence 0.900 is not above 0.95: a person checks"


@pytest.mark.covers("D44")
def test_bands_come_from_the_policy() -> None:
    assert route(predicted(0.9), Policy(automatic=0.85)).action is Action.AUTOMATIC
    assert route(predicted(0.55), Policy(high=0.6)).action is Action.EXPERT


def test_without_a_model_every_case_goes_to_people() -> None:
    assert route(None, Policy()).action is Action.REVIEW


@pytest.mark.parametrize("bands", [(0.8, 0.95, 0.5), (1.1, 0.8, 0.5), (0.95, 0.8, -0.1)])
def test_bands_out_of_order_or_range_are_refused(bands: tuple[float, float, float]) -> None:
    with pytest.raises(InvalidConfig):
        policy_from(dict(zip(("automatic", "normal", "high"), bands, strict=True)), ["a", "b"], "test")


def test_policies_with_other_bands_have_other_versions() -> None:
    assert Policy().version != Policy(automatic=0.96).version


@pytest.mark.covers("003-44")
@pytest.mark.parametrize(
    ("confidence", "level"),
    [
        (0.901, ConfidenceLevel.HIGH),
        (0.9, ConfidenceLevel.MEDIUM),
        (0.701, ConfidenceLevel.MEDIUM),
        (0.7, ConfidenceLevel.LOW),
    ],
)
def test_confidence_level_follows_the_bounds(confidence: float, level: ConfidenceLevel) -> None:
    assert predicted(confidence).confidence_level is level


@pytest.mark.covers("D16")
def test_each_row_has_its_own_entropy() -> None:
    assert entropy([1.0, 0.0]) == pytest.approx(0.0, abs=1e-7)
    assert entropy([0.5, 0.5]) == pytest.approx(0.6931, abs=1e-4)


def test_prediction_is_the_most_probable_label() -> None:
    made = predict_from([0.1, 0.7, 0.2], ["a", "b", "c"], "digest")
    assert (made.label, made.confidence) == ("b", 0.7)
