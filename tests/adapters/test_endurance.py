"""A store with little memory takes any number of cases and answers: what is old leaves it, and still answers."""

from pathlib import Path

import pytest

from hitl.adapters.valkey import archiver, stepping
from tests.measure.endurance import ONE_IN, endure
from tests.measure.endurance_world import ANSWER

CASES, MEMORY = 40_000, 64 * 2**20
"""Some 70 MB of cases, and 4,000 answers."""

KEPT = 500
EVERY_S = 0.2
"""The movers look every five seconds in the product; here cases come faster than from any clients."""


@pytest.mark.slow
async def test_the_store_is_flat_however_many_cases_and_answers_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (archiver, stepping):
        monkeypatch.setattr(module, "EVERY_S", EVERY_S)
    found = await endure(CASES, tmp_path, MEMORY, KEPT)
    later = [sample.stream_bytes for sample in found.samples[len(found.samples) // 4 :]]
    assert max(later) < MEMORY * 3 / 8
    assert found.refused == 0
    assert found.verified["intake partition 0 (1 gateways)"] == CASES
    assert found.verified["journal of review-0"] > 2 * CASES / ONE_IN
    assert found.first_answer == ANSWER
