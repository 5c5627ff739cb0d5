"""What a machine makes up for every route: see tests/measure/fuzz.py for the long run."""

import pytest

from tests.measure.fuzz import added, run, unanswered, unforeseen

pytestmark = pytest.mark.slow


@pytest.mark.covers("D22")
def test_made_up_requests_are_answered_as_the_document_says() -> None:
    report = run(requests=1_000, start=7)
    assert report["requests"] >= 1_000
    assert report["failures"] == {}
    assert unforeseen(report) == 0
    assert unanswered(report) == []
    assert report["digests_compared"] > 0


def test_two_reports_are_added() -> None:
    one = {"seeds": [1], "requests": 2, "digests_compared": 1, "seconds": 1.0, "statuses": {"200": 1, "500": 1}, "roles": {}}
    one |= {"modes": {"positive": 2}, "answered": {"GET /a": 2, "GET /b": 0}, "failures": {"GET /a: 500": "x"}}
    both = added(one, one)
    assert (both["requests"], both["modes"], unforeseen(both), unanswered(both)) == (4, {"positive": 4}, 2, ["GET /b"])
