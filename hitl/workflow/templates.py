"""The shapes of workflows: the templates of cases, and the stages of machine-learning workflows with their defaults."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hitl.canonical import JsonObject
from hitl.errors import InvalidInput, NotFound
from hitl.workflow.free_json import is_number
from hitl.workflow.options import NAME
from hitl.workflow.parts import CaseTemplate, ConfidenceBands, StagePlan

DAY_S = 86_400.0
STAGE_TIMEOUT_S = 3600.0
"""A stage that says nothing for longer is shown as stuck."""

MAX_STAGES = 50

BANDS = ConfidenceBands(automatic=0.95, review=0.8, expert=0.5)


def _case(high_risk: list[JsonObject], compliance: list[JsonObject], approves: list[Any] | None = None) -> CaseTemplate:
    return CaseTemplate(BANDS, high_risk, compliance, approves, DAY_S)


CASE_TEMPLATES: Mapping[str, CaseTemplate] = {
    "decision": _case([{"field": "amount", "above": 10_000}], [{"field": "requires_audit", "equals": True}]),
    "content_moderation": _case([{"field": "is_public_figure", "equals": True}], [{"field": "requires_audit", "equals": True}]),
    "medical": replace(_case([], [{"field": "requires_audit", "equals": True}]), thresholds=replace(BANDS, automatic=1.0)),
    "data_labelling": _case([], []),
}
"""By type of case."""

STAGE_DEFAULTS: Mapping[str, tuple[JsonObject, bool]] = {
    "data_prep": ({}, False),
    "training": ({"algorithm": "xgboost", "parameters": {"max_depth": 6, "learning_rate": 0.1}}, False),
    "validation": ({"validationThresholds": {"accuracy": 0.85, "precision": 0.80}}, True),
    "deployment": ({"environment": "production"}, True),
    "monitoring": ({"metrics": ["accuracy", "latency"]}, False),
}
"""By type of stage: its configuration, and whether a person approves it, unless the workflow says otherwise."""

GATED_BEFORE = frozenset({"deployment"})
"""Approved before they run, since they cannot be taken back; the others are approved on what they found."""


def case_template(kind: str) -> CaseTemplate:
    """Raises NotFound."""
    if kind not in CASE_TEMPLATES:
        raise NotFound("workflow type", kind)
    return CASE_TEMPLATES[kind]


def default_stages() -> list[StagePlan]:
    """Return all five stages, in their order."""
    return [_stage(kind, kind, {}, None) for kind in STAGE_DEFAULTS]


def checked_stages(stages: list[JsonObject]) -> list[StagePlan]:
    """Return the stages with their defaults. Raises InvalidInput that names the place."""
    if not 1 <= len(stages) <= MAX_STAGES:
        raise InvalidInput("/stages", f"1 to {MAX_STAGES} stages")
    checked = [_checked(stage, f"/stages/{at}") for at, stage in enumerate(stages)]
    names = [stage.name for stage in checked]
    if len(set(names)) != len(names):
        raise InvalidInput("/stages", "each name once")
    return checked


def _checked(stage: JsonObject, place: str) -> StagePlan:
    kind, config, needs = stage.get("type"), stage.get("config", {}), stage.get("approvalRequired")
    name = stage.get("name", kind)
    if not isinstance(kind, str) or kind not in STAGE_DEFAULTS:
        raise InvalidInput(f"{place}/type", f"one of {', '.join(STAGE_DEFAULTS)}")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InvalidInput(f"{place}/name", "a name of letters, digits, '.', '_' and '-'")
    if not isinstance(config, dict) or stage.keys() - {"name", "type", "config", "approvalRequired"}:
        raise InvalidInput(place, "name, type, config and approvalRequired")
    if needs is not None and not isinstance(needs, bool):
        raise InvalidInput(f"{place}/approvalRequired", "true or false")
    _check_config(config, place)
    return _stage(name, kind, config, needs)


def _check_config(config: JsonObject, place: str) -> None:
    thresholds, timeout_s = config.get("validationThresholds", {}), config.get("timeout_s", STAGE_TIMEOUT_S)
    if not isinstance(thresholds, dict) or not all(is_number(value) for value in thresholds.values()):
        raise InvalidInput(f"{place}/config/validationThresholds", "an object of numbers")
    if not is_number(timeout_s) or timeout_s <= 0:
        raise InvalidInput(f"{place}/config/timeout_s", "seconds above 0")


def _stage(name: str, kind: str, config: JsonObject, needs: bool | None) -> StagePlan:
    defaults, usually = STAGE_DEFAULTS[kind]
    return StagePlan(name, kind, {**defaults, **config}, usually if needs is None else needs)
