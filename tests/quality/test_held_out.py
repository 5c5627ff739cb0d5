"""Held-out rows travel with the evidence of a deployment, and evidence in any other form plans nothing."""

from typing import Any

import numpy as np
import pytest

from hitl.quality.held_out import MOST_ROWS, held_out_scores, samples_of
from hitl.routing.policy import Segment, Segments

ROWS = held_out_scores(np.array([0.9, 0.8, 0.7]), np.array([0, 1, 0]), np.array([False, True, False]), ["ham", "spam"])


def test_rows_come_back_whole_or_by_predicted_label() -> None:
    whole = samples_of({"held_out": ROWS}, Segments())
    assert {name: (rows.scores.tolist(), rows.wrong.tolist()) for name, rows in whole.items()} == {
        "all": ([0.9, 0.8, 0.7], [False, True, False])
    }
    assert samples_of({"held_out": ROWS}, Segments(by_label=True))["ham"].scores.tolist() == [0.9, 0.7]


def test_of_many_rows_a_part_travels() -> None:
    n = 3 * MOST_ROWS
    assert len(held_out_scores(np.linspace(0, 1, n), np.zeros(n, int), np.zeros(n, bool), ["a"])["wrong"]) == MOST_ROWS


@pytest.mark.parametrize(
    "rows",
    [
        None,
        [],
        {},
        {**ROWS, "wrong": [True]},
        {**ROWS, "wrong": True},
        {**ROWS, "wrong": [[True, False]] * 3},
        {**ROWS, "predicted": [["ham"]] * 3},
        {**ROWS, "confidence": ["x"] * 3},
        {**ROWS, "confidence": [float("nan")] * 3},
    ],
)
def test_another_form_plans_nothing(rows: Any) -> None:
    assert samples_of({"held_out": rows}, Segments(by_label=True)) == {}


def test_named_segments_have_no_held_out_rows() -> None:
    assert samples_of({"held_out": ROWS}, Segments(named=[Segment(name="large", when="true")])) == {}
