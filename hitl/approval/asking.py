"""What a request for an approval becomes: an event with everything that it will ever need, or a refusal."""

import re
from collections.abc import Sequence
from math import isfinite

from msgspec import UnsetType
from msgspec.structs import asdict, replace

from hitl.approval import events
from hitl.approval.chain import schedule, when_all_are_away
from hitl.approval.commands import AskApproval, RequestApproval
from hitl.approval.defining import check_definition
from hitl.approval.electorate import HIGH_RISKS, Electorate, electorate, quorum_electorate, standing_in
from hitl.approval.events import ApprovalEvent, ApprovalRequested
from hitl.approval.evolve import evolve
from hitl.approval.finding import find
from hitl.approval.kinds import GATED, ApprovalKind, Urgency
from hitl.approval.options import APPROVE_OR_REJECT, AS_WRITTEN, checked_options, option_of
from hitl.approval.rules import ApprovalRules
from hitl.approval.sealable import RISK, require_sealable
from hitl.approval.shown import shown_digest
from hitl.approval.silence import why_not_by_silence
from hitl.approval.state import Approval, ApprovalState, RequestStatus
from hitl.approval.stored import StoredDefault, StoredOption
from hitl.approval.views import ApprovalStanding
from hitl.canonical import JsonObject
from hitl.checks.hidden_signs import turns
from hitl.errors import ApprovalClosed, InvalidInput, NotInMemory
from hitl.machine.machine import Outcome
from hitl.serving.decide import check_policy
from hitl.text_limits import MAX_TEXT, check_text

MAX_QUORUM = 100
MAX_DESCRIPTION = 20_000
LONGEST_S = 366 * 86_400.0
OWN_NAME = re.compile(r"[A-Za-z0-9][\w.:@+-]{0,199}")
TAKEN = frozenset({"metrics", "absences"})
"""Paths of the API beside the approvals' own."""

NUMBERED = re.compile(r".*-\d+")


def request(state: ApprovalState, command: RequestApproval, rules: ApprovalRules, now: float) -> Outcome:
    """Return what decides what serves: bound to its own digest, voted on by a quorum."""
    _check_request(command, now)
    bytes_of_task = (command.task, command.digest)
    if bytes_of_task in state.serving.rejected:
        raise ApprovalClosed(state.serving.rejected[bytes_of_task], RequestStatus.REJECTED.value)
    subject = (command.kind, *bytes_of_task)
    if subject in state.open:
        approval = state.approvals[state.open[subject]]
        return Outcome([], told(approval, approval.status, approval.approving))
    is_risky = is_high_risk(command.context, [])
    who = quorum_electorate(rules, command.kind, command.quorum, command.requested_by, is_risky)
    options = [option.copy() for option in APPROVE_OR_REJECT]
    event = events.requested(next_id(state, command.task), command, _attended(state, who, command, now), options)
    return _requested(state, replace(event, shown=shown_digest(asdict(event))), rules, is_risky, now)


def ask(state: ApprovalState, command: AskApproval, rules: ApprovalRules, now: float) -> Outcome:
    """Anything else: bound to the digest of all that is shown."""
    _check_ask(command)
    options, is_risky = checked_options(command.options), is_high_risk(command.context, command.checks)
    who = electorate(rules, command.kind, command.policy, command.requested_by, is_risky)
    lasts_s = rules.timeout_s(command.urgency) if command.timeout_s is None else command.timeout_s
    _check_timeout(lasts_s, rules)
    approval_id = command.approval_id or next_id(state, command.task or command.kind)
    event = events.asked(approval_id, command, _attended(state, who, command, now), options, now + lasts_s)
    event = replace(event, default=checked_default(command.default, options))
    _check_silence(event, rules, is_risky, lasts_s)
    digest = shown_digest(asdict(event))
    if approval_id in state.approvals:
        return _again(find(state, approval_id), digest, command.requested_by)
    if approval_id in state.left_lately:  # who looked for it in the archive may have been too early
        raise NotInMemory([approval_id])
    return _requested(state, replace(event, digest=digest, shown=digest), rules, is_risky, now)


def is_high_risk(context: JsonObject, checks: Sequence[JsonObject]) -> bool:
    """Said by the request, or by a check that found something severe or could not look."""
    said = str(context.get(RISK, "")).strip().lower() in HIGH_RISKS
    return said or any(check.get("severity") in (*HIGH_RISKS, "unknown") for check in checks)


def next_id(state: ApprovalState, prefix: str) -> str:
    return f"{prefix}-{state.numbers.get(prefix, 0) + 1}"


def told(approval: Approval, status: RequestStatus, approving: int) -> ApprovalStanding:
    return ApprovalStanding(*standing(approval), status, approving)


def standing(approval: Approval | ApprovalRequested) -> tuple[str, str, str, int, float]:
    """Return the first fields of what the sender of a command is told."""
    return approval.approval_id, approval.task, approval.digest, approval.quorum, approval.expires_at


def checked_default(default: StoredDefault | None, options: list[StoredOption]) -> StoredDefault | None:
    """Silence decides only where the request says which option, and why, in words."""
    if default is None:
        return None
    option = option_of(options, str(default.get("option")))
    if option is None:
        raise InvalidInput("/default/option", "the value of one of the options")
    reason = default.get("reason")
    if not isinstance(reason, str) or not reason.strip() or len(reason) > MAX_TEXT:
        raise InvalidInput("/default/reason", "words that say why silence means this")
    return {"option": option["value"], "reason": reason}


def _attended(state: ApprovalState, who: Electorate, command: RequestApproval | AskApproval, now: float) -> Electorate:
    return standing_in(who, state.absences, (command.requested_by, *who.policy["excluded"]), now)


def _requested(state: ApprovalState, event: ApprovalRequested, rules: ApprovalRules, is_risky: bool, now: float) -> Outcome:
    """Return the request, and who else hears of it at once: of a high risk, or because everybody who is asked is away."""
    event = replace(event, schedule=schedule(rules, now, event.expires_at), tells=rules.told_of_rejections())
    after = ApprovalState(absences=state.absences)
    evolve(after, event, now)
    made = after.approvals[event.approval_id]
    more: list[ApprovalEvent] = [*when_all_are_away(after, made, now)]
    if is_risky and rules.on_high_risk:
        groups = rules.on_high_risk.require
        more.append(events.escalated(made, "high_risk", rules.on_high_risk.rule, groups, rules.people(groups), None))
    return Outcome([event, *more], ApprovalStanding(*standing(event), RequestStatus.PENDING, 0))


def _again(known: Approval, digest: str, requested_by: str) -> Outcome:
    """The same request of the same caller under one name is the same approval; nobody else learns whether theirs is equal."""
    if known.digest != digest or known.requested_by != requested_by:
        raise ApprovalClosed(known.approval_id, f"{known.status.value}, about something else")
    return Outcome([], told(known, known.status, known.approving))


def _check_request(command: RequestApproval, now: float) -> None:
    if command.kind not in GATED:
        raise InvalidInput("/kind", f"one of {', '.join(sorted(GATED))}")
    if not command.digest:
        raise InvalidInput("/digest", "the digest of the model or of the policy")
    if not 1 <= command.quorum <= MAX_QUORUM:
        raise InvalidInput("/quorum", f"a number of people in [1, {MAX_QUORUM}]")
    if not (isfinite(command.expires_at) and command.expires_at > now):
        raise InvalidInput("/expires_at", "a time to come")
    if command.kind == ApprovalKind.POLICY_CHANGE:
        check_policy(command.evidence.get("policy"))
    if command.kind == ApprovalKind.TASK_CHANGE:
        check_definition(command.task, command.evidence, command.digest)
    _check_texts(command)


def _check_ask(command: AskApproval) -> None:
    if command.kind in GATED or command.kind not in tuple(ApprovalKind):
        raise InvalidInput("/kind", f"one of {', '.join(sorted(set(ApprovalKind) - GATED))}")
    lasts_s, name = command.timeout_s, command.approval_id
    if lasts_s is not None and not (isfinite(lasts_s) and 0 < lasts_s <= LONGEST_S):
        raise InvalidInput("/timeout", f"seconds in (0, {LONGEST_S:g}]")
    if name is not None and (not OWN_NAME.fullmatch(name) or NUMBERED.fullmatch(name) or name in TAKEN):
        raise InvalidInput(
            "/id", "letters, digits and . _ : @ + -, and no number after a dash: that is how the service names its own"
        )
    _check_texts(command)


def _check_timeout(lasts_s: float, rules: ApprovalRules) -> None:
    if lasts_s < rules.shortest_timeout_s:
        raise InvalidInput("/timeout", f"at least {rules.shortest_timeout_s:g} seconds, which a person needs")


def _check_silence(event: ApprovalRequested, rules: ApprovalRules, is_risky: bool, lasts_s: float) -> None:
    """Raises InvalidInput for a default that approves what silence must not."""
    default = event.default
    option = option_of(event.options, default["option"]) if default else None
    if option is None or option["outcome"] != "approve":
        return
    reason = why_not_by_silence(rules, event.kind, _votes_required_by(event), is_risky, lasts_s)
    if reason is not None:
        raise InvalidInput("/default/option", f"an option that rejects: silence cannot approve this, because {reason}")


def _votes_required_by(event: ApprovalRequested) -> dict[str, int]:
    return {} if isinstance(event.policy, UnsetType) else event.policy["requires"]


def _check_texts(command: RequestApproval | AskApproval) -> None:
    if command.urgency not in tuple(Urgency):
        raise InvalidInput("/urgency", f"one of {', '.join(Urgency)}")
    require_sealable(command.kind, (place.split("/")[2] for place in command.sealed))
    check_text("/title", command.title)
    check_text("/description", command.description, MAX_DESCRIPTION)
    for place, text in (("/title", command.title), ("/description", command.description)):
        if turns(text):
            raise InvalidInput(place, AS_WRITTEN)
