"""What a vote, the deadline or a withdrawal does to an approval that waits: exactly one of them ends it."""

from hitl.approval import events
from hitl.approval.asking import is_high_risk, told
from hitl.approval.commands import CancelApproval, Expire, Vote
from hitl.approval.events import ApprovalEvent
from hitl.approval.evolve import with_vote
from hitl.approval.finding import find, is_over
from hitl.approval.options import APPROVE_OR_REJECT, contradiction_in, option_of
from hitl.approval.rules import ApprovalRules
from hitl.approval.sign_in import needs_sign_in
from hitl.approval.silence import why_not_by_silence
from hitl.approval.state import Approval, ApprovalState, RequestStatus
from hitl.approval.stored import StoredOption
from hitl.approval.views import UnchangedApproval
from hitl.approval.visibility import require_voice
from hitl.approval.voting import VoteCount, count
from hitl.errors import AlreadyVoted, ApprovalClosed, DigestMismatch, InvalidInput, SignInNeeded
from hitl.machine.machine import Outcome
from hitl.text_limits import check_text

TIME = "time"


def vote(state: ApprovalState, command: Vote, rules: ApprovalRules, now: float) -> Outcome:
    approval = find(state, command.approval_id)
    if command.via is not None and needs_sign_in(approval, rules):
        raise SignInNeeded(command.voter, f"vote on {approval.approval_id} by {command.via}")
    option = _checked(approval, command, now)
    cast = events.vote_cast(approval, command, option)
    after = with_vote(approval, cast, now)
    found = count(after)
    return Outcome([cast, *_ending(approval, command, found)], told(approval, found.status, after.approving))


def expire(state: ApprovalState, command: Expire, rules: ApprovalRules) -> Outcome:
    """Silence: what the request names for it in words, and otherwise nothing is approved. What silence may not approve is
    looked at once more: a request of an older version waits with a default that would be refused today."""
    if is_over(state, command.approval_id):
        return Outcome([], UnchangedApproval())
    approval = find(state, command.approval_id)
    default = approval.default
    if default is None or _may_not_pass(approval, default["option"], rules):
        return Outcome([events.expired(approval)], told(approval, RequestStatus.EXPIRED, approval.approving))
    option = option_of(approval.options, default["option"])
    if option is not None and option["outcome"] == "approve":
        passed = events.approved(approval, default["option"], TIME, default["reason"])
        return Outcome([passed], told(approval, RequestStatus.APPROVED, approval.approving))
    event = events.rejected(approval, TIME, default["option"], default["reason"])
    return Outcome([event, *_tellings(approval)], told(approval, RequestStatus.REJECTED, approval.approving))


def cancel(state: ApprovalState, command: CancelApproval) -> Outcome:
    approval = find(state, command.approval_id)
    check_text("/reason", command.reason)
    if approval.status is not RequestStatus.PENDING:
        raise ApprovalClosed(approval.approval_id, approval.status.value)
    event = events.cancelled(approval, command)
    return Outcome([event], told(approval, RequestStatus.CANCELLED, approval.approving))


def _may_not_pass(approval: Approval, value: str, rules: ApprovalRules) -> bool:
    """Its default would approve what silence must not."""
    option = option_of(approval.options or APPROVE_OR_REJECT, value)
    if option is None or option["outcome"] != "approve":
        return False
    if contradiction_in(option) is not None:
        return True
    is_risky = is_high_risk(approval.context, approval.checks)
    lasts_s = approval.expires_at - approval.requested_at
    return why_not_by_silence(rules, approval.kind, approval.policy["requires"], is_risky, lasts_s) is not None


def _ending(approval: Approval, command: Vote, found: VoteCount) -> list[ApprovalEvent]:
    if found.status is RequestStatus.APPROVED:
        return [events.approved(approval, found.choice)]
    if found.status is RequestStatus.REJECTED:
        return [events.rejected(approval, command.voter, found.choice, command.comment), *_tellings(approval)]
    return []


def _tellings(approval: Approval) -> list[ApprovalEvent]:
    """Return who hears of the rejection, where that is configured."""
    tells = approval.tells
    return [events.escalated(approval, "rejection", tells["rule"], tells["groups"], tells["tell"], None)] if tells else []


def _checked(approval: Approval, command: Vote, now: float) -> StoredOption:
    """Return the option that the vote is for."""
    option = option_of(approval.options or APPROVE_OR_REJECT, command.vote)
    if option is None:
        values = [each["value"] for each in approval.options or APPROVE_OR_REJECT]
        raise InvalidInput("/vote", f"one of {', '.join(values)}")
    if contradiction_in(option) is not None:  # a request of an older version: refused when made since then
        raise InvalidInput("/vote", f"an option that says what it does: the outcome of {option['value']} is {option['outcome']}")
    check_text("/comment", command.comment)
    require_pending(approval, now)
    require_voice(approval, command.voter)
    if command.digest != approval.digest:
        raise DigestMismatch(approval.digest, command.digest)
    if command.shown is not None and approval.shown is not None and command.shown != approval.shown:
        raise DigestMismatch(approval.shown, command.shown)
    if command.voter in approval.votes:
        raise AlreadyVoted(approval.approval_id, command.voter)
    return option


def require_pending(approval: Approval, now: float) -> None:
    """Raises ApprovalClosed, also after the end and before its alarm has rung."""
    if approval.status is not RequestStatus.PENDING:
        raise ApprovalClosed(approval.approval_id, approval.status.value)
    if now >= approval.expires_at:
        raise ApprovalClosed(approval.approval_id, RequestStatus.EXPIRED.value)
