"""The routes of interactions and workflows name their answers, and the documents' routes keep their JSON."""

from typing import Any

import pytest
from fastapi import FastAPI

from hitl.canonical import to_plain
from hitl.workflow.questions import Changes, InteractionOf
from serve_app.api.live.messages import message_of
from serve_app.api.routes import hitl_wire, interactions, workflows
from serve_app.api.views.interactions import wire
from tests.fakes.workflows import ANN, opens, shard

WIRE = {
    "interaction_id": "i",
    "status": "pending",
    "ui_schema": {},
    "data": {"rows": 3},
    "details": {"prompt": "Please provide input"},
    "pattern": "pause_for_input",
    "pipeline_name": "pipeline",
    "step_name": "step",
    "priority": "normal",
    "created_at": "1970-01-12T13:46:40.000+00:00",
    "expires_at": "1970-01-12T14:46:40.000+00:00",
}


def answers() -> dict[str, Any]:
    """The JSON schema of each operation's answer to a request that succeeds, by method and path."""
    app = FastAPI()
    for router in (interactions.router, workflows.router, hitl_wire.router):
        app.include_router(router)
    return {
        f"{method} {path}": content["schema"]
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
        for status, answer in operation["responses"].items()
        for kind, content in answer.get("content", {}).items()
        if status.startswith("2") and kind == "application/json"
    }


def is_named(schema: dict[str, Any]) -> bool:
    schema = schema.get("items", schema)
    return "$ref" in schema or all("$ref" in each for each in schema.get("anyOf", [{}]))


@pytest.mark.parametrize(("operation", "schema"), answers().items())
def test_every_answer_has_a_declared_view(operation: str, schema: dict[str, Any]) -> None:
    assert is_named(schema)


def test_an_interaction_has_the_json_of_the_documents() -> None:
    shown = shard(opens("pause_for_input")).ask(InteractionOf("i", ANN))
    assert to_plain(wire(shown)) == WIRE
    assert list(to_plain(wire(shown))) == list(WIRE)


def test_a_live_message_has_the_json_of_the_documents() -> None:
    change = shard(opens("pause_for_input")).ask(Changes(0)).changes[0]
    data = {**WIRE, "tally": None, "closed_by": None, "human_input": None}
    assert to_plain(message_of(change, ANN, ())) == {"type": "new_interaction", "data": data, "cursor": 1}
