"""Amazon A2I's human loops as interactions: what is asked, how it stands, and the output of one that is over."""

import json
from typing import Any

from hitl.canonical import Json, JsonObject, canonical, digest_of
from hitl.errors import NotFound
from hitl.identity import Principal
from hitl.tasks import TaskSpec
from hitl.workflow.free_json import object_in
from hitl.workflow.show import iso
from hitl.workflow.state import InteractionPattern, InteractionStatus
from hitl.workflow.views import InteractionView
from serve_app.api.bodies.human_loops import StartLoopBody
from serve_app.api.bodies.workflows import OpenBody
from serve_app.api.views.human_loops import LoopDescription, LoopOutput, LoopStatus, LoopSummary

MARK = "a2i"
LASTS_S = 86_400.0
LONGEST_PROMPT = 3_900
FLOW, LOOP = ":flow-definition/", ":human-loop/"
STATUS: dict[InteractionStatus, LoopStatus] = {
    InteractionStatus.PENDING: "InProgress",
    InteractionStatus.COMPLETED: "Completed",
    InteractionStatus.EXPIRED: "Failed",
    InteractionStatus.CANCELLED: "Stopped",
}
EXPIRED = ("Expired", "nobody answered in time")


def loop_id(who: Principal, name: str) -> str:
    """Return the interaction's id: names are an account's own, as they are at Amazon."""
    return f"{MARK}:{digest_of(who.id.encode())[:16]}:{name}"


def task_of(flow_arn: str) -> str:
    """Return the task that a flow definition names.

    >>> task_of("arn:aws:sagemaker:local:000000000000:flow-definition/digits")
    'digits'
    """
    return flow_arn.partition(FLOW)[2]


def arn_of(flow_arn: str, name: str) -> str:
    return flow_arn.partition(FLOW)[0] + LOOP + name


def open_body(body: StartLoopBody, spec: TaskSpec, content: JsonObject) -> OpenBody:
    """Return the step that waits for a person: one of the task's answers, and a comment."""
    labels: list[Json] = [str(label) for label in spec.answers]
    fields: list[Json] = [
        {"name": "label", "type": "radio", "label": "Label", "options": labels, "required": True},
        {"name": "comment", "type": "textarea", "label": "Comment"},
    ]
    shown = json.dumps(content, ensure_ascii=False, indent=2)
    config: JsonObject = {
        "prompt": f"{spec.title}\n\n{shown}"[:LONGEST_PROMPT],
        "ui_schema": {"fields": fields},
        "timeout": LASTS_S,
    }
    noted: JsonObject = {"name": body.HumanLoopName, "flow": body.FlowDefinitionArn, "input": content}
    names = {"pipeline_name": MARK, "step_name": body.HumanLoopName}
    return OpenBody(pattern=InteractionPattern.PAUSE.value, config=config, data={MARK: noted}, task=spec.task, **names)


def summary_of(found: InteractionView) -> LoopSummary:
    noted = _noted(found)
    reason = EXPIRED[1] if found.status is InteractionStatus.EXPIRED else None
    return LoopSummary(noted["name"], STATUS[found.status], iso(found.created_at), reason, noted["flow"])


def description_of(found: InteractionView, output_uri: str | None) -> LoopDescription:
    noted = _noted(found)
    code, reason = EXPIRED if found.status is InteractionStatus.EXPIRED else (None, None)
    output = None if output_uri is None else LoopOutput(output_uri)
    told = (iso(found.created_at), STATUS[found.status], noted["name"], arn_of(noted["flow"], noted["name"]), noted["flow"])
    return LoopDescription(*told, output, code, reason)


def output_of(found: InteractionView) -> bytes | None:
    """Return the output file of a loop that people answered: always the same bytes. None for any other."""
    if found.status is not InteractionStatus.COMPLETED or found.completed_at is None:
        return None
    noted, ended_at = _noted(found), found.completed_at
    answer = {
        "acceptanceTime": iso(found.created_at),
        "submissionTime": iso(ended_at),
        "timeSpentInSeconds": round(ended_at - found.created_at, 3),
        "answerContent": found.human_input,
        "workerId": found.closed_by,
        "workerMetadata": {"identityData": {"identityProviderType": "ray-hitl", "sub": found.closed_by}},
    }
    loop = {"flowDefinitionArn": noted["flow"], "humanLoopName": noted["name"], "inputContent": noted["input"]}
    return canonical({**loop, "humanAnswers": [answer]})


def is_loop(found: InteractionView) -> bool:
    return {"name", "flow", "input"} <= object_in(found.data, MARK).keys()


def _noted(found: InteractionView) -> dict[str, Any]:
    """Raises NotFound for an interaction that is no loop."""
    if not is_loop(found):
        raise NotFound("human loop", found.interaction_id)
    noted: dict[str, Any] = object_in(found.data, MARK)
    return noted
