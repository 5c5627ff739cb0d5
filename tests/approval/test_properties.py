"""Whatever trainers, voters, the deployer, operators, time and crashes do: nothing serves without its quorum."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hitl.approval import (
    ApprovalMachine,
    ApprovalRules,
    CancelApproval,
    DelegateVote,
    Deploy,
    Expire,
    FailDeployment,
    RollBack,
    SetAbsence,
)
from hitl.approval.rules import LaterStep
from hitl.canonical import canonical
from hitl.errors import HitlError
from tests.fakes.approvals import WEEK_S, ask, request, vote
from tests.fakes.shell import Shell
from tests.fakes.stranger import journal_folds

TASKS = st.sampled_from(("digits", "tumours"))
DIGESTS = st.sampled_from(("a" * 64, "b" * 64, "c" * 64))
PEOPLE = st.sampled_from(("trainer", "ann", "bob", "cid"))
OPEN = ("pending", "approved")
RULES = ApprovalRules(
    groups={"manager": ["dan"]}, remind_at=[0.5], on_timeout=[LaterStep(rule="escalate_to_manager", after=0.6, ask=["manager"])]
)
VOTING = st.sampled_from(("any", "all", "majority", "k_of_n"))
SILENCE = st.sampled_from((None, {"option": "approve", "reason": "said so"}, {"option": "reject", "reason": "said so"}))


class Approvals(RuleBasedStateMachine):
    """``rejected`` is kept by hand: the bytes that were voted down."""

    def __init__(self) -> None:
        super().__init__()
        self.shell = Shell(ApprovalMachine(RULES))
        self.rejected: set[tuple[str, str]] = set()

    def send(self, command: Any) -> dict[str, Any] | None:
        """The answer, or None for a refusal, which must have changed nothing."""
        before = self.shell.plain()
        with suppress(HitlError):
            return self.shell.send(command)
        assert self.shell.plain() == before
        return None

    @rule(task=TASKS, digest=DIGESTS, author=PEOPLE, quorum=st.integers(1, 3))
    def request(self, task: str, digest: str, author: str, quorum: int) -> None:
        end = self.shell.now + WEEK_S
        answer = self.send(request(digest, task=task, requested_by=author, quorum=quorum, expires_at=end))
        assert (answer is None) == ((task, digest) in self.rejected)

    @rule(author=PEOPLE, rule_=VOTING, veto=st.booleans(), default=SILENCE, kind=st.sampled_from(("custom", "workflow")))
    def ask(self, author: str, rule_: str, veto: bool, default: dict[str, str] | None, kind: str) -> None:
        policy = {"rule": rule_, "approvers": ["ann", "bob", "cid"], "veto": ["*"] if veto else []}
        answer = self.send(ask(kind=kind, requested_by=author, policy=policy, default=default, approval_id=None))
        assert answer is not None

    @precondition(lambda self: self.shell.state.approvals)
    @rule(data=st.data(), by=PEOPLE, to=PEOPLE)
    def delegate(self, data: st.DataObject, by: str, to: str) -> None:
        self.send(DelegateVote(self._any(data)["approval_id"], by, to))

    @rule(person=PEOPLE, deputy=st.none() | PEOPLE, seconds=st.sampled_from((0.0, 600.0, WEEK_S)))
    def go_away(self, person: str, deputy: str | None, seconds: float) -> None:
        self.send(SetAbsence(person, self.shell.now + seconds, deputy, person))

    @precondition(lambda self: self.shell.state.approvals)
    @rule(data=st.data(), who=PEOPLE)
    def cancel(self, data: st.DataObject, who: str) -> None:
        approval = self._any(data)
        assert (self.send(CancelApproval(approval["approval_id"], who)) is not None) == (approval["status"] == "pending")

    @precondition(lambda self: self.shell.state.approvals)
    @rule(data=st.data(), voter=PEOPLE, ballot=st.sampled_from(("approve",) * 4 + ("reject",)), digest=st.none() | DIGESTS)
    def vote(self, data: st.DataObject, voter: str, ballot: str, digest: str | None) -> None:
        approval = self._any(data)
        answer = self.send(vote(voter, ballot, approval["approval_id"], digest or approval["digest"]))
        assert answer is None or voter != approval["requested_by"]
        if answer and ballot == "reject" and approval["kind"] == "model_deployment":
            self.rejected.add((approval["task"], approval["digest"]))

    @precondition(lambda self: self.shell.state.approvals)
    @rule(data=st.data(), digest=st.none() | DIGESTS)
    def deploy(self, data: st.DataObject, digest: str | None) -> None:
        approval = self._any(data)
        answer = self.send(Deploy(approval["approval_id"], digest or approval["digest"]))
        is_bound = digest in (None, approval["digest"]) and approval["kind"] == "model_deployment"
        assert (answer is not None) == (approval["status"] == "approved" and is_bound)

    @precondition(lambda self: self.shell.state.approvals)
    @rule(data=st.data())
    def fail(self, data: st.DataObject) -> None:
        self.send(FailDeployment(self._any(data)["approval_id"], "bytes are missing"))

    @precondition(lambda self: self.shell.state.approvals)
    @rule(data=st.data())
    def ring_too_late_or_twice(self, data: st.DataObject) -> None:
        approval = self._any(data)
        if approval["status"] != "pending":
            assert self.shell.events(Expire(approval["approval_id"])) == []

    @rule(task=TASKS, digest=DIGESTS)
    def roll_back(self, task: str, digest: str) -> None:
        before = self.shell.plain()["serving"].get(task, [])
        answer = self.send(RollBack(task, digest, "olga", "worse"))
        assert answer is None or [[digest, 1.0]] in [line["versions"] for line in before[:-1]]

    @rule(seconds=st.sampled_from((1.0, 3600.0, WEEK_S / 2)))
    def let_time_pass(self, seconds: float) -> None:
        self.shell.advance(seconds)

    @rule()
    def crash(self) -> None:
        before = self.shell.plain()
        self.shell.recover()
        assert self.shell.plain() == before

    @invariant()
    def what_serves_had_its_quorum_for_these_bytes(self) -> None:
        plain = self.shell.plain()
        for task, lines in plain["serving"].items():
            assert [line["generation"] for line in lines] == list(range(1, len(lines) + 1))
            for line in lines:
                approval = plain["approvals"][line["approval_id"]]
                others = {cast["voter"] for cast in approval["votes"] if cast["vote"] == "approve"} - {approval["requested_by"]}
                assert (approval["task"], approval["status"]) == (task, "deployed")
                assert line["versions"] == [[approval["digest"], 1.0]]
                assert len(others) >= approval["quorum"]

    @invariant()
    def one_approval_is_open_for_the_same_bytes(self) -> None:
        approvals = self.shell.plain()["approvals"].values()
        models = [approval for approval in approvals if approval["kind"] == "model_deployment"]
        is_open = [(approval["task"], approval["digest"]) for approval in models if approval["status"] in OPEN]
        assert len(set(is_open)) == len(is_open)
        assert not self.rejected & set(is_open)

    @invariant()
    def nothing_is_approved_but_by_votes_or_by_what_silence_was_said_to_mean(self) -> None:
        for approval in self.shell.plain()["approvals"].values():
            voters = {cast["voter"] for cast in approval["votes"]}
            assert approval["requested_by"] not in voters
            assert approval["is_open"] or voters <= set(approval["asked"])
            assert len(set(approval["asked"])) == len(approval["asked"])
            if approval["status"] == "approved" and approval["default"] is None:
                assert sum(cast["vote"] == "approve" for cast in approval["votes"]) >= approval["policy"]["need"]

    def teardown(self) -> None:
        live = json.loads(canonical(self.shell.plain()))
        assert self.shell.replayed() == live
        assert journal_folds.fold_approvals(json.loads(entry.body) for entry in self.shell.entries) == live

    def _any(self, data: st.DataObject) -> dict[str, Any]:
        approvals = self.shell.plain()["approvals"]
        chosen: dict[str, Any] = approvals[data.draw(st.sampled_from(sorted(approvals)))]
        return chosen


class TestApprovals(Approvals.TestCase):  # type: ignore[misc, name-defined]
    settings = settings(max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
class TestApprovalsAtLength(Approvals.TestCase):  # type: ignore[misc, name-defined]
    settings = settings(max_examples=150, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck))
