"""A journal of reviews that was written when events were plain objects opens, and leads to the state that it led to.

It has every event of docs/journal.md, and entries from before purposes, escalations and windows. Beside it stands the compared
state as it was at its end.
"""

import json
from pathlib import Path
from typing import Any, get_args

from hitl.canonical import canonical
from hitl.journal import GENESIS, Commit, Entry
from hitl.journal.entry import check_link
from hitl.machine.replay import Replica
from hitl.review.events import EVENTS, ReviewEvent
from tests.fakes.reviews import machine
from tests.fakes.stranger import review_folds

FOLDER = Path(__file__).parent / "old"
FROM_OLDER_VERSIONS = 15
"""The first entries lack fields; today's code would write them otherwise."""

NEWER = {"CasesArchived", "CasesDeleted", "ReviewRowsArchived", "ReviewWithdrawn", "ReviewsOrdered"}
"""Events that came after it was written."""


def entries() -> list[Entry]:
    rows = map(json.loads, (FOLDER / "review.jsonl").read_text().splitlines())
    return [Entry(row["seq"], canonical(row["body"]), row["hash"]) for row in rows]


def state() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "review.state.json").read_bytes())
    return found


def test_it_leads_to_the_state_that_it_led_to() -> None:
    replica = Replica(machine())
    for entry in entries():
        replica.replay(entry)
    assert json.loads(canonical(replica.machine.plain(replica.state))) == state()


def test_its_entries_link_from_the_first() -> None:
    head = GENESIS
    for number, entry in enumerate(entries(), start=1):
        check_link("review", head, number, entry)
        head = entry.hash


def test_the_example_reads_it_alike() -> None:
    assert review_folds.fold_reviews(json.loads(entry.body) for entry in entries()) == state()


def test_every_event_is_in_it() -> None:
    named = {event["type"] for entry in entries() for event in Commit.decode(entry.body).events}
    assert named | NEWER == {kind.__name__ for kind in get_args(ReviewEvent)}


def test_what_it_was_written_from_has_the_same_bytes_today() -> None:
    for entry in entries()[FROM_OLDER_VERSIONS:]:
        commit = Commit.decode(entry.body)._replace(events=EVENTS.read(entry.body).events)
        assert EVENTS.write(commit)[0] == entry.body
