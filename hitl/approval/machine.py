"""The approvals as a machine that the actor shell can run."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from hitl.approval.chain import alarms as steps
from hitl.approval.chain import nudge_key
from hitl.approval.commands import AskApproval, Command, Expire, RequestApproval
from hitl.approval.decide import decide
from hitl.approval.events import (
    EVENTS,
    ApprovalApproved,
    ApprovalCancelled,
    ApprovalEscalated,
    ApprovalEvent,
    ApprovalExpired,
    ApprovalRejected,
    ApprovalReminded,
    ApprovalRequested,
)
from hitl.approval.evolve import evolve
from hitl.approval.queries import Question, answer
from hitl.approval.questions import SensitiveKeys, SignInFor
from hitl.approval.rules import ApprovalRules
from hitl.approval.show import show
from hitl.approval.sign_in import needs_sign_in
from hitl.approval.state import Approval, ApprovalState, RequestStatus, expiry_key
from hitl.approval.views import SensitiveNames, SignInTerms
from hitl.approval.visibility import visible
from hitl.canonical import JsonObject
from hitl.machine.machine import Alarm, AlarmOver, Outcome
from hitl.open_objects import require_room
from hitl.serving.show import show_served
from hitl.serving.views import ServingView


class ApprovalMachine:
    """``rules`` say who is asked; one account has at most ``max_open`` open requests, None: any number. What holds for a request
    comes with it: no change of configuration touches an open one."""

    name = "approval"
    events = EVENTS

    def __init__(self, rules: ApprovalRules | None = None, max_open: int | None = None) -> None:
        self._rules, self._max_open = rules or ApprovalRules(), max_open

    def initial(self) -> ApprovalState:
        return ApprovalState()

    def decide(self, state: ApprovalState, command: Command, now: float) -> Outcome:
        outcome = decide(state, command, now, self._rules)
        if outcome.events and isinstance(command, AskApproval | RequestApproval):  # without: it was asked before
            require_room(state.open_by, command.requested_by, self._max_open, "approvals")
        return outcome

    def evolve(self, state: ApprovalState, event: ApprovalEvent, at: float) -> None:
        evolve(state, event, at)

    def alarms(self, state: ApprovalState, event: ApprovalEvent) -> Iterable[Alarm | AlarmOver]:
        match event:
            case ApprovalRequested():
                return _standing(state.approvals[event.approval_id])
            case ApprovalReminded() | ApprovalEscalated():
                return steps(state.approvals[event.approval_id])
            case ApprovalApproved() | ApprovalRejected() | ApprovalExpired() | ApprovalCancelled():
                return AlarmOver(expiry_key(event.approval_id)), AlarmOver(nudge_key(event.approval_id))
            case _:
                return ()

    def standing_alarms(self, state: ApprovalState) -> Iterable[Alarm]:
        waiting = (approval for approval in state.approvals.values() if approval.status is RequestStatus.PENDING)
        return (alarm for approval in waiting for alarm in _standing(approval))

    def plain(self, state: ApprovalState) -> JsonObject:
        told: JsonObject = {
            "approvals": {approval_id: show(approval) for approval_id, approval in state.approvals.items()},
            "serving": {
                task: [_line(show_served(task, served)) for served in history] for task, history in state.serving.served.items()
            },
            "absences": {person: asdict(absence) for person, absence in state.absences.items()},
        }
        if state.serving.definitions:
            told["definitions"] = {task: list(map(asdict, each)) for task, each in state.serving.definitions.items()}
        return told

    def query(self, state: ApprovalState, question: Question | SensitiveKeys | SignInFor, now: float) -> Any:
        if isinstance(question, SensitiveKeys):
            return SensitiveNames(list(self._rules.of(question.kind).sensitive))
        if isinstance(question, SignInFor):
            found = visible(state, question.approval_id, question.person)
            return SignInTerms(needs_sign_in(found, self._rules))
        return answer(state, question)


def _standing(approval: Approval) -> list[Alarm]:
    return [_end(approval), *steps(approval)]


def _end(approval: Approval) -> Alarm:
    return Alarm(expiry_key(approval.approval_id), Expire(approval.approval_id), at=approval.expires_at)


def _line(view: ServingView) -> JsonObject:
    """Return the view as JSON reads it back: with lists where it has tuples, and as before definitions could change."""
    line = {**asdict(view), "versions": [list(version) for version in view.versions]}
    return {name: value for name, value in line.items() if name != "definition" or value is not None}
