"""Models whose answers clients declare: the card as an artifact, and what a row says."""

import json

import numpy as np
import pytest

from hitl.errors import ArtifactRejected, InvalidInput
from hitl.inference import load
from hitl.inference.cards import DeclaredCard
from hitl.inference.declared import DeclaredPrediction, DeclaredRow, probabilities_of, probabilities_of_score, row_from
from hitl.inference.declared_model import DeclaredModel
from hitl.inference.rows import rows_of
from hitl.quality.calibration import Isotonic

LABELS = ("spam", "ham")
CARD = DeclaredCard(model="judge", version="7", labels=list(LABELS), what="a prompt of ours", declarers=["pipeline"])
SAID = DeclaredPrediction("judge", "7", (0.9, 0.1))


def test_a_card_is_an_artifact_like_any_other() -> None:
    assert load(CARD.to_bytes(), LABELS, 30).to_bytes() == CARD.to_bytes()


def test_a_row_is_answered_by_what_was_declared_for_the_card() -> None:
    model = DeclaredModel(CARD)
    said = model.predict(rows_of([DeclaredRow("pipeline", (DeclaredPrediction("judge", "6", (0.2, 0.8)), SAID))]))
    assert said.tolist() == [[0.9, 0.1]]


@pytest.mark.parametrize(
    "row",
    [
        DeclaredRow("pipeline"),
        DeclaredRow("somebody", (SAID,)),
        DeclaredRow("pipeline", (DeclaredPrediction("judge", "8", (0.9, 0.1)),)),
        DeclaredRow("pipeline", (DeclaredPrediction("other", "7", (0.9, 0.1)),)),
    ],
)
def test_a_row_of_others_gets_no_numbers(row: DeclaredRow) -> None:
    assert np.isnan(DeclaredModel(CARD).predict(rows_of([row]))).all()


def test_the_calibration_is_part_of_what_is_approved() -> None:
    model = DeclaredModel(CARD).calibrated(Isotonic((0.5, 1.0), (0.5, 0.7)))
    again = load(model.to_bytes(), LABELS, 0)
    assert again.calibration == Isotonic((0.5, 1.0), (0.5, 0.7))
    assert model.to_bytes() != CARD.to_bytes()


def changed(**fields: object) -> bytes:
    return json.dumps({**CARD.model_dump(mode="json"), **fields}, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "data",
    [
        changed(labels=["ham", "spam"]),
        changed(declarers=[]),
        changed(more=1),
        changed(calibration={"kind": "code"}),
        changed(version="a b"),
        changed(family="onnx"),
        json.dumps(CARD.model_dump(mode="json"), indent=1).encode(),
        b"{" * 100_000,
    ],
)
def test_a_card_that_does_not_fit_is_refused(data: bytes) -> None:
    with pytest.raises(ArtifactRejected):
        load(data, LABELS, 0)


@pytest.mark.parametrize(("score", "expected"), [(0.8, [0.1, 0.8, 0.1]), (1.0, [0.0, 1.0, 0.0])])
def test_a_score_is_the_share_of_its_label(score: float, expected: list[float]) -> None:
    assert list(probabilities_of_score(1, score, 3)) == pytest.approx(expected)


@pytest.mark.parametrize("score", [0.0, 0.1, 1 / 3])
def test_a_low_score_never_moves_the_label(score: float) -> None:
    assert int(np.argmax(probabilities_of_score(2, score, 3))) == 2


@pytest.mark.parametrize("said", [[0.5, 0.6], [1.5, -0.5], [float("nan"), 1.0], [0.0, 0.0]])
def test_what_is_no_distribution_is_refused(said: list[float]) -> None:
    with pytest.raises(InvalidInput):
        probabilities_of(said, "/prediction/probabilities")


def test_a_record_gives_back_what_was_declared() -> None:
    assert row_from("pipeline", [SAID.plain()]) == DeclaredRow("pipeline", (SAID,))
