"""Compute what a proposed policy would do, whichever route the proposal came by."""

from typing import Any

from hitl.canonical import JsonObject
from hitl.errors import DigestMismatch, InvalidConfig, InvalidInput, TooFewCases
from hitl.machine.asked import plain_of
from hitl.machine.shards import APPROVAL
from hitl.quality.dry_run import Staff
from hitl.routing.policy import Policy, check_can_alarm, check_money
from hitl.routing.policy_changes import PolicyChangeLine, policy_changes
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import steering_of
from hitl.serving.questions import ServingOf
from hitl.serving.views import ServingView
from hitl.tasks import TaskSpec
from hitl.tasks.book import TaskBook
from serve_app.api.services.context import ApiPorts
from serve_app.api.services.policy_place import place_of
from serve_app.api.views.serving import ChangedField, PolicyDifference
from serve_app.evidence.policy_trial import PolicyTrial, trial
from serve_app.setup.policies import fitting_policy, policy_in_force

EVIDENCE_CASES = 2_000
"""Cases of past traffic in the evidence of a proposal."""


async def proposal(ports: ApiPorts, spec: TaskSpec, body: Any, digest: str | None = None) -> tuple[str, JsonObject]:
    """Return the version of the policy and its evidence: the whole compiled policy, what it replaces and changes, and its dry
    run. Raises InvalidInput that names the key; DigestMismatch where the proposal says ``digest`` and is another policy."""
    proposed = CompiledPolicy(compiled(body, spec).policy)
    if digest not in (None, proposed.version):
        raise DigestMismatch(proposed.version, str(digest))
    now = await ports.shards.ask(APPROVAL, ServingOf(spec.task))
    replaces, changes = _against_in_force(ports, spec, now, proposed.policy)
    evidence = {
        "policy": proposed.policy.body(),
        "replaces": replaces,
        "changes": changes,
        "dry_run": await _dry_run(ports, spec, now, proposed),
    }
    return proposed.version, evidence


async def difference(ports: ApiPorts, spec: TaskSpec, body: Any) -> PolicyDifference:
    """Return what the policy would change in the one in force, as the people who vote on it would see it. Raises InvalidInput
    that names the key."""
    proposed = compiled(body, spec).policy
    now = await ports.shards.ask(APPROVAL, ServingOf(spec.task))
    replaces, changes = _against_in_force(ports, spec, now, proposed)
    return PolicyDifference(spec.task, proposed.version, replaces, [ChangedField(**line) for line in changes])


def _against_in_force(ports: ApiPorts, spec: TaskSpec, now: ServingView, proposed: Policy) -> tuple[str, list[PolicyChangeLine]]:
    """Return the version of the policy in force, and what the proposed one changes in it."""
    present = in_force(ports, spec, now)
    return present.version, policy_changes(present.policy.body(), proposed.body())


async def _dry_run(ports: ApiPorts, spec: TaskSpec, now: ServingView, proposed: CompiledPolicy) -> Any:
    """In plain JSON; for a sealed task with too few cases, why there is none."""
    try:
        return plain_of(await tried(ports, spec, now, proposed, max(EVIDENCE_CASES, ports.dry_run_min_cases), staff_of(spec)))
    except TooFewCases as error:
        return {"refused": str(error)}


async def tried(
    ports: ApiPorts, spec: TaskSpec, now: ServingView, proposed: CompiledPolicy | None, cases: int, staff: Staff
) -> PolicyTrial:
    """Raises InvalidInput for fewer ``cases`` than a dry run needs; TooFewCases where a sealed task has no more."""
    least = ports.dry_run_min_cases
    if cases < least:
        raise InvalidInput("/cases", f"at least {least}: a dry run of fewer would tell of single people")
    if ports.definitions is not None and isinstance(ports.tasks, TaskBook):
        await ports.definitions.refresh(ports.tasks)  # what hides the newest cases
    steering = steering_of(now, _configured(ports, spec), spec.labels)
    found = await trial(ports, spec.task, steering, proposed, cases, staff)
    if ports.vault.hides(spec.task) and found.in_force.cases < least:
        raise TooFewCases(spec.task, least, found.in_force.cases)
    return found


def compiled(body: Any, spec: TaskSpec) -> CompiledPolicy:
    """Raises InvalidInput that names the key."""
    if not isinstance(body, dict):
        raise InvalidInput("/policy", "an object")
    try:
        found = fitting_policy(body, spec)
        check_can_alarm(found.policy, "policy")
        check_money(found.policy, "policy")
    except InvalidConfig as error:
        raise InvalidInput(place_of(error.key, body), f"a valid policy ({error.why})") from error
    return found


def in_force(ports: ApiPorts, spec: TaskSpec, now: ServingView) -> CompiledPolicy:
    return policy_in_force(_configured(ports, spec), spec.labels, now)


def _configured(ports: ApiPorts, spec: TaskSpec) -> CompiledPolicy:
    return ports.policies.get(spec.task) or CompiledPolicy(spec.configured_policy())


def staff_of(spec: TaskSpec, people: int = 1, cases_per_hour: float = 100.0, within_h: float | None = None) -> Staff:
    return Staff(people, cases_per_hour, within_h or spec.review.timeout_hours or Staff().within_h)
