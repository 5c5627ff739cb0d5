"""How an event changes what serves: mechanical, so that live operation, recovery and another program's replay agree."""

from hitl.machine.events import type_of
from hitl.serving.events import CertificationPlanned, Certified, Deployed, ServingEvent
from hitl.serving.state import MOST_CERTIFICATES, MOST_PLANS, ServingRecord, ServingState
from hitl.serving.views import CertificateView


def evolve(state: ServingState, event: ServingEvent, at: float) -> None:
    """Apply ``event``, which happened at ``at`` (UTC seconds), in place."""
    served = ServingRecord(
        generation=event.generation,
        versions=event.versions,
        since=at,
        approval_id=event.approval_id,
        cause=type_of(event),
        operator=event.told_operator,
        reason=event.told_reason,
        now=event.in_force,
    )
    state.served.setdefault(event.task, []).append(served)
    match event:
        case Deployed(approval_id=str(approval_id)):
            state.approved_by[event.task, event.digest] = approval_id
        case Certified():
            _keep_certificate(state, event, at)
        case CertificationPlanned():
            _keep_plans(state, event)
        case _:
            pass


def _keep_certificate(state: ServingState, event: Certified, at: float) -> None:
    """The newest ones of a task, and those in force: by their plans the next labels are judged. Others stand in the journal."""
    kept = state.certificates.setdefault(event.task, [])
    about = (event.task, event.generation, event.model, event.certificate)
    kept.append(CertificateView(*about, event.evidence, at))
    standing = {each["certificate"] for each in state.in_force(event.task).thresholds.values()}
    kept[:-MOST_CERTIFICATES] = [each for each in kept[:-MOST_CERTIFICATES] if each.certificate in standing]


def _keep_plans(state: ServingState, event: CertificationPlanned) -> None:
    kept, key = state.plans.setdefault(event.task, {}), (event.model, event.policy_version)
    kept[key] = {**kept.pop(key, {}), **event.plans}
    serving = {version[0] for version in event.versions}
    for old in [pair for pair in kept if pair[0] not in serving][: max(len(kept) - MOST_PLANS, 0)]:
        del kept[old]
