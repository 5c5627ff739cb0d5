"""Which cases leave the store: by age, by bytes, under pressure, and never before their readers have read them."""

from dataclasses import replace

import pytest

from hitl.intake.leaving import Leaving, LeavingTerms, StoreFacts, cases_to_archive

TERMS = LeavingTerms(max_age_s=2_400.0, max_bytes=1_000_000, segment_cases=5_000)
FACTS = StoreFacts(
    archived_to=10_000, last=30_000, opened_to=30_000, counted_to=30_000, taken_bytes=500_000, used_share=0.1, oldest_at=9_000.0
)
NOW = 10_000.0
STAY = Leaving(0, None)


@pytest.mark.parametrize(
    ("why", "change", "expected"),
    [
        ("young and few", {}, STAY),
        ("nothing is there", {"oldest_at": None}, STAY),
        ("old, but not by an hour's worth", {"oldest_at": 7_550.0}, STAY),
        ("old", {"oldest_at": 7_400.0}, Leaving(5_000, 7_600.0)),
        ("old, and people's cases wait to be opened", {"oldest_at": 7_400.0, "opened_to": 10_100}, Leaving(100, 7_600.0)),
        ("old, and the counters are behind", {"oldest_at": 7_400.0, "counted_to": 10_000}, Leaving(0, 7_600.0)),
        ("old, and the counters are behind the archive", {"oldest_at": 7_400.0, "counted_to": 9_000}, Leaving(0, 7_600.0)),
        ("too many bytes", {"taken_bytes": 1_000_001}, Leaving(4_001, None)),
        ("far too many bytes", {"taken_bytes": 9_000_000}, Leaving(5_000, None)),
        ("the store runs full", {"used_share": 0.51, "counted_to": 10_000}, Leaving(5_000, None)),
        ("the store runs full of something else", {"used_share": 0.51, "last": 10_900}, STAY),
        ("the store runs full and nobody opens reviews", {"used_share": 0.51, "opened_to": 10_000}, STAY),
    ],
)
def test_what_leaves(why: str, change: dict[str, float], expected: Leaving) -> None:
    found = cases_to_archive(replace(FACTS, **change), TERMS, NOW)  # type: ignore[arg-type]
    assert (found.limit, found.before) == (expected.limit, expected.before)
