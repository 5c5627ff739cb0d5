"""What the rules of a policy see of a case."""

from collections.abc import Mapping
from typing import Any

from hitl.answers.rule_values import RuleValues, rule_values
from hitl.canonical import JsonObject
from hitl.errors import InvalidInput
from hitl.intake.record import CaseRecord
from hitl.routing.steering import Request
from hitl.tasks.spec import TaskSpec


def request_of(spec: TaskSpec, payload: Mapping[str, Any], record: CaseRecord) -> Request:
    """Return the request that a case's ``payload`` was, for rules to judge."""
    values = _values(spec, payload.get("value"))
    return Request(payload["features"], payload.get("metadata") or {}, record.client, values, record.part_scores)


def _values(spec: TaskSpec, value: JsonObject | None) -> RuleValues | None:
    """None where no value was declared, and for one that no longer fits the task."""
    if spec.fields is None or value is None:
        return None
    try:
        return rule_values(spec.fields, spec.fields.check(value))
    except InvalidInput:
        return None
