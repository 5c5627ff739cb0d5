"""How an event changes what serves: mechanical, so that live operation, recovery and another program's replay agree."""

from hitl.canonical import fingerprint
from hitl.machine.events import type_of
from hitl.serving.events import CertificationPlanned, Certified, DefinitionAdopted, DefinitionsRecorded, Deployed, ServingEvent
from hitl.serving.state import MOST_CERTIFICATES, MOST_PLANS, ServingRecord, ServingState, TaskDefinition
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
        case DefinitionAdopted():
            _keep_definition(state, event, at)
        case _:
            pass


def record_definitions(state: ServingState, event: DefinitionsRecorded, at: float) -> None:
    """Keep the first definitions, in place: what came before them was made under them."""
    for task, body in event.definitions.items():
        state.definitions.setdefault(task, []).append(TaskDefinition(fingerprint(body), body, 0, at, None))


def _keep_definition(state: ServingState, event: DefinitionAdopted, at: float) -> None:
    """Models that do not fit cannot be gone back to."""
    kept = TaskDefinition(event.digest, event.body, event.generation, at, event.approval_id, event.fits)
    state.definitions.setdefault(event.task, []).append(kept)
    if not event.fits:
        for pair in [pair for pair in state.approved_by if pair[0] == event.task]:
            del state.approved_by[pair]


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
