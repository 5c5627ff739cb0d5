"""Ask the versions of a task's model about what waits, for query by committee."""

from collections.abc import Sequence

from hitl.errors import ArtifactRejected, InvalidRequest, StoreUnavailable
from hitl.learning.committee import Said, judged_by_committee, newest_versions
from hitl.learning.suggesting import WaitingCase
from hitl.machine.shards import APPROVAL
from hitl.serving.questions import History
from hitl.tasks import TaskSpec
from serve_app.api.services.context import ApiPorts, Predict
from serve_app.http.telemetry import json_log

log = json_log()


async def with_committee(ports: ApiPorts, spec: TaskSpec, pool: Sequence[WaitingCase]) -> list[WaitingCase]:
    """Return the cases with what the versions that served say of them now. A candidate that waits for its votes is no member:
    nobody has approved what its bytes do.

    Raises InvalidRequest for a task whose inputs are sealed or are files, or whose model runs elsewhere; NoCommittee for fewer
    than two versions; StoreUnavailable."""
    if ports.vault.hides(spec.task):
        raise InvalidRequest("query strategy", "another one than query_by_committee: the inputs of this task stay sealed")
    if ports.predict is None:
        raise StoreUnavailable("no models are asked here")
    served = await ports.shards.ask(APPROVAL, History(spec.task))
    members = newest_versions(each.versions for each in served.history)
    said = [await _said(ports.predict, spec, member, pool) for member in members]
    return judged_by_committee(pool, [each for each in said if each is not None], spec.task)


async def _said(predict: Predict, spec: TaskSpec, member: str, pool: Sequence[WaitingCase]) -> Said | None:
    """None for a version that does not fit the task as it is defined now, or whose bytes were taken away."""
    if not pool:
        return []
    try:
        found = await predict(spec, member, [case.vector for case in pool], spec.policy.uncertainty)
    except ArtifactRejected as error:
        log.info("a version is no member of the committee", task=spec.task, digest=member, why=str(error))
        return None
    return [None if one is None else one.probabilities for one in found]
