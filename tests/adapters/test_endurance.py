"""A store with little memory takes any number of cases: what is old leaves it, and still answers."""

from pathlib import Path

import pytest

from tests.measure.endurance import endure

CASES, MEMORY = 40_000, 16 * 2**20
"""Some 70 MB of cases."""


@pytest.mark.slow
async def test_the_store_is_flat_however_many_cases_come(tmp_path: Path) -> None:
    found = await endure(CASES, tmp_path, MEMORY)
    later = [sample.stream_bytes for sample in found.samples[len(found.samples) // 4 :]]
    assert max(later) < MEMORY / 2
    assert (found.verified, found.first_is_there) == (CASES, True)
