"""What is in force for a task beside its models' shares; every serving event carries all of it, so that one entry proves it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from dataclasses import fields as fields_of
from typing import Any

from typing_extensions import TypedDict

from hitl.canonical import JsonObject
from hitl.routing.in_force import ModelThresholds, Watching


@dataclass(frozen=True, slots=True)
class InForce:
    """``policy`` is the adopted policy's body, None for the one of the configuration. ``thresholds`` are by model digest.
    ``stopped`` says by segment why nothing is automatic there. ``audit`` and ``prices`` overrule the policy's. ``shadow`` never
    answers. ``definition`` is the digest of the task's definition that votes put in force, None for its first one."""

    policy: JsonObject | None = None
    thresholds: dict[str, ModelThresholds] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    audit: dict[str, float] = field(default_factory=dict)
    prices: dict[str, float] = field(default_factory=dict)
    shadow: Watching = field(default_factory=lambda: Watching())
    definition: str | None = None

    def fields(self) -> "InForceFields":
        """By name, as a serving event has them."""
        return {
            "policy": self.policy,
            "thresholds": self.thresholds,
            "stopped": self.stopped,
            "audit": self.audit,
            "prices": self.prices,
            "shadow": self.shadow,
            "definition": self.definition,
        }


class InForceFields(TypedDict):
    """The fields of InForce by name."""

    policy: JsonObject | None
    thresholds: dict[str, ModelThresholds]
    stopped: dict[str, str]
    audit: dict[str, float]
    prices: dict[str, float]
    shadow: Watching
    definition: str | None


FIELDS = tuple(each.name for each in fields_of(InForce))
NOTHING = InForce()


def in_force(fields: Mapping[str, object]) -> InForce:
    """Return what the plain ``fields`` put in force; those of an earlier version put nothing but its models."""
    known: Any = {name: fields[name] for name in FIELDS if name in fields}
    return InForce(**known)


def with_model(now: InForce, serving: list[str]) -> InForce:
    """A newly approved model ends the stops; certificates stay for ``serving``, what serves before and after."""
    kept = {model: certified for model, certified in now.thresholds.items() if model in serving}
    shadow: Watching = {**now.shadow}
    if now.shadow.get("model") in serving:
        del shadow["model"]
    return replace(now, thresholds=kept, stopped={}, audit={}, shadow=shadow)


def with_policy(now: InForce, policy: JsonObject | None) -> InForce:
    """Another policy voids every certificate, and the stops and rates that were about the old one's segments."""
    return replace(now, policy=policy, thresholds={}, stopped={}, audit={}, prices={})


def with_definition(now: InForce, definition: str, is_fitting: bool) -> InForce:
    """Another definition keeps what models may do where they fit; else nothing that was about a model stands."""
    if is_fitting:
        return replace(now, definition=definition)
    return InForce(policy=now.policy, definition=definition)


def with_certificate(now: InForce, model: str, certified: ModelThresholds, serves: bool = True) -> InForce:
    """Put the ``certified`` thresholds of ``model`` in force. Where it ``serves``, the segments in which it has one are no longer
    stopped."""
    opened = {segment for segment, threshold in certified["segments"].items() if serves and threshold is not None}
    stopped = {segment: why for segment, why in now.stopped.items() if segment not in opened}
    return replace(now, thresholds={**now.thresholds, model: certified}, stopped=stopped)


def without_certificate(now: InForce, model: str, segment: str) -> InForce:
    """``model`` loses its threshold in ``segment``; what others were certified for stands."""
    certified = now.thresholds[model]
    closed: ModelThresholds = {**certified, "segments": {**certified["segments"], segment: None}}
    return replace(now, thresholds={**now.thresholds, model: closed})


def without_automation(now: InForce, segment: str, reason: str) -> InForce:
    """No model keeps its threshold in ``segment``: what was certified before the alarm proves nothing after it."""
    closed: dict[str, ModelThresholds] = {
        model: {**certified, "segments": {**certified["segments"], segment: None}} for model, certified in now.thresholds.items()
    }
    return replace(now, thresholds=closed, stopped={**now.stopped, segment: reason})


def with_audit(now: InForce, segment: str, probability: float | None) -> InForce:
    others = {name: rate for name, rate in now.audit.items() if name != segment}
    return replace(now, audit=others if probability is None else {**others, segment: probability})
