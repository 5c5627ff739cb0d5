"""Whether a challenger is better than the champion on rows that neither learned from, whoever decided them."""

import numpy as np
import pytest

from hitl.quality.checks import BlindCheck
from hitl.quality.vault import VaultScore
from hitl.quality.vault_evidence import ComparedRow, compare_on_vault, compared_rows
from hitl.routing.policy import Segments


def rows(wins: int, losses: int, ties: int, probability: float = 1.0, parts: tuple[str, ...] = ()) -> list[ComparedRow]:
    pairs = [(True, False)] * wins + [(False, True)] * losses + [(True, True)] * ties
    return [ComparedRow(probability, new, old, parts) for new, old in pairs]


@pytest.mark.parametrize(
    ("wins", "losses", "verdict"),
    [(30, 3, "better"), (3, 30, "worse"), (12, 10, "not enough evidence"), (0, 0, "not enough evidence")],
)
def test_a_verdict_wants_wins_that_chance_does_not_give(wins: int, losses: int, verdict: str) -> None:
    assert compare_on_vault(rows(wins, losses, 100), 1).verdict == verdict


def test_no_rows_say_nothing() -> None:
    found = compare_on_vault([], 1)
    assert (found.verdict, found.gain, found.rows) == ("not enough evidence", None, 0)


def test_later_challengers_need_more_evidence() -> None:
    found = [compare_on_vault(rows(14, 2, 100), cycle) for cycle in (1, 30)]
    assert [each.verdict for each in found] == ["better", "not enough evidence"]


def test_harm_in_a_declared_part_stops_what_is_better_on_the_whole() -> None:
    found = compare_on_vault([*rows(80, 2, 300, parts=("ward=1",)), *rows(1, 30, 40, parts=("ward=2",))], 1)
    assert (found.verdict, found.parts["ward=2"].losses) == ("harms a segment", 30)


def test_rows_that_are_seldom_drawn_weigh_more_in_the_gain() -> None:
    found = compare_on_vault([*rows(10, 0, 90), *rows(0, 10, 90, probability=0.1)], 1)
    assert found.gain == pytest.approx((10 - 100) / (100 + 1000))


def test_a_challenger_that_is_no_better_is_seldom_called_better_in_thirty_nights() -> None:
    """Draws are unequal, and where they are rare the challenger is worse: unweighted counts would call it better every time."""
    rng, called = np.random.default_rng(4), 0
    for _ in range(200):
        known: list[ComparedRow] = []
        for night in range(1, 31):
            known += _night(rng)
            called += compare_on_vault(known, night).verdict == "better"
    assert called <= 200 * 0.05, called


def _night(rng: np.random.Generator) -> list[ComparedRow]:
    """Of 30 cases under the champion's threshold 4 are won, 1 lost; of 30 above it, drawn with .1, 3 are lost: no gain in all."""
    below = rng.choice(3, 30, p=[4 / 30, 1 / 30, 25 / 30])
    above = rng.choice(2, 30, p=[3 / 30, 27 / 30])[rng.random(30) < 0.1]
    return [ComparedRow(1.0, each != 1, each != 0) for each in below] + [ComparedRow(0.1, each != 0, True) for each in above]


def test_what_the_champion_decided_itself_counts_as_it_did_and_what_waits_is_left_out() -> None:
    own = BlindCheck("a", 1.0, "all", "champion", "p", "ham", 0.9, True, ("gold",), (), False, 0.1, ("ham",), 9.0)
    other = BlindCheck("b", 2.0, "all", "older", "p", "ham", 0.9, True, ("gold",), (), False, 1.0, ("ham",), 9.0)
    waits = BlindCheck("c", 3.0, "all", "champion", "p", "ham", 0.9, True, ("gold",), (), None, 1.0, (), 9.0)
    challenger = {name: VaultScore(name, "spam", 0.9, "all") for name in "abc"}
    champion = {"b": VaultScore("b", "ham", 0.9, "all")}
    found = compared_rows([own, other, waits], challenger, champion, "champion", Segments(), {"a": (("site", "7"),)})
    assert found == [ComparedRow(0.1, False, True, ("site=7",)), ComparedRow(1.0, False, True)]
