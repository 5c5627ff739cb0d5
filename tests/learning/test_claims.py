"""A job and the service compute the same model in another order of operations: what rounding changes is no other figure."""

import json
from typing import Any

import numpy as np
import pytest

from hitl.canonical import canonical
from hitl.errors import EvidenceMismatch
from hitl.learning.claims import measured_evidence
from hitl.learning.promotion_pack import Model, PromotionTerms, Rows, promotion_pack

N = 600
BORDERS = np.array([0.67695, 0.81235, 0.90345, 0.55555])
"""Confidences at the border of four digits: 0.67695 is 0.6769 or 0.677, whichever side of it the computation comes to."""


def model(name: str, wrong: slice, off: float) -> Model:
    """A model whose confidences are ``off`` from what they would be exactly, one up and the next one down."""
    sure = np.concatenate([np.full(300, 0.99995), np.repeat(BORDERS, 75)]) + off * np.where(np.arange(N) % 2, 1, -1)
    probabilities = np.stack([sure, 1 - sure], axis=1)
    probabilities[wrong] = probabilities[wrong][:, ::-1]
    return Model(name * 64, probabilities, 1.5)


def claim(off: float) -> dict[str, Any]:
    rows = Rows(("ham", "spam"), np.zeros(N, dtype=np.int64), [f"row-{i}" for i in range(N)], ["all"] * N, "simulated")
    pack = promotion_pack(rows, model("a", slice(290, 330), off), model("b", slice(320, 380), off), PromotionTerms(None, 0.95))
    found: dict[str, Any] = json.loads(canonical({"promotion": pack}))
    return found


def test_what_rounding_changes_is_the_same_figure_and_the_same_rows_in_another_order() -> None:
    ours, theirs = claim(3e-7), claim(-3e-7)
    assert ours != theirs
    assert measured_evidence(theirs, ours) == ours


def test_another_row_or_the_confidence_of_another_row_is_refused() -> None:
    ours = claim(3e-7)
    for name, value in (("id", "row-0"), ("confidence", 0.6770)):
        forged = json.loads(canonical(ours))
        forged["promotion"]["comparison"]["fixes"][0][name] = value
        with pytest.raises(EvidenceMismatch, match="fixes"):
            measured_evidence(forged, ours)


def test_a_list_that_is_not_full_shows_exactly_the_rows_that_were_measured() -> None:
    ours = claim(3e-7)
    comparison = ours["promotion"]["comparison"]
    comparison["fixes"] = comparison["fixes"][:5]
    forged = json.loads(canonical(ours))
    forged["promotion"]["comparison"]["fixes"][-1]["id"] = "row-0"
    with pytest.raises(EvidenceMismatch, match="row-0"):
        measured_evidence(forged, ours)


@pytest.mark.parametrize("said", ["0.999", {"value": 0.999, "n": 10}, True, [0.999]])
def test_a_figure_by_name_alone_in_another_form_is_refused(said: Any) -> None:
    measured: dict[str, Any] = {"candidate": {"accuracy": {"value": 0.5, "n": 10}, "log_loss": 1.0}}
    with pytest.raises(EvidenceMismatch, match="accuracy"):
        measured_evidence({"accuracy": said}, measured)
