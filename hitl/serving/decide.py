"""What a command does to a task's serving state: the next generation, or a refusal. Changes nothing."""

from dataclasses import replace
from math import isclose
from typing import Any, assert_never

from hitl.canonical import JsonObject, canonical, fingerprint
from hitl.errors import AlreadyServing, DigestMismatch, InvalidInput, NeverDeployed, StaleCertificate, StaleGeneration
from hitl.machine.machine import Outcome
from hitl.routing.in_force import ModelThresholds, Watching
from hitl.serving import commands as c
from hitl.serving import events
from hitl.serving import in_force as f
from hitl.serving import views as v
from hitl.serving.events import ServingEvent, Versions
from hitl.serving.state import ServingState
from hitl.text_limits import check_text

MAX_POLICY_BYTES = 32_768
"""A policy travels with every serving event and pointer."""

MAX_SEGMENTS = 1_000
MOST_CANDIDATES = 10
"""Models that are certified before they serve, of one task at a time."""


def decide_serving(state: ServingState, command: c.ServingCommand) -> Outcome:
    """Raises the HitlError that refuses the command."""
    match command:
        case c.RecordDefinitions():
            return _record(state, command)
        case c.RevertPolicy():
            return _revert(state, command)
        case c.Certify():
            return _certify(state, command)
        case c.PlanCertification():
            return _plan(state, command)
        case c.WithdrawCertificate():
            return _withdraw(state, command)
        case c.StopAutomation():
            return _stop(state, command)
        case c.SetShares():
            return _set_shares(state, command)
        case c.SetAuditRate():
            return _set_audit(state, command)
        case c.SetPrices():
            return _set_prices(state, command)
        case c.SetShadow():
            return _set_shadow(state, command)
        case _:
            assert_never(command)


def adopt(state: ServingState, task: str, approval_id: str, approved: str, body: object, digest: str) -> Outcome:
    """Let ``body`` route, the policy that the approval with its quorum is about; ``approved`` is the digest that was voted on.

    Raises DigestMismatch unless ``body`` and ``digest`` are that policy.
    """
    found = fingerprint(body) if isinstance(body, dict) else "no policy"
    if not isinstance(body, dict) or not digest == approved == found:
        raise DigestMismatch(approved, found if digest == approved else digest)
    now = f.with_policy(state.in_force(task), body)
    event = events.PolicyAdopted(**next_fields(state, task, now, approval_id), digest=digest)
    return Outcome([event], v.ChangedPolicy(*_told(event), digest=digest))


def _record(state: ServingState, command: c.RecordDefinitions) -> Outcome:
    """Files count once: where the journal has a definition, whatever a file says is a proposal."""
    if state.definitions or not command.definitions:
        return Outcome([], v.RecordedDefinitions([]))
    event = events.DefinitionsRecorded(definitions=command.definitions, by=command.by)
    return Outcome([event], v.RecordedDefinitions(sorted(command.definitions)))


def check_policy(policy: Any) -> None:
    """Raises InvalidInput for what cannot be journalled as a policy; what it says is checked before it is proposed."""
    if not isinstance(policy, dict) or len(canonical(policy)) > MAX_POLICY_BYTES:
        raise InvalidInput("/policy", f"an object of at most {MAX_POLICY_BYTES} bytes")


def _revert(state: ServingState, command: c.RevertPolicy) -> Outcome:
    check_text("/reason", command.reason)
    body, present = _adopted(state, command.task, command.digest), state.in_force(command.task).policy
    if body == present:
        raise AlreadyServing(command.task, command.digest or "the configured policy")
    now = f.with_policy(state.in_force(command.task), body)
    said = next_fields(state, command.task, now)
    event = events.PolicyReverted(**said, digest=command.digest, operator=command.operator, reason=command.reason)
    return Outcome([event], v.ChangedPolicy(*_told(event), digest=command.digest))


def _adopted(state: ServingState, task: str, digest: str | None) -> JsonObject | None:
    """Return the body that was adopted as ``digest``. Raises NeverDeployed."""
    if digest is None:
        return None
    since = state.fitting_since(task)
    for served in state.served.get(task, ()):
        if served.generation >= since and served.now.policy is not None and fingerprint(served.now.policy) == digest:
            return served.now.policy
    raise NeverDeployed(task, digest)


def _certify(state: ServingState, command: c.Certify) -> Outcome:
    versions = command.certificate.get("versions")
    model, policy = (versions.get("model"), versions.get("policy")) if isinstance(versions, dict) else (None, None)
    if not (isinstance(model, str) and isinstance(policy, str)):
        raise InvalidInput("/certificate/versions", "the model and the policy that it is about")
    _check_thresholds(command.thresholds)
    now = state.in_force(command.task)
    if now.policy is not None and fingerprint(now.policy) != policy:
        raise StaleCertificate(command.task, fingerprint(now.policy), policy)
    certificate = fingerprint(command.certificate)
    certified: ModelThresholds = {
        "certificate": certificate,
        "policy_version": policy,
        "segments": dict(command.thresholds),
    }
    serving = [digest for digest, _ in state.versions(command.task)]
    after = f.with_certificate(_without_old_candidates(now, [*serving, model]), model, certified, model in serving)
    said = next_fields(state, command.task, after)
    event = events.Certified(**said, model=model, certificate=certificate, evidence=command.certificate)
    return Outcome([event], v.NewCertificate(*_told(event), certificate=certificate))


def _without_old_candidates(now: f.InForce, kept: list[str]) -> f.InForce:
    """Of models that do not serve the newest ones keep their thresholds: every later event carries all of them."""
    others = [model for model in now.thresholds if model not in kept]
    dropped = others[: max(len(others) - MOST_CANDIDATES, 0)]
    return replace(now, thresholds={model: each for model, each in now.thresholds.items() if model not in dropped})


def _check_thresholds(thresholds: dict[str, float | None]) -> None:
    if not 1 <= len(thresholds) <= MAX_SEGMENTS:
        raise InvalidInput("/thresholds", f"1 to {MAX_SEGMENTS} segments")
    for segment, threshold in thresholds.items():
        if threshold is not None and not 0.0 <= threshold <= 1.0:
            raise InvalidInput(f"/thresholds/{segment}", "a score in [0, 1], or null")


def _plan(state: ServingState, command: c.PlanCertification) -> Outcome:
    known = state.plans.get(command.task, {}).get((command.model, command.policy_version), {})
    new = {segment: plan for segment, plan in command.plans.items() if segment not in known}
    if not new:
        return Outcome([], v.UnchangedServing())
    if len(known) + len(new) > MAX_SEGMENTS:
        raise InvalidInput("/plans", f"at most {MAX_SEGMENTS} segments")
    said = next_fields(state, command.task, state.in_force(command.task))
    return _outcome(events.CertificationPlanned(**said, model=command.model, policy_version=command.policy_version, plans=new))


def _withdraw(state: ServingState, command: c.WithdrawCertificate) -> Outcome:
    check_text("/reason", command.reason)
    present = state.in_force(command.task)
    certified = present.thresholds.get(command.model, {"segments": {}})
    if certified["segments"].get(command.segment) is None:
        return Outcome([], v.UnchangedServing())
    said = next_fields(state, command.task, f.without_certificate(present, command.model, command.segment))
    about = {"model": command.model, "segment": command.segment}
    return _outcome(events.CertificateWithdrawn(**said, **about, reason=command.reason, by=command.by))


def _stop(state: ServingState, command: c.StopAutomation) -> Outcome:
    check_text("/reason", command.reason)
    present = state.in_force(command.task)
    if command.segment in present.stopped:
        return Outcome([], v.UnchangedServing())
    now = f.without_automation(present, command.segment, command.reason)
    said = next_fields(state, command.task, now)
    return _outcome(events.AutomationStopped(**said, segment=command.segment, reason=command.reason, by=command.by))


def _set_shares(state: ServingState, command: c.SetShares) -> Outcome:
    check_text("/reason", command.reason)
    if command.generation not in (None, present := state.generation(command.task)):
        raise StaleGeneration(command.task, command.generation or 0, present)
    versions: Versions = [(digest, float(share)) for digest, share in command.versions]
    _check_shares(versions)
    for digest, _ in versions:
        if (command.task, digest) not in state.approved_by or (command.task, digest) in state.rejected:
            raise NeverDeployed(command.task, digest)
    if versions == state.versions(command.task):
        raise AlreadyServing(command.task, ",".join(digest for digest, _ in versions))
    main = max(versions, key=lambda version: version[1])[0]
    approval_id = state.approved_by[command.task, main]
    said = next_fields(state, command.task, state.in_force(command.task), approval_id, versions)
    return _outcome(events.SharesSet(**said, reason=command.reason, by=command.by))


def _check_shares(versions: Versions) -> None:
    digests = {version[0] for version in versions}
    shares = [version[1] for version in versions]
    if not versions or len(digests) != len(versions) or not all(0.0 <= share <= 1.0 for share in shares):
        raise InvalidInput("/versions", "each digest once, with a share in [0, 1]")
    if not isclose(sum(shares), 1.0, abs_tol=1e-9):
        raise InvalidInput("/versions", "shares that add up to 1")


def _set_audit(state: ServingState, command: c.SetAuditRate) -> Outcome:
    check_text("/reason", command.reason)
    if command.probability is not None and not 0.0 <= command.probability <= 1.0:
        raise InvalidInput("/probability", "a probability in [0, 1], or null")
    present = state.in_force(command.task)
    if present.audit.get(command.segment) == command.probability:
        return Outcome([], v.UnchangedServing())
    now = f.with_audit(present, command.segment, command.probability)
    said, probability = next_fields(state, command.task, now), command.probability
    event = events.AuditRateSet(**said, segment=command.segment, probability=probability, reason=command.reason, by=command.by)
    return _outcome(event)


def _set_prices(state: ServingState, command: c.SetPrices) -> Outcome:
    check_text("/reason", command.reason)
    if not (command.review >= 0 and command.expert >= 0):
        raise InvalidInput("/review", "prices >= 0")
    prices, present = {"review": command.review, "expert": command.expert}, state.in_force(command.task)
    if present.prices == prices:
        return Outcome([], v.UnchangedServing())
    said = next_fields(state, command.task, replace(present, prices=prices))
    return _outcome(events.PricesSet(**said, reason=command.reason, by=command.by))


def _set_shadow(state: ServingState, command: c.SetShadow) -> Outcome:
    if command.policy is not None:
        check_policy(command.policy)
    shadow = _watching(command)
    present = state.in_force(command.task)
    if present.shadow == shadow:
        return Outcome([], v.UnchangedServing())
    said = next_fields(state, command.task, replace(present, shadow=shadow))
    return _outcome(events.ShadowSet(**said, by=command.by))


def _watching(command: c.SetShadow) -> Watching:
    found: Watching = {}
    if command.policy is not None:
        found["policy"] = command.policy
    if command.model is not None:
        found["model"] = command.model
    return found


class ServingFields(f.InForceFields):
    """The fields that every serving event has, by name."""

    task: str
    generation: int
    versions: Versions
    approval_id: str | None


def next_fields(
    state: ServingState, task: str, now: f.InForce, approval_id: str | None = None, versions: Versions | None = None
) -> ServingFields:
    """Return the fields of the task's next serving event; what is not given stays as it is."""
    shares = state.versions(task) if versions is None else versions
    return {
        "task": task,
        "generation": state.generation(task) + 1,
        "versions": shares,
        "approval_id": approval_id or state.approval_id(task),
        **now.fields(),
    }


def _outcome(event: ServingEvent) -> Outcome:
    return Outcome([event], v.ChangedServing(*_told(event)))


def _told(event: ServingEvent) -> tuple[str, int, Versions]:
    return event.task, event.generation, [*event.versions]
