"""What a command does to a task's serving state: the next generation, or a refusal. Changes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from math import isclose
from typing import Any, assert_never

from hitl.approval.state import Approval, ApprovalState
from hitl.canonical import canonical, fingerprint
from hitl.errors import AlreadyServing, DigestMismatch, InvalidInput, NeverDeployed, StaleCertificate, StaleGeneration
from hitl.machine.machine import Outcome
from hitl.serving import commands as c
from hitl.serving import in_force as f
from hitl.serving.events import changed
from hitl.text_limits import check_text

POLICY_CHANGE = "policy_change"
MAX_POLICY_BYTES = 32_768
"""A policy travels with every serving event and pointer."""

MAX_SEGMENTS = 1_000


def decide_serving(state: ApprovalState, command: c.ServingCommand) -> Outcome:
    """Raises the HitlError that refuses the command. AdoptPolicy comes through ``adopt``, with its approval."""
    match command:
        case c.RevertPolicy():
            return _revert(state, command)
        case c.Certify():
            return _certify(state, command)
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
        case c.AdoptPolicy():
            raise InvalidInput("/approval_id", "an approved policy change")
        case _:
            assert_never(command)


def adopt(state: ApprovalState, approval: Approval, digest: str) -> Outcome:
    """``approval`` has its quorum. Raises DigestMismatch unless its policy is the one that was voted on."""
    body = approval.evidence.get("policy")
    found = fingerprint(body) if approval.kind == POLICY_CHANGE and isinstance(body, dict) else "no policy"
    if not digest == approval.digest == found:
        raise DigestMismatch(approval.digest, found if digest == approval.digest else digest)
    now = f.with_policy(state.in_force(approval.task), body)
    return _outcome(state, "PolicyAdopted", approval.task, now, {"digest": digest}, approval.approval_id)


def check_policy(policy: Any) -> None:
    """Raises InvalidInput for what cannot be journalled as a policy; what it says is checked before it is proposed."""
    if not isinstance(policy, dict) or len(canonical(policy)) > MAX_POLICY_BYTES:
        raise InvalidInput("/policy", f"an object of at most {MAX_POLICY_BYTES} bytes")


def _revert(state: ApprovalState, command: c.RevertPolicy) -> Outcome:
    check_text("/reason", command.reason)
    body, present = _adopted(state, command.task, command.digest), state.in_force(command.task).policy
    if body == present:
        raise AlreadyServing(command.task, command.digest or "the configured policy")
    now = f.with_policy(state.in_force(command.task), body)
    told = {"digest": command.digest, "operator": command.operator, "reason": command.reason}
    return _outcome(state, "PolicyReverted", command.task, now, told)


def _adopted(state: ApprovalState, task: str, digest: str | None) -> dict[str, Any] | None:
    """The body that was adopted as ``digest``. Raises NeverDeployed."""
    if digest is None:
        return None
    for served in state.served.get(task, ()):
        if served.now.policy is not None and fingerprint(served.now.policy) == digest:
            return served.now.policy
    raise NeverDeployed(task, digest)


def _certify(state: ApprovalState, command: c.Certify) -> Outcome:
    versions = command.certificate.get("versions")
    model, policy = (versions.get("model"), versions.get("policy")) if isinstance(versions, dict) else (None, None)
    if not (isinstance(model, str) and isinstance(policy, str)):
        raise InvalidInput("/certificate/versions", "the model and the policy that it is about")
    _check_thresholds(command.thresholds)
    now = state.in_force(command.task)
    if now.policy is not None and fingerprint(now.policy) != policy:
        raise StaleCertificate(command.task, fingerprint(now.policy), policy)
    certificate = fingerprint(command.certificate)
    certified = {"certificate": certificate, "policy_version": policy, "segments": dict(command.thresholds)}
    after = f.with_certificate(now, model, certified)
    told = {"model": model, "certificate": certificate, "evidence": command.certificate}
    return _outcome(state, "Certified", command.task, after, told)


def _check_thresholds(thresholds: dict[str, float | None]) -> None:
    if not 1 <= len(thresholds) <= MAX_SEGMENTS:
        raise InvalidInput("/thresholds", f"1 to {MAX_SEGMENTS} segments")
    for segment, threshold in thresholds.items():
        if threshold is not None and not 0.0 <= threshold <= 1.0:
            raise InvalidInput(f"/thresholds/{segment}", "a score in [0, 1], or null")


def _stop(state: ApprovalState, command: c.StopAutomation) -> Outcome:
    check_text("/reason", command.reason)
    present = state.in_force(command.task)
    if command.segment in present.stopped:
        return Outcome([])
    now = f.without_automation(present, command.segment, command.reason)
    told = {"segment": command.segment, "reason": command.reason, "by": command.by}
    return _outcome(state, "AutomationStopped", command.task, now, told)


def _set_shares(state: ApprovalState, command: c.SetShares) -> Outcome:
    check_text("/reason", command.reason)
    if command.generation not in (None, present := state.generation(command.task)):
        raise StaleGeneration(command.task, command.generation or 0, present)
    versions: list[list[Any]] = [[digest, float(share)] for digest, share in command.versions]
    _check_shares(versions)
    for digest, _ in versions:
        if (command.task, digest) not in state.approved_by or (command.task, digest) in state.rejected:
            raise NeverDeployed(command.task, str(digest))
    if versions == state.versions(command.task):
        raise AlreadyServing(command.task, ",".join(str(digest) for digest, _ in versions))
    told = {"reason": command.reason, "by": command.by}
    main = max(versions, key=lambda version: version[1])[0]
    approval_id = state.approved_by[command.task, str(main)]
    return _outcome(state, "SharesSet", command.task, state.in_force(command.task), told, approval_id, versions)


def _check_shares(versions: Sequence[Sequence[Any]]) -> None:
    digests = {version[0] for version in versions}
    shares = [version[1] for version in versions]
    if not versions or len(digests) != len(versions) or not all(0.0 <= share <= 1.0 for share in shares):
        raise InvalidInput("/versions", "each digest once, with a share in [0, 1]")
    if not isclose(sum(shares), 1.0, abs_tol=1e-9):
        raise InvalidInput("/versions", "shares that add up to 1")


def _set_audit(state: ApprovalState, command: c.SetAuditRate) -> Outcome:
    check_text("/reason", command.reason)
    if command.probability is not None and not 0.0 <= command.probability <= 1.0:
        raise InvalidInput("/probability", "a probability in [0, 1], or null")
    present = state.in_force(command.task)
    if present.audit.get(command.segment) == command.probability:
        return Outcome([])
    now = f.with_audit(present, command.segment, command.probability)
    told = {"segment": command.segment, "probability": command.probability, "reason": command.reason, "by": command.by}
    return _outcome(state, "AuditRateSet", command.task, now, told)


def _set_prices(state: ApprovalState, command: c.SetPrices) -> Outcome:
    check_text("/reason", command.reason)
    if not (command.review >= 0 and command.expert >= 0):
        raise InvalidInput("/review", "prices >= 0")
    prices, present = {"review": command.review, "expert": command.expert}, state.in_force(command.task)
    if present.prices == prices:
        return Outcome([])
    told = {"reason": command.reason, "by": command.by}
    return _outcome(state, "PricesSet", command.task, replace(present, prices=prices), told)


def _set_shadow(state: ApprovalState, command: c.SetShadow) -> Outcome:
    if command.policy is not None:
        check_policy(command.policy)
    wanted = {"policy": command.policy, "model": command.model}
    shadow = {name: each for name, each in wanted.items() if each is not None}
    present = state.in_force(command.task)
    if present.shadow == shadow:
        return Outcome([])
    return _outcome(state, "ShadowSet", command.task, replace(present, shadow=shadow), {"by": command.by})


def _outcome(
    state: ApprovalState,
    kind: str,
    task: str,
    now: f.InForce,
    fields: dict[str, Any],
    approval_id: str | None = None,
    versions: list[list[Any]] | None = None,
) -> Outcome:
    shares = [list(version) for version in state.versions(task)] if versions is None else versions
    event = changed(kind, task, state.generation(task) + 1, shares, now, approval_id or state.approval_id(task), fields)
    answer = {"task": task, "generation": event["generation"], "versions": shares}
    return Outcome([event], {**answer, **{name: fields[name] for name in ("digest", "certificate") if name in fields}})
