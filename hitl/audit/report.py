"""The compliance report of a period: flagged cases, and what has become of them since."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from msgspec import UNSET

from hitl.approval.events import ApprovalApproved, ApprovalCancelled, ApprovalExpired, ApprovalRejected, ApprovalRequested
from hitl.history import AnyEvent
from hitl.html import render_page
from hitl.journal.entry import Effect
from hitl.machine.events import Event
from hitl.review.answer_events import DecisionFinal, DecisionSuperseded, ReviewDecided
from hitl.review.handling_events import ReviewOverdue
from hitl.review.opening_events import ReviewOpened

DEFINITIONS = {
    "flagged": "cases routed to people in the period",
    "decided_by_person": "flagged cases whose final decision a person other than an expert gave",
    "decided_by_expert": "flagged cases whose final decision an expert gave",
    "overdue": "flagged cases that met their deadline without an answer",
    "unverified": "flagged cases without a final decision by the time of the report",
    "superseded": "cases of the period, checks of automatic ones too, whose decision another one superseded",
    "checks": "automatic cases drawn in the period for a blind look by a person",
    "checks_answered": "of those, with a final answer",
    "approvals": "approvals asked for in the period",
    "approved": "of those, approved",
    "rejected": "of those, rejected",
    "expired": "of those, closed by their deadline",
    "cancelled": "of those, cancelled",
}
"""What each count means."""

SHARES = {
    "decided_by_person": "flagged",
    "decided_by_expert": "flagged",
    "overdue": "flagged",
    "unverified": "flagged",
    "checks_answered": "checks",
    "approved": "approvals",
    "rejected": "approvals",
    "expired": "approvals",
}
"""Which counts are shares of which."""

ENDS: dict[type[Event], str] = {
    ApprovalApproved: "approved",
    ApprovalRejected: "rejected",
    ApprovalExpired: "expired",
    ApprovalCancelled: "cancelled",
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One count of a task. Where it is a share of another count, ``n`` is that count and ``share`` lies in [0, 1] (None of
    nothing); otherwise both are None. ``definition`` says in words what is counted."""

    count: int
    share: float | None
    n: int | None
    definition: str


ReportLines: TypeAlias = dict[str, dict[str, ReportLine]]
"""The lines of a report by task, then by name."""


@dataclass(slots=True)
class _Review:
    task: str
    is_check: bool
    is_expert: bool = False
    is_final: bool = False
    is_overdue: bool = False


@dataclass(slots=True)
class ReportBuilder:
    """``since`` and ``until`` bound when things were flagged or asked for, UTC seconds, the end excluded. Feed every commit of
    every shard in order, then read ``lines``."""

    since: float
    until: float
    reviews: dict[str, _Review] = field(default_factory=dict)
    superseded: dict[str, str] = field(default_factory=dict)
    approvals: dict[str, tuple[str, str]] = field(default_factory=dict)

    def see(self, commit: Effect[AnyEvent]) -> None:
        for event in commit.events:
            self._see(event, commit.at)

    def lines(self) -> ReportLines:
        """By task: every count, and its share and n where it is one."""
        counts = self._counts()
        return {task: {name: _line(name, row) for name in DEFINITIONS} for task, row in sorted(counts.items())}

    def _see(self, event: AnyEvent, at: float) -> None:
        is_inside = self.since <= at < self.until
        match event:
            case ReviewOpened() if is_inside:
                self.reviews[event.review_id] = _Review(event.task, event.is_automatic)
            case ApprovalRequested() if is_inside:
                self.approvals[event.approval_id] = (event.task, "approvals")
            case ApprovalApproved() | ApprovalRejected() | ApprovalExpired() | ApprovalCancelled():
                if event.approval_id in self.approvals:
                    self.approvals[event.approval_id] = (event.task, ENDS[type(event)])
            case ReviewOverdue() | ReviewDecided() | DecisionFinal() | DecisionSuperseded():
                if (review := self.reviews.get(event.review_id)) is not None:
                    self._change(review, event)

    def _change(self, review: _Review, event: ReviewOverdue | ReviewDecided | DecisionFinal | DecisionSuperseded) -> None:
        match event:
            case ReviewOverdue():
                review.is_overdue = True
            case ReviewDecided():
                review.is_expert = bool(event.is_expert)
                review.is_final = event.final_at is UNSET  # before decisions had a window: final at once
            case DecisionFinal():
                review.is_final = True
            case DecisionSuperseded():
                self.superseded[event.review_id] = review.task

    def _counts(self) -> dict[str, Counter[str]]:
        found = {review.task: Counter[str]() for review in self.reviews.values()}
        for review in self.reviews.values():
            found[review.task].update(_kinds(review))
        for task in self.superseded.values():
            found[task]["superseded"] += 1
        for task, ended in self.approvals.values():
            found.setdefault(task, Counter()).update({"approvals", ended})
        return found


def report(commits: Iterable[Effect[AnyEvent]], since: float, until: float) -> ReportLines:
    """Return the report over ``commits``, by task."""
    made = ReportBuilder(since, until)
    for commit in commits:
        made.see(commit)
    return made.lines()


def as_html(tasks: ReportLines, title: str) -> str:
    """Return the report as a page of its own."""
    shown = [(task, [_cells(name, line) for name, line in rows.items()]) for task, rows in tasks.items()]
    return render_page("hitl.audit", "report.html", title=title, tasks=shown)


def _kinds(review: _Review) -> list[str]:
    if review.is_check:
        return ["checks", "checks_answered"] if review.is_final else ["checks"]
    by = "decided_by_expert" if review.is_expert else "decided_by_person"
    return ["flagged", by if review.is_final else "unverified", *(["overdue"] if review.is_overdue else [])]


def _line(name: str, counts: Counter[str]) -> ReportLine:
    n = counts[SHARES[name]] if name in SHARES else None
    return ReportLine(counts[name], counts[name] / n if n else None, n, DEFINITIONS[name])


def _cells(name: str, line: ReportLine) -> tuple[str, str, str, str]:
    share = "" if line.share is None else f"{line.share:.1%} of {line.n}"
    return name.replace("_", " "), str(line.count), share, line.definition
