"""What happens while nobody decides: reminders, and more people who are asked. Time asks; it never answers."""

from collections.abc import Iterable
from typing import Final

from hitl.approval import events
from hitl.approval.commands import Nudge
from hitl.approval.finding import find, is_over
from hitl.approval.presence import present
from hitl.approval.rules import ApprovalRules
from hitl.approval.state import Approval, ApprovalState, RequestStatus
from hitl.approval.stored import StoredStep
from hitl.approval.views import UnchangedApproval
from hitl.machine.machine import Alarm, Outcome

REMIND: Final = "remind"
ESCALATE: Final = "escalate"


def schedule(rules: ApprovalRules, begins: float, ends: float) -> list[StoredStep]:
    """Return the steps of a request, each with its time: what was configured when it was made."""
    steps: list[StoredStep] = [{"do": REMIND, "at": begins + share * (ends - begins)} for share in rules.remind_at]
    for step in rules.on_timeout:
        at = begins + step.after * (ends - begins)
        steps.append({"do": ESCALATE, "at": at, "rule": step.rule, "groups": list(step.ask), "ask": rules.people(step.ask)})
    return sorted(steps, key=lambda step: float(step["at"]))


def nudge_key(approval_id: str) -> str:
    """Return the alarm of the approval's next step."""
    return f"nudge:{approval_id}"


def alarms(approval: Approval) -> Iterable[Alarm]:
    """Yield the next step of an approval that waits; none when all are done."""
    if approval.status is RequestStatus.PENDING and approval.step < len(approval.schedule):
        command = Nudge(approval.approval_id, approval.step)
        yield Alarm(nudge_key(approval.approval_id), command, at=approval.schedule[approval.step]["at"])


def nudge(state: ApprovalState, command: Nudge, now: float) -> Outcome:
    """Remind who is silent, or ask the next people; nothing when it was done or the approval is decided."""
    if is_over(state, command.approval_id) or command.step != state.approvals[command.approval_id].step:
        return Outcome([], UnchangedApproval())
    approval = find(state, command.approval_id)
    step = approval.schedule[command.step]
    if step["do"] == REMIND:
        silent = [name for name in approval.asked if name not in approval.votes]
        return Outcome([events.reminded(approval, present(state.absences, silent, now), command.step)], UnchangedApproval())
    asked = newly_asked(state, approval, step["ask"], now)
    event = events.escalated(approval, "timeout", step["rule"], step["groups"], asked, command.step)
    return Outcome([event], UnchangedApproval())


def when_all_are_away(state: ApprovalState, approval: Approval, now: float) -> list[events.ApprovalEscalated]:
    """The next configured people are asked at once when nobody who is asked by name is there."""
    silent = [name for name in approval.asked if name not in approval.votes]
    if approval.is_open or present(state.absences, silent, now):
        return []
    for step in approval.schedule[approval.step :]:
        asked = newly_asked(state, approval, step["ask"], now) if step["do"] == ESCALATE else []
        if asked:
            return [events.escalated(approval, "away", step["rule"], step["groups"], asked, None)]
    return []


def newly_asked(state: ApprovalState, approval: Approval, people: list[str], now: float) -> list[str]:
    """Of ``people``, who are there and may vote and are not asked yet; a request that is open to everybody names nobody."""
    barred = {approval.requested_by, *approval.policy["excluded"], *approval.asked}
    return [] if approval.is_open else [name for name in present(state.absences, people, now) if name not in barred]
