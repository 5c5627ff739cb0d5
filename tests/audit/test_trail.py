"""Rows and reports from histories: pure."""

from typing import Any

import pytest

from hitl.audit import Consequences, report, row_of
from hitl.audit.report import as_html
from hitl.history import AnyEvent
from hitl.journal.entry import GENESIS, Commit, Effect, Entry, follow
from tests.fakes.history import typed

SEEN = {"digest": "d" * 64, "model_version": "m1", "policy_version": "p1", "opened_at": 1.0, "granted_at": 10.0, "due_at": 99.0}


def entries(*commits: Commit) -> list[Entry]:
    made: list[Entry] = []
    for seq, commit in enumerate(commits, 1):
        made.append(follow(made[-1].hash if made else GENESIS, seq, commit.encode()))
    return made


def commit(at: float, kind: str, case: str = "c", **fields: Any) -> Commit:
    event = {"type": kind, "task": "digits", "case_id": case, "review_id": f"{case}-1", **fields}
    return Commit(at, 1, "ann", "r", "Decide", f"{at}{kind}{case}", "f", {}, [event])


def rows(*commits: Commit, content: bool = False) -> list[dict[str, Any]]:
    made, followed = entries(*commits), Consequences()
    for entry in made:
        followed.see(entry)
    return [row_of("review-0", entry, followed, content) for entry in made]


@pytest.mark.covers("000-76")
def test_an_answer_says_what_was_seen_how_long_and_what_followed() -> None:
    answer = commit(25.0, "ReviewDecided", seen=SEEN, comment="private", label="3", final_at=30.0)
    found = rows(commit(1.0, "ReviewOpened"), answer, commit(30.0, "DecisionFinal"), commit(40.0, "DecisionSuperseded"))
    row = found[1]
    assert (row["saw"], row["looked_s"]) == ("d" * 64, 15.0)
    assert row["versions"] == {"model_version": "m1", "policy_version": "p1"}
    assert [(each["seq"], each["type"]) for each in row["then"]] == [(3, "DecisionFinal"), (4, "DecisionSuperseded")]
    assert (found[0]["saw"], found[0]["then"]) == (None, [])


def test_a_vote_is_bound_to_its_digest_and_followed_by_the_deployment() -> None:
    vote = commit(5.0, "VoteCast", approval_id="a-1", digest="b" * 64, case_id=None)
    deployed = commit(9.0, "Deployed", approval_id="a-1", case_id=None)
    row = rows(vote, deployed)[0]
    assert (row["saw"], [each["type"] for each in row["then"]]) == ("b" * 64, ["Deployed"])


@pytest.mark.parametrize(("content", "expected"), [(False, set()), (True, {"comment", "seen"})])
def test_comments_and_objects_are_told_only_when_asked_for(content: bool, expected: set[str]) -> None:
    (row,) = rows(commit(5.0, "ReviewDecided", seen=SEEN, comment="private", final_at=6.0), content=content)
    assert set(row["events"][0]) & {"comment", "seen"} == expected


def history() -> list[Effect[AnyEvent]]:
    """One case decided by a person, one by an expert and late, one open, one of another period, one check that superseded."""
    opened = [commit(10.0 + n, "ReviewOpened", case, purpose="review") for n, case in enumerate("abc")]
    check = commit(13.0, "ReviewOpened", "x", purpose="audit", is_automatic=True)
    commits = [
        commit(1.0, "ReviewOpened", "z", purpose="review"),
        *opened,
        check,
        commit(20.0, "ReviewDecided", "a", is_expert=False, final_at=20.0),
        commit(20.0, "DecisionFinal", "a"),
        commit(30.0, "ReviewOverdue", "b"),
        commit(31.0, "ReviewDecided", "b", is_expert=True, final_at=31.0),
        commit(31.0, "DecisionFinal", "b"),
        commit(32.0, "ReviewDecided", "x", is_expert=False, final_at=32.0),
        commit(32.0, "DecisionFinal", "x"),
        commit(32.0, "DecisionSuperseded", "x"),
        commit(15.0, "ApprovalRequested", approval_id="p"),
        commit(16.0, "ApprovalRejected", approval_id="p"),
    ]
    return [typed(each) for each in commits]


def test_the_report_says_what_became_of_what_was_flagged() -> None:
    told = report(history(), 5.0, 100.0)["digits"]
    counts = {name: line.count for name, line in told.items() if line.count}
    assert counts == {
        **{"flagged": 3, "decided_by_person": 1, "decided_by_expert": 1, "overdue": 1, "unverified": 1},
        **{"superseded": 1, "checks": 1, "checks_answered": 1, "approvals": 1, "rejected": 1},
    }
    assert told["decided_by_person"].share == pytest.approx(1 / 3)


def test_the_page_shows_every_line_and_trusts_no_name() -> None:
    page = as_html({"<script>": report(history(), 5.0, 100.0)["digits"]}, "Report")
    assert "<script>" not in page
    assert "33.3% of 3" in page


def test_an_empty_period_is_said_so() -> None:
    assert "Nothing in this period." in as_html(report(history(), 500.0, 600.0), "Report")
