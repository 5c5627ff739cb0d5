"""The HumanLayer SDK's function calls as approvals: what is asked, and how it stands."""

from typing import Any

from hitl.approval import ApprovalKind, Urgency
from hitl.approval.state import Ballot, RequestStatus
from hitl.approval.views import ApprovalView
from hitl.approval.wording import plain_value
from hitl.canonical import JsonObject
from hitl.errors import NotFound
from hitl.workflow.show import iso
from serve_app.api.bodies.approvals import ApprovalBody, OptionBody, PolicyBody
from serve_app.api.bodies.human_layer import CallBody, NamedOptionBody
from serve_app.api.views.human_layer import FunctionCall, FunctionCallSpec, FunctionCallStatus

MARK = "humanlayer"
"""The key of the metadata that holds what the SDK wants back."""

APPROVE, REJECT = "approve", "reject"
LONGEST_TITLE = 200


def approval_name(call_id: str) -> str:
    """Return the approval's id. It never looks like a number of the service's own, whatever the client draws.

    >>> approval_name("call-x-7")
    'humanlayer:call-x-7:call'
    """
    return f"{MARK}:{call_id}:call"


def approval_body(call: CallBody) -> ApprovalBody:
    """Return the request for people. Its title names the arguments and not their values: titles go into messages."""
    spec = call.spec
    noted = spec.model_dump(mode="json", include={"channel", "reject_options", "state"})
    responders = spec.channel.responders if spec.channel else None
    return ApprovalBody(
        kind=ApprovalKind.CUSTOM,
        title=f"Call {spec.fn}({', '.join(spec.kwargs)})?"[:LONGEST_TITLE],
        id=approval_name(call.call_id),
        context={"fn": spec.fn, "kwargs": spec.kwargs},
        options=_options(spec.reject_options or []),
        urgency=Urgency.LOW,
        metadata={MARK: {"run_id": call.run_id, "call_id": call.call_id, **noted}},
        policy=PolicyBody(approvers=responders) if responders else PolicyBody(),
    )


def call_of(approval: ApprovalView) -> FunctionCall:
    """Return the approval as the SDK's function call. Raises NotFound for an approval that is none."""
    noted = approval.metadata.get(MARK)
    if not isinstance(noted, dict) or not {"run_id", "call_id"} <= noted.keys():
        raise NotFound("function call", approval.approval_id)
    return FunctionCall(str(noted["run_id"]), str(noted["call_id"]), _spec_of(approval, noted), _status_of(approval, noted))


def ballot_of(approved: bool, reject_option_name: str | None) -> str:
    """Return the option that a response chooses."""
    return APPROVE if approved else reject_option_name or REJECT


def _options(rejecting: list[NamedOptionBody]) -> list[OptionBody]:
    """Approve, each way to reject, and a plain rejection unless one of them is called so."""
    named = [OptionBody(label=each.label, value=each.name, outcome=REJECT) for each in rejecting]
    taken = {plain_value(text) for each in named for text in (each.value, each.label)}
    plain = [] if REJECT in taken else [OptionBody(label="Reject", value=REJECT, outcome=REJECT)]
    return [OptionBody(label="Approve", value=APPROVE, outcome=APPROVE), *named, *plain]


def _spec_of(approval: ApprovalView, noted: dict[str, Any]) -> FunctionCallSpec:
    kwargs = approval.context.get("kwargs")
    shown: JsonObject = kwargs if isinstance(kwargs, dict) else {"sealed": kwargs}
    asked = (noted.get("channel"), noted.get("reject_options"), noted.get("state"))
    return FunctionCallSpec(str(approval.context.get("fn", "")), shown, *asked)


def _status_of(approval: ApprovalView, noted: dict[str, Any]) -> FunctionCallStatus:
    decided_at = iso(approval.decided_at) if approval.decided_at is not None else None
    names = {str(each["name"]) for each in noted.get("reject_options") or []}
    chosen = approval.choice if approval.choice in names else None
    return FunctionCallStatus(iso(approval.requested_at), decided_at, *_verdict_of(approval), chosen)


def _verdict_of(approval: ApprovalView) -> tuple[bool | None, str | None]:
    """Tell whether it is approved, and why. The SDK polls until there is a yes or a no, and reads a no without a comment as a
    bug."""
    match approval.status:
        case RequestStatus.PENDING:
            return None, None
        case RequestStatus.APPROVED | RequestStatus.DEPLOYED:
            return True, _comments(approval, Ballot.APPROVE) or None
        case RequestStatus.EXPIRED:
            return False, "expired: nobody decided in time, so it is not approved"
        case RequestStatus.CANCELLED:
            return False, f"cancelled: {approval.closing_reason or 'the request was withdrawn'}"
        case _:
            return False, _comments(
                approval, Ballot.REJECT
            ) or approval.closing_reason or f"{approval.status.value} without a comment"


def _comments(approval: ApprovalView, ballot: Ballot) -> str:
    return "\n".join(vote.comment for vote in approval.votes if vote.vote is ballot and vote.comment)
