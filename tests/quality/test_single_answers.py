"""One person a check and an expert where that one differs: the level gives way by what people confirm of the model's errors."""

from dataclasses import replace

import numpy as np
import pytest

from hitl.quality.answers import SettledReview
from hitl.quality.certificate import RiskLevel
from hitl.quality.single_answers import confirming_wrong, corrected

REVIEW = SettledReview(
    "r", "c", "gold", True, "spam", "ham", 0.9, "all", "m", "p", False, ("gold",), 1.0, 0.0, 1.0, 2.0,
    votes=(("ann", "ham"), ("eve", "spam")), expert_agreed=False,
)  # fmt: skip
"""The model says ham, Ann confirms it, the expert says spam."""


def reviews(confirmed: int, caught: int) -> list[SettledReview]:
    caught_by = replace(REVIEW, votes=(("ann", "spam"), ("eve", "spam")), expert_agreed=True)
    return [replace(each, review_id=f"r{i}") for i, each in enumerate([REVIEW] * confirmed + [caught_by] * caught)]


def test_nothing_measured_leaves_nothing_to_prove() -> None:
    assert confirming_wrong([], 0.5, 0.02) == 1.0
    assert corrected(RiskLevel(0.05, 0.9), 1.0).level < 1e-5


def test_the_level_gives_way_by_the_bound_on_confirmed_errors() -> None:
    m = confirming_wrong(reviews(40, 160), 1.0, 0.02)
    assert 0.2 < m < 0.35
    assert corrected(RiskLevel(0.05, 0.9), m).level == pytest.approx(0.05 * (1 - m))


@pytest.mark.parametrize("change", [{"expert_agreed": None}, {"is_blind": False}, {"streams": ()}, {"prediction": "spam"}])
def test_only_errors_that_a_person_and_an_expert_saw_blind_count(change: dict[str, object]) -> None:
    assert confirming_wrong([replace(each, **change) for each in reviews(0, 50)], 1.0, 0.02) == 1.0


def test_errors_that_an_expert_saw_because_somebody_differed_say_nothing() -> None:
    """By the draw a tenth of the reviews: the others have an expert's answer only where the model was contradicted."""
    drawn, all_of_them = (confirming_wrong(reviews(0, 300), share, 0.02) for share in (0.1, 1.0))
    assert drawn > 3 * all_of_them


def test_the_bound_holds_at_all_looks_together() -> None:
    rng, broken = np.random.default_rng(5), 0
    for _ in range(100):
        seen, pool = list[SettledReview](), iter(rng.random(120) < 0.25)
        for i, confirms in enumerate(pool):
            seen += [replace(each, review_id=f"r{i}") for each in reviews(int(confirms), int(not confirms))]
            if i % 20 == 19 and confirming_wrong(seen, 1.0, 0.1) < 0.25:
                broken += 1
                break
    assert broken <= 100 * 0.1 + 9
