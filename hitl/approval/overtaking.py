"""What came into force while an approval waited. The journal's order tells what came first, since clocks jump."""

from hitl.approval.kinds import ApprovalKind
from hitl.approval.state import Approval, ApprovalState, RequestStatus


def why_overtaken(state: ApprovalState, approval: Approval) -> str | None:
    """Return why what was approved must not take effect any more; None: nothing overtook it."""
    defined = state.serving.definitions.get(approval.task, ())
    if any(not each.fits and each.generation > approval.asked_generation for each in defined):
        return "the definition of its task changed after it was asked for: ask for it again"
    if approval.kind == ApprovalKind.MODEL_DEPLOYMENT and _is_overtaken_by_a_model(state, approval):
        return "a version that was requested later took over while this one waited"
    return None


def _is_overtaken_by_a_model(state: ApprovalState, approval: Approval) -> bool:
    """Tell whether a model serves that was requested later and deployed after people had approved this one."""
    serves = {digest for digest, _ in state.serving.versions(approval.task)}
    kind = (approval.task, approval.kind, RequestStatus.DEPLOYED)
    serving = (each for each in state.approvals.values() if (each.task, each.kind, each.status) == kind and each.digest in serves)
    later = (each for each in serving if each.place > approval.place)
    return any(each.served_generation > approval.approved_generation for each in later)
