"""Interactions and workflows as JSON objects: for the compared state, for people, and as a step answers its pipeline."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from hitl.workflow.interactions import tally_of
from hitl.workflow.state import Case, Flow, Interaction, Pattern

Json = dict[str, Any]


def show(interaction: Interaction) -> Json:
    """Every field, as the compared state has it."""
    return _flat(interaction)


def show_live(interaction: Interaction) -> Json:
    """Every field and the live count of votes."""
    return {**show(interaction), "tally": tally_of(interaction)}


def show_case(case: Case) -> Json:
    return _flat(case)


def show_flow(flow: Flow) -> Json:
    return _flat(flow)


def step_answer(shown: Json) -> Json:
    """What a step of the pattern answers its pipeline with, from the shown interaction: the documents' fields."""
    times = {name: shown[name] for name in ("created_at", "expires_at", "timeout_seconds")}
    common = {"status": shown["step_status"], "interaction_id": shown["interaction_id"], "ui_schema": shown["ui_schema"]}
    answer = {**common, **times, **shown["details"], "data": shown["data"]}
    names = {Pattern.COLLABORATIVE: "decision_id", Pattern.MULTI_APPROVAL: "approval_id"}
    if shown["pattern"] in names:
        answer |= {names[Pattern(shown["pattern"])]: shown["interaction_id"], "timeout": shown["timeout_seconds"]}
    return answer


def wire(shown: Json) -> Json:
    """The documents' InteractionResponse: times in ISO 8601; what the person needs beside it under ``details``."""
    names = ("interaction_id", "status", "ui_schema", "data", "details", "pattern", "pipeline_name", "step_name", "priority")
    return {**{name: shown[name] for name in names}, **wire_times(shown)}


def wire_times(shown: Json) -> Json:
    return {name: iso(shown[name]) for name in ("created_at", "expires_at")}


def iso(at: float) -> str:
    """UTC seconds as ISO 8601 with its offset."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def _flat(thing: Any) -> Json:
    """Every field as plain JSON."""
    plain: Json = msgspec.to_builtins(thing)
    return plain
