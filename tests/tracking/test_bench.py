"""What the measurement of overhead says: under the target, over it, or that the machine was too busy to tell."""

import pytest

from tests.measure.tracking import verdict

QUIET = {"p50_added_ms": 0.2, "p50_noise_ms": 0.01, "p99_added_ms": 1.0, "p99_noise_ms": 0.1}


@pytest.mark.covers("002-31")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, True),
        ({"p99_noise_ms": 9.0}, True),
        ({"p50_added_ms": 1.5}, False),
        ({"p99_added_ms": 6.0}, False),
        ({"p99_added_ms": 6.0, "p99_noise_ms": 4.0}, None),
        ({"p50_added_ms": 1.5, "p99_added_ms": 6.0, "p99_noise_ms": 4.0}, False),
    ],
)
def test_the_verdict_is_open_only_where_noise_alone_could_miss_the_target(changed: dict[str, float], said: bool | None) -> None:
    assert verdict(QUIET | changed) is said
