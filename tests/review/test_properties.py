"""Whatever people, time and crashes do in whatever order: one holder, one answer each, nothing lost, and replay equals live."""

import json
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from hitl.canonical import canonical
from hitl.errors import Conflict, InvalidInput
from hitl.review import (
    Amend,
    Assign,
    Claim,
    Decide,
    DelegateReview,
    Escalate,
    ExpireLease,
    MakeFinal,
    MarkOverdue,
    OpenReview,
    OrderReviews,
    Release,
    Reopen,
    ReportFailure,
    Requeue,
    SaveDraft,
    SendBack,
    Skip,
    Undo,
)
from hitl.review.claiming import claimer_of
from hitl.review.queues import RANK
from tests.fakes.reviews import DAY_S, ReviewShell, machine, record
from tests.fakes.stranger import review_folds

QUEUES = ("digits", "digits.expert")
"""One task and few cases, so that the same people meet the same review again."""

REVIEWERS = st.sampled_from(("ann", "bob", "cid"))
TARGETS = st.sampled_from((None, "person:ann", "person:bob", "role:expert"))
KEYS = {"cid": frozenset({"role:expert"})}
PRIORITIES = st.sampled_from(("urgent", "high", "normal", "low"))
SECONDS = st.sampled_from((0.0, 1.0, 29.0, 30.0, 130.0, 3600.0, DAY_S))
LEASES = st.sampled_from((None, 30.0))
LABELS = st.sampled_from(("0", "1", "2"))

Grant = tuple[str, int, str]


class Reviews(RuleBasedStateMachine):
    """The rules act on the shard in memory; ``said`` are the answers that were acknowledged and not taken back."""

    terms: ClassVar[dict[str, Any]] = {}
    grants = Bundle("grants")
    keys = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.shell = ReviewShell(machine(**self.terms))
        self.said: dict[tuple[str, str], str] = {}
        self.answers: dict[str, dict[str, Any]] = {}

    @rule(priority=PRIORITIES, action=st.sampled_from(("review", "expert", "automatic")), case=st.integers(1, 8))
    def open(self, priority: str, action: str, case: int) -> None:
        streams = ["audit"] if action == "automatic" else []
        said = [0.4 + case / 20, 0.6 - case / 20, 0.0]
        given = {"priority": priority, "action": action, "streams": streams, "probabilities": said}
        self.shell.send(OpenReview(record(f"case{case}", **given), case))

    @rule(target=grants, queue=st.sampled_from(QUEUES), reviewer=REVIEWERS, lease_s=LEASES, count=st.integers(1, 3))
    def claim(self, queue: str, reviewer: str, lease_s: float | None, count: int) -> Any:
        expected = self._next_in(queue, reviewer)[:count]
        answer = self.shell.send(Claim(queue, reviewer, lease_s, count, KEYS.get(reviewer, frozenset())))
        assert [review["review_id"] for review in answer["reviews"]] == expected
        assert expected or answer["why"]["reason"] in ("skipped", "answered", "others", "leased", "quarantined", "none")
        return multiple(*((review["review_id"], review["lease"]["id"], reviewer) for review in answer["reviews"]))

    @rule(target=keys, grant=grants, label=LABELS)
    def decide(self, grant: Grant, label: str) -> Any:
        key, command = f"key{len(self.shell.entries)}-{grant}", Decide(*grant, label)
        answer = self._send_as_holder(grant, command, key)
        if answer is None:
            return multiple()
        assert (grant[0], grant[2]) not in self.said
        self.said[grant[0], grant[2]] = label
        self.answers[key] = answer
        return (key, command)

    @rule(repeated=keys)
    def repeat_a_decision(self, repeated: tuple[str, Decide]) -> None:
        key, command = repeated
        count = len(self.shell.entries)
        assert self.shell.send(command, key) == self.answers[key]
        assert len(self.shell.entries) == count

    @rule(target=grants, grant=grants)
    def undo(self, grant: Grant) -> Any:
        review_id, _, reviewer = grant
        review = self.shell.plain()["reviews"][review_id]
        if review["status"] != "provisional" or review["outcome"]["reviewer"] != reviewer:
            with pytest.raises(Conflict):
                self.shell.send(Undo(review_id, reviewer))
            return multiple()
        del self.said[review_id, reviewer]
        return (review_id, self.shell.send(Undo(review_id, reviewer))["lease"], reviewer)

    @rule(grant=grants)
    def release(self, grant: Grant) -> None:
        self._send_as_holder(grant, Release(*grant))

    @rule(grant=grants)
    def skip(self, grant: Grant) -> None:
        self._send_as_holder(grant, Skip(*grant, "no idea"))

    @rule(grant=grants)
    def escalate(self, grant: Grant) -> None:
        self._send_as_holder(grant, Escalate(*grant, "unsure"))

    @rule(grant=grants, to=st.sampled_from(("person:cid", "person:bob")))
    def delegate(self, grant: Grant, to: str) -> None:
        self._send_as_holder(grant, DelegateReview(*grant, to))

    @rule(grant=grants)
    def save_a_draft(self, grant: Grant) -> None:
        self._send_as_holder(grant, SaveDraft(*grant, {"label": "1"}))

    @rule(grant=grants)
    def fail(self, grant: Grant) -> None:
        self._send_as_holder(grant, ReportFailure(*grant, "render"))

    @rule(grant=grants)
    def send_back(self, grant: Grant) -> None:
        if self.shell.plain()["reviews"][grant[0]]["queue"].endswith(".expert"):
            self._send_as_holder(grant, SendBack(*grant, "look again"))

    @rule(grant=grants, to=TARGETS, label=LABELS)
    def interfere(self, grant: Grant, to: str | None, label: str) -> None:
        """What an operator does to a review is done or refused, and nothing else."""
        for command in (Assign(grant[0], to, "olga"), Requeue(grant[0], "olga"), Amend(grant[0], "olga", label, "wrong")):
            try:
                self.shell.send(command)
            except (Conflict, InvalidInput):
                continue

    @rule(grant=grants)
    def reopen(self, grant: Grant) -> None:
        try:
            self.shell.send(Reopen(grant[0], "olga", "complaint"))
        except Conflict:
            assert self.shell.plain()["reviews"][grant[0]]["status"] != "decided" or self._is_reopened(grant[0])

    @rule(grant=grants)
    def ring_too_late_or_twice(self, grant: Grant) -> None:
        before = self.shell.plain()
        self.shell.send(ExpireLease(grant[0], grant[1] + 1_000))
        self.shell.send(MakeFinal(grant[0], 1.0))
        if before["reviews"][grant[0]]["is_overdue"]:
            self.shell.send(MarkOverdue(grant[0]))
        assert self.shell.plain() == before

    @rule(seconds=SECONDS)
    def let_time_pass(self, seconds: float) -> None:
        self.shell.advance(seconds)

    @rule()
    def crash(self) -> None:
        before = self.shell.plain()
        self.shell.recover()
        assert self.shell.plain() == before

    @invariant()
    def nobody_shares_a_lease(self) -> None:
        plain = self.shell.plain()
        held = [review_id for mine in plain["held"].values() for review_id in mine]
        leased = [review_id for review_id, review in plain["reviews"].items() if review["lease"]]
        assert sorted(held) == sorted(leased)

    @invariant()
    def nothing_is_lost(self) -> None:
        plain = self.shell.plain()
        waiting = [review_id for queue in plain["queues"].values() for ids in queue.values() for review_id in ids]
        leased = [review_id for mine in plain["held"].values() for review_id in mine]
        decided = [review_id for ids in plain["examples"].values() for review_id in ids]
        aside = [name for name, review in plain["reviews"].items() if review["status"] in ("provisional", "quarantined")]
        assert sorted(waiting + leased + decided + aside) == sorted(plain["reviews"])

    @invariant()
    def acknowledged_answers_stand_and_nobody_gives_two(self) -> None:
        reviews = self.shell.plain()["reviews"].items()
        given = [((name, answer["reviewer"]), answer["label"]) for name, review in reviews for answer in review["answers"]]
        assert sorted(given) == sorted(self.said.items())

    @invariant()
    def time_can_always_act(self) -> None:
        for review_id, review in self.shell.plain()["reviews"].items():
            assert review["lease"] is None or f"lease:{review_id}" in self.shell.alarms
            assert review["status"] != "provisional" or f"final:{review_id}" in self.shell.alarms
            is_out = review["outcome"] or review["is_overdue"] or review["status"] == "quarantined"
            assert is_out or f"due:{review_id}" in self.shell.alarms

    @invariant()
    def what_was_learnt_is_what_stands(self) -> None:
        plain = self.shell.plain()
        decided = [review for review in plain["reviews"].values() if review["status"] == "decided"]
        agreed = sum(review["outcome"]["agrees_with_model"] is True for review in decided)
        counters = plain["counters"].get("digits", {"agreed": 0, "decided": 0})
        assert (counters["agreed"], counters["decided"]) == (agreed, len(decided))

    def teardown(self) -> None:
        live = json.loads(canonical(self.shell.plain()))
        assert self.shell.replayed() == live
        assert review_folds.fold_reviews(json.loads(entry.body) for entry in self.shell.entries) == live

    def _next_in(self, queue: str, reviewer: str) -> list[str]:
        """What the reviewer may take of the queue, first one first, found the slow way."""
        claimer = claimer_of(self.shell.state, queue, reviewer, KEYS.get(reviewer, frozenset()), self.shell.now)
        reviews = [review for review in self.shell.state.reviews.values() if review.queue == queue and review.status == "waiting"]
        mine = [review for review in reviews if claimer.may_take(review.lane)]
        order = sorted(mine, key=lambda review: (RANK[review.priority], review.turn, review.review_id))
        return [review.review_id for review in order]

    def _is_reopened(self, review_id: str) -> bool:
        case, number = review_id.rsplit("-", 1)
        return f"{case}-{int(number) + 1}" in self.shell.plain()["reviews"]

    def _send_as_holder(self, grant: Grant, command: Any, key: str | None = None) -> dict[str, Any] | None:
        """The answer; None where the grant is no longer valid, which must be exactly when the command is refused."""
        lease = self.shell.plain()["reviews"][grant[0]]["lease"]
        is_valid = lease is not None and (lease["id"], lease["reviewer"]) == grant[1:]
        if is_valid:
            return self.shell.send(command, key)
        with pytest.raises(Conflict):
            self.shell.send(command, key)
        return None


class SeveralAnswers(Reviews):
    terms: ClassVar[dict[str, Any]] = {"overlap": 2, "undo_s": 30.0, "expert_validation": 0.5, "quarantine_after": 2}


class ByWhatTheyTeach(Reviews):
    terms: ClassVar[dict[str, Any]] = {"order": "hybrid"}

    @rule(worth=st.lists(st.floats(0, 1), min_size=8, max_size=8))
    def order(self, worth: list[float]) -> None:
        told = tuple((f"case{case}-1", each) for case, each in enumerate(worth, start=1))
        self.shell.send(OrderReviews("digits", "m" * 64, told))


QUICK = settings(max_examples=30, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=300, stateful_step_count=80, deadline=None, suppress_health_check=list(HealthCheck))


class TestReviews(Reviews.TestCase):  # type: ignore[misc, name-defined]
    settings = QUICK


class TestSeveralAnswers(SeveralAnswers.TestCase):  # type: ignore[misc, name-defined]
    settings = QUICK


class TestByWhatTheyTeach(ByWhatTheyTeach.TestCase):  # type: ignore[misc, name-defined]
    settings = QUICK


@pytest.mark.slow
class TestReviewsAtLength(Reviews.TestCase):  # type: ignore[misc, name-defined]
    settings = LONG


@pytest.mark.slow
class TestSeveralAnswersAtLength(SeveralAnswers.TestCase):  # type: ignore[misc, name-defined]
    settings = LONG


@pytest.mark.slow
class TestByWhatTheyTeachAtLength(ByWhatTheyTeach.TestCase):  # type: ignore[misc, name-defined]
    settings = LONG
