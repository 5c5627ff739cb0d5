"""The seven patterns: what each step's configuration and data become, with the documents' statuses, fields and defaults."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hitl.canonical import Json, JsonObject
from hitl.errors import InvalidInput
from hitl.workflow import forms
from hitl.workflow.json_schema import form_of
from hitl.workflow.options import assignees_of, names_of, number_of, options_of, people, text_of
from hitl.workflow.parts import Assignee
from hitl.workflow.state import InteractionPattern
from hitl.workflow.suggestions import review_suggestions
from hitl.workflow.tally import APPROVALS, TOGETHER, check_rule
from hitl.workflow.ui_schema import check_schema

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
URGENT_S = 300.0
MAX_ITERATIONS = 3
MOST_ITERATIONS = 50


@dataclass(frozen=True, slots=True)
class InteractionPlan:
    """What an interaction will be: ``details`` are the fields of the step's answer beside the common ones, without those that
    repeat the data (hitl.workflow.shown)."""

    step_status: str
    ui_schema: JsonObject
    timeout_s: float
    assigned_to: list[Assignee]
    details: JsonObject = field(default_factory=dict)
    rule: str | None = None
    default_input: JsonObject | None = None
    priority: str = "normal"


def plan(pattern: str, config: JsonObject, data: JsonObject) -> InteractionPlan:
    """Raises InvalidInput where ``config`` or ``data`` is not what the pattern takes."""
    if pattern not in PLANS:
        raise InvalidInput("/pattern", f"one of {', '.join(PLANS)}")
    unknown = sorted(config.keys() - KEYS[pattern])
    if unknown:
        known = ", ".join(sorted(KEYS[pattern]))
        raise InvalidInput(f"/config/{unknown[0][:64]}", f"no such key: {pattern} takes {known}")
    made = PLANS[pattern](config, data)
    check_schema(made.ui_schema)
    return made


def _pause(config: JsonObject, data: JsonObject) -> InteractionPlan:
    prompt = text_of(config, "prompt", "Please provide input")
    ui_schema, timeout_s = check_schema(_form(config)), number_of(config, "timeout", HOUR_S)
    return InteractionPlan("human_input_required", ui_schema, timeout_s, assignees_of(config), {"prompt": prompt})


def _form(config: JsonObject) -> Json:
    if "json_schema" not in config:
        return config.get("ui_schema", {})
    if "ui_schema" in config:
        raise InvalidInput("/config/json_schema", "left out where there is a ui_schema")
    return form_of(config["json_schema"])


def _review(config: JsonObject, data: JsonObject) -> InteractionPlan:
    content = data.get("generated_content", "")
    suggestions = config.get("suggestions", [*review_suggestions(content)])
    timeout_s = number_of(config, "timeout", HOUR_S)
    return InteractionPlan(
        "awaiting_review", forms.review(), timeout_s, assignees_of(config), {"review_data": {"suggestions": suggestions}}
    )


def _collaborative(config: JsonObject, data: JsonObject) -> InteractionPlan:
    stakeholders = names_of(config, "stakeholders")
    rule = check_rule(config.get("decision_type", "consensus"), TOGETHER, "/config/decision_type")
    options = options_of(config, "voting_options", ["approve", "reject"])
    timeout_s = number_of(config, "decision_timeout", DAY_S)
    details: JsonObject = {"stakeholders": [*stakeholders], "decision_type": rule, "voting_options": [*options]}
    form = forms.collaborative(options)
    return InteractionPlan("collaborative_decision_pending", form, timeout_s, people(stakeholders), details, rule)


def _fallback(config: JsonObject, data: JsonObject) -> InteractionPlan:
    reason = text_of(config, "escalation_reason", "low_confidence")
    details: JsonObject = {"escalation_reason": reason, "partial_result": config.get("partial_result")}
    timeout_s = number_of(config, "timeout", HOUR_S)
    return InteractionPlan("escalated_to_human", forms.manual_processing(reason), timeout_s, assignees_of(config), details)


def _refinement(config: JsonObject, data: JsonObject) -> InteractionPlan:
    limit, iteration = _rounds(config), data.get("iteration", 1)
    if not isinstance(iteration, int) or isinstance(iteration, bool) or not 1 <= iteration <= limit:
        raise InvalidInput("/data/iteration", f"a number from 1 to {limit}")
    details: JsonObject = {"iteration": iteration, "max_iterations": limit}
    timeout_s = number_of(config, "timeout", HOUR_S)
    return InteractionPlan("refinement_needed", forms.refinement_round(iteration), timeout_s, assignees_of(config), details)


def _rounds(config: JsonObject) -> int:
    """Each round repeats the ones before it."""
    limit = number_of(config, "max_iterations", MAX_ITERATIONS)
    if limit > MOST_ITERATIONS:
        raise InvalidInput("/config/max_iterations", f"at most {MOST_ITERATIONS}")
    return int(limit)


def _timed(config: JsonObject, data: JsonObject) -> InteractionPlan:
    options = options_of(config, "options", ["proceed", "abort", "modify"])
    default, timeout_s = config.get("default_action", "proceed"), number_of(config, "decision_timeout", URGENT_S)
    if default not in options:
        raise InvalidInput("/config/default_action", f"one of {', '.join(options)}")
    at_the_end: JsonObject = {"decision": default, "timeout_applied": True}
    form: JsonObject = forms.urgent(options, timeout_s)
    details: JsonObject = {"default_action": default}
    return InteractionPlan("time_sensitive_decision", form, timeout_s, assignees_of(config), details, None, at_the_end, "urgent")


def _multi_approval(config: JsonObject, data: JsonObject) -> InteractionPlan:
    approvers = names_of(config, "approvers")
    kind = check_rule(config.get("approval_type", "all"), tuple(APPROVALS), "/config/approval_type")
    timeout_s = number_of(config, "timeout", DAY_S)
    details: JsonObject = {"approvers": [*approvers], "approval_type": kind}
    return InteractionPlan("multi_approval_pending", forms.approval(), timeout_s, [], details, APPROVALS[kind])


PLANS: dict[str, Callable[[JsonObject, JsonObject], InteractionPlan]] = {
    InteractionPattern.PAUSE: _pause,
    InteractionPattern.REVIEW: _review,
    InteractionPattern.COLLABORATIVE: _collaborative,
    InteractionPattern.FALLBACK: _fallback,
    InteractionPattern.REFINEMENT: _refinement,
    InteractionPattern.TIMED: _timed,
    InteractionPattern.MULTI_APPROVAL: _multi_approval,
}

_ASKED = frozenset({"timeout", "assignees", "role"})
KEYS: dict[str, frozenset[str]] = {
    InteractionPattern.PAUSE: _ASKED | {"prompt", "ui_schema", "json_schema"},
    InteractionPattern.REVIEW: _ASKED | {"suggestions"},
    InteractionPattern.COLLABORATIVE: frozenset({"stakeholders", "decision_type", "voting_options", "decision_timeout"}),
    InteractionPattern.FALLBACK: _ASKED | {"escalation_reason", "partial_result"},
    InteractionPattern.REFINEMENT: _ASKED | {"max_iterations"},
    InteractionPattern.TIMED: frozenset({"options", "default_action", "decision_timeout", "assignees", "role"}),
    InteractionPattern.MULTI_APPROVAL: frozenset({"approvers", "approval_type", "timeout"}),
}
"""What each pattern's configuration may hold: a misspelt key must not fall back to a default that acts."""
