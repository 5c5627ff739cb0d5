"""Which faults the running product is put through, and how often."""

from collections import Counter

from tests.faults.product_faults import each_with_a_goal
from tests.faults.product_rows import ROWS


def test_each_row_with_a_goal_comes_as_often_and_one_of_half_a_minute_a_third_as_often() -> None:
    names = each_with_a_goal(seed=1, times=7)
    goals = {row.name: row.goal_s for row in ROWS if row.goal_s is not None}
    assert Counter(names) == {name: 3 if goal >= 30.0 else 7 for name, goal in goals.items()}
    assert goals["Ray's head killed"] == 30.0


def test_a_seed_repeats_its_order() -> None:
    assert each_with_a_goal(1, 7) == each_with_a_goal(1, 7) != each_with_a_goal(2, 7)
