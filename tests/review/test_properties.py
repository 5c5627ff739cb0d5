"""Whatever people, time and crashes do in whatever order: one holder, nothing lost, and replay equals live."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from hitl.canonical import canonical
from hitl.errors import AlreadyDecided, StaleLease
from hitl.review import Claim, Decide, Escalate, ExpireLease, MarkOverdue, OpenReview, Release
from hitl.review.queues import RANK
from tests.fakes.reviews import DAY_S, machine, record
from tests.fakes.shell import Shell
from tests.fakes.stranger import review_folds

QUEUES = ("digits", "digits.expert")
"""One task and few cases, so that the same people meet the same review again."""

REVIEWERS = st.sampled_from(("ann", "bob", "cid"))
PRIORITIES = st.sampled_from(("urgent", "high", "normal", "low"))
SECONDS = st.sampled_from((0.0, 1.0, 29.0, 30.0, 130.0, 3600.0, DAY_S))


class Reviews(RuleBasedStateMachine):
    """The rules act on the shard in memory; ``answers`` are the decisions that were acknowledged."""

    grants = Bundle("grants")
    keys = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.shell = Shell(machine())
        self.answers: dict[str, dict[str, Any]] = {}

    @rule(priority=PRIORITIES, is_expert=st.booleans(), case=st.integers(1, 8))
    def open(self, priority: str, is_expert: bool, case: int) -> None:
        action = "expert" if is_expert else "review"
        self.shell.send(OpenReview(record(f"case{case}", priority=priority, action=action), case))

    @rule(target=grants, queue=st.sampled_from(QUEUES), reviewer=REVIEWERS, lease_s=st.sampled_from((None, 30.0, DAY_S)))
    def claim(self, queue: str, reviewer: str, lease_s: float | None) -> Any:
        expected = self._next_in(queue)
        review = self.shell.send(Claim(queue, reviewer, lease_s))["review"]
        assert (review and review["review_id"]) == expected
        return (review["review_id"], review["lease"]["id"], reviewer) if review else multiple()

    @rule(target=keys, grant=grants, label=st.sampled_from(("0", "1", "2")))
    def decide(self, grant: tuple[str, int, str], label: str) -> Any:
        key, command = f"key{len(self.shell.entries)}-{grant}", Decide(*grant, label)
        answer = self._send_as_holder(grant, command, key)
        if answer is None:
            return multiple()
        assert grant[0] not in self.answers
        self.answers[grant[0]] = answer
        return (key, command)

    @rule(repeated=keys)
    def repeat_a_decision(self, repeated: tuple[str, Decide]) -> None:
        key, command = repeated
        count = len(self.shell.entries)
        assert self.shell.send(command, key) == self.answers[command.review_id]
        assert len(self.shell.entries) == count

    @rule(grant=grants)
    def release(self, grant: tuple[str, int, str]) -> None:
        self._send_as_holder(grant, Release(*grant))

    @rule(grant=grants)
    def escalate(self, grant: tuple[str, int, str]) -> None:
        self._send_as_holder(grant, Escalate(*grant, "unsure"))

    @rule(grant=grants)
    def ring_too_late_or_twice(self, grant: tuple[str, int, str]) -> None:
        before = self.shell.plain()
        self.shell.send(ExpireLease(grant[0], grant[1] + 1_000))
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
        assert sorted(waiting + leased + decided) == sorted(plain["reviews"])

    @invariant()
    def acknowledged_answers_stand(self) -> None:
        reviews = self.shell.plain()["reviews"]
        decided = {review_id: review["outcome"]["label"] for review_id, review in reviews.items() if review["outcome"]}
        assert decided == {review_id: answer["label"] for review_id, answer in self.answers.items()}

    @invariant()
    def time_can_always_act(self) -> None:
        for review_id, review in self.shell.plain()["reviews"].items():
            assert review["lease"] is None or f"lease:{review_id}" in self.shell.alarms
            assert review["outcome"] or review["is_overdue"] or f"due:{review_id}" in self.shell.alarms

    @invariant()
    def what_is_overdue_waits_for_experts(self) -> None:
        reviews = self.shell.plain()["reviews"].values()
        waiting = [review for review in reviews if review["is_overdue"] and review["status"] == "waiting"]
        assert {(review["queue"], review["priority"]) for review in waiting} <= {("digits.expert", "urgent")}

    def teardown(self) -> None:
        live = json.loads(canonical(self.shell.plain()))
        assert self.shell.replayed() == live
        assert review_folds.fold_reviews(json.loads(entry.body) for entry in self.shell.entries) == live

    def _next_in(self, queue: str) -> str | None:
        """The first of the queue, found the slow way."""
        reviews = self.shell.state.reviews.values()
        waiting = [review for review in reviews if review.queue == queue and review.status == "waiting"]
        first = min(waiting, key=lambda review: (RANK[review.priority], review.position), default=None)
        return first.review_id if first else None

    def _send_as_holder(self, grant: tuple[str, int, str], command: Any, key: str | None = None) -> dict[str, Any] | None:
        """The answer; None where the grant is no longer valid, which must be exactly when the command is refused."""
        lease = self.shell.plain()["reviews"][grant[0]]["lease"]
        is_valid = lease is not None and (lease["id"], lease["reviewer"]) == grant[1:]
        if is_valid:
            return self.shell.send(command, key)
        with pytest.raises((StaleLease, AlreadyDecided)):
            self.shell.send(command, key)
        return None


class TestReviews(Reviews.TestCase):  # type: ignore[misc, name-defined]
    settings = settings(max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
class TestReviewsAtLength(Reviews.TestCase):  # type: ignore[misc, name-defined]
    settings = settings(max_examples=300, stateful_step_count=80, deadline=None, suppress_health_check=list(HealthCheck))
