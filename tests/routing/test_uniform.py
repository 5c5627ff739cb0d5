"""Draws are journalled: their values are fixed for ever."""

import pytest

from hitl.routing.coin import SampleStream, draw_sample
from hitl.uniform import hash_to_uniform, keyed_hash_to_uniform


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("version\ncase-1", 0.521471955862099),
        ("shadow\ncase-1", 0.1654129018028866),
        ("validate\ncase-1", 0.4608444377659061),
        ("known\nitem\nsalt\ncase-1", 0.8401633878632319),
        ("known\nitem\nsalt\ncase-2", 0.16820099362158183),
    ],
)
def test_text_gives_the_same_number_for_ever(text: str, value: float) -> None:
    assert hash_to_uniform(text) == value


@pytest.mark.parametrize(("case_id", "value"), [("case-1", 0.9947651402256625), ("case-2", 0.1490454143178852)])
def test_toss_gives_the_same_number_for_ever(case_id: str, value: float) -> None:
    assert draw_sample(b"secret", SampleStream.GOLD, case_id, "p", 0.5).number == value


def test_keyed_draw_depends_on_its_key() -> None:
    assert keyed_hash_to_uniform(b"one", "case-1") != keyed_hash_to_uniform(b"other", "case-1")


def test_draws_fill_the_interval_evenly() -> None:
    numbers = [hash_to_uniform(f"even\n{at}") for at in range(10_000)]
    assert all(abs(sum(low / 10 <= number < (low + 1) / 10 for number in numbers) - 1_000) < 120 for low in range(10))
