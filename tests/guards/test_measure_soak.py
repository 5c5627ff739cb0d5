"""What the soak's report says of the memory that was measured."""

import pytest

from tests.measure.soak import Minute, judged


def minutes(*held: float) -> list[Minute]:
    return [Minute(number, 300 * number, 60 * number, {"store": mib}) for number, mib in enumerate(held, start=1)]


@pytest.mark.parametrize(("end", "flat"), [(104.9, True), (106.0, False), (94.0, False)])
def test_the_end_is_compared_with_the_tenth_minute(end: float, flat: bool) -> None:
    found = judged(minutes(*[50.0] * 9, 100.0, *[end] * 5))
    assert (found["settled_minute"], found["settled_mib"], found["end_mib"], found["is_flat"]) == (10, 100.0, end, flat)
    assert found["growth_mib"] == {"store": round(end - 100.0, 1)}


def test_a_short_run_is_compared_with_its_middle() -> None:
    assert judged(minutes(*[100.0] * 10))["settled_minute"] == 5
