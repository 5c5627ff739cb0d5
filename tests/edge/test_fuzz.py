"""What a machine makes up for every route: see tests/measure/fuzz.py for the long run."""

import pytest

from tests.measure.fuzz import run

pytestmark = pytest.mark.slow


@pytest.mark.covers("D22")
def test_made_up_requests_are_answered_as_the_document_says() -> None:
    report = run(requests=1_000, start=7)
    assert report["requests"] >= 1_000
    assert report["failures"] == {}
