"""Decide one case alone: route it, ask the shadow policy, draw the samples, let an override answer; the result is a record."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Protocol, TypedDict

from hitl.canonical import digest_of
from hitl.intake import CaseRecord
from hitl.routing.action import Action
from hitl.routing.coin import SampleDraw, draw_samples, draw_vault
from hitl.routing.prediction import Prediction
from hitl.routing.route import NO_MODEL, UNUSABLE, Priority, Route
from hitl.routing.steering import Steered, Steering
from hitl.tasks import TaskSpec, Vector
from hitl.tasks.learning_terms import VaultTerms
from serve_app.decisions.declared_reason import why_undeclared
from serve_app.decisions.new_case import NewCase
from serve_app.decisions.predictor import TaskModels
from serve_app.http.telemetry import Telemetry

SALT_BYTES = 16
DAY_S = 86_400.0


class PredictionFields(TypedDict):
    """What a record says of its prediction; CaseRecord tells what the fields mean. Without a model all are None."""

    prediction: str | None
    probabilities: list[float] | None
    confidence: float | None
    uncertainty: float | None
    confidence_level: str | None
    model_version: str | None
    raw_confidence: float | None
    model_s: float | None


NOTHING_SAID: PredictionFields = {
    "prediction": None,
    "probabilities": None,
    "confidence": None,
    "uncertainty": None,
    "confidence_level": None,
    "model_version": None,
    "raw_confidence": None,
    "model_s": None,
}


@dataclass(frozen=True, slots=True)
class Routed:
    """A case's route, and the one that the shadow policy would have chosen, as it is stored."""

    steered: Steered
    watched: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class RoutedCase:
    """A case with its record, the bytes that are stored of it, and the generation of its task that decided."""

    case: NewCase
    record: CaseRecord
    body: bytes
    generation: int


class OverrideSource(Protocol):
    """serve_app.decisions.live_overrides.LiveOverrides."""

    def corrected(self, record: CaseRecord, payload: bytes, vector: Vector) -> CaseRecord:
        """Return the record with an override's answer where one answers."""


class CaseDecider:
    """Touches no store. Whatever ``decide`` raises is about its case alone."""

    def __init__(self, telemetry: Telemetry, tasks: Mapping[str, TaskSpec], overrides: OverrideSource | None = None) -> None:
        self._telemetry, self._tasks, self._overrides = telemetry, tasks, overrides

    def decide(self, case: NewCase, prediction: Prediction | None, served: TaskModels, secret: bytes, now: float) -> RoutedCase:
        """Return the case with its record as it is to be stored. No override answers where a rule could not be read."""
        steering = served.steering
        steered = steering.steer(case.request, prediction, _absent(case, served))
        routed = Routed(steered, self._watched(case, prediction, steering))
        record = _record(case, prediction, served, routed, secret, now, self._tasks[case.task].vault)
        if self._overrides is not None and steered.failure is None:
            record = self._overrides.corrected(record, case.payload, case.vector)
        return RoutedCase(case, record, record.encode(), served.pointer.generation)

    def _watched(self, case: NewCase, prediction: Prediction | None, steering: Steering) -> dict[str, str] | None:
        """Return the route under the shadow policy, as it is stored; None without one, and where it fails: it decides nothing."""
        if steering.shadow is None:
            return None
        version = steering.shadow.version
        try:
            would = steering.would(case.request, prediction)
        except Exception as error:  # noqa: BLE001 - a policy that only watches fails nothing
            self._telemetry.shadow_failed(case.task, version, repr(error))
            return None
        if would is None:
            return None
        if would.failure is not None:
            self._telemetry.shadow_failed(case.task, version, would.failure)
        return {"policy": version, "action": would.route.action, "segment": would.segment}


def _absent(case: NewCase, served: TaskModels) -> Route:
    """Return the route of the case if no model answers it."""
    if not served.pointer.versions:
        return NO_MODEL
    return UNUSABLE if case.declared is None else Route(Action.REVIEW, why_undeclared(case.declared, served), Priority.NORMAL)


def _record(
    case: NewCase,
    prediction: Prediction | None,
    served: TaskModels,
    routed: Routed,
    secret: bytes,
    now: float,
    vault: VaultTerms,
) -> CaseRecord:
    steering, steered, salt = served.steering, routed.steered, token_hex(SALT_BYTES)
    payload_digest = digest_of(salt.encode() + case.payload)
    chosen, policy = steered.route, steering.policy
    gold = steering.random_probability(steered, prediction.model if prediction else None)
    coins = draw_samples(secret, case.case_id, policy.version, gold, steering.audit_probability(steered))
    return CaseRecord(
        case_id=case.case_id,
        request_id=case.request_id,
        task=case.task,
        client=case.client,
        at=now,
        # The digest of a clear text could be guessed at after an erasure: there it is that of the sealed one.
        body_digest=payload_digest if case.wrapped_key else case.body_digest,
        payload_digest=payload_digest,
        salt=salt,
        **(_said(prediction) if prediction else NOTHING_SAID),
        action=chosen.action,
        reason=chosen.reason,
        priority=chosen.priority,
        policy_version=policy.version,
        generation=served.pointer.generation,
        processing_time=round(time.perf_counter() - case.parsed_at, 6),
        segment=steered.segment,
        streams=[coin.stream.value for coin in coins if coin.drawn],
        gold_probability=coins[0].probability,
        audit_probability=coins[1].probability,
        certificate=chosen.certificate,
        rules=list(steered.rules),
        is_high_risk=chosen.is_high_risk,
        requires_compliance=chosen.requires_compliance,
        shadow=routed.watched,
        vaulted_until=_vaulted_until(case, steering, chosen.action, coins, secret, now, vault),
        harm=steered.harm,
        automatic_parts=list(chosen.parts) or None,
        declared=[one.plain() for one in case.declared.said] if case.declared and case.declared.said else None,
        traceparent=case.trace.traceparent if case.trace else None,
        tracestate=(case.trace.tracestate or None) if case.trace else None,
    )


def _vaulted_until(
    case: NewCase, steering: Steering, action: Action, coins: Sequence[SampleDraw], secret: bytes, now: float, vault: VaultTerms
) -> float | None:
    """None where nothing is to be proved, nobody is asked, or the vault does not take the input."""
    is_asked = action is not Action.AUTOMATIC or any(coin.drawn for coin in coins)
    if steering.policy.policy.risk == "uncertified" or not is_asked:
        return None
    return now + vault.days * DAY_S if draw_vault(secret, case.task, repr(case.vector), vault.share) else None


def _said(prediction: Prediction) -> PredictionFields:
    return {
        "prediction": prediction.label,
        "probabilities": list(prediction.probabilities),
        "confidence": prediction.confidence,
        "uncertainty": prediction.uncertainty,
        "confidence_level": prediction.confidence_level,
        "model_version": prediction.model,
        "raw_confidence": prediction.raw_confidence,
        "model_s": prediction.model_s,
    }
