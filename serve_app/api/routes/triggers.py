"""Retrainings: which were triggered, why, and what became of them; and a hand on the trigger."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from hitl.canonical import JsonObject
from hitl.identity import Role
from hitl.learning.journalled.commands import TriggerRetraining
from hitl.learning.journalled.questions import Retrainings
from hitl.learning.journalled.views import RetrainingList, TriggeredRetraining
from hitl.machine.shards import LEARNING
from serve_app.api.services.context import AnyCaller, KeyedCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.http.strict_body import Body, Reason

router = APIRouter(prefix="/v1/triggers", tags=["learning"], route_class=StrictRoute)


class TriggerBody(Body):
    task: Annotated[str, Field(max_length=64)]
    reason: Reason


@router.get("", summary="Retrainings and what triggered them, oldest first (trainer, operator, approver)")
async def list_triggers(ports: PortsOf, caller: AnyCaller, task: str | None = None) -> RetrainingList:
    caller.principal.require("see retrainings", Role.TRAINER, Role.OPERATOR, Role.APPROVER)
    found = await ports.shards.ask(LEARNING, Retrainings(task))
    return RetrainingList([one for one in found.retrainings if caller.principal.sees(one.task)])


@router.post("", status_code=202, summary="Retrain a task now, once for the key (trainer, operator)")
async def start_retraining(body: TriggerBody, ports: PortsOf, caller: KeyedCaller) -> TriggeredRetraining:
    caller.principal.require("retrain", Role.TRAINER, Role.OPERATOR)
    ports.task_in_force(body.task, caller.principal)
    manifest: JsonObject = {"task": body.task, "at": ports.wall(), "by": caller.principal.id}
    command = TriggerRetraining(body.task, f"{body.task}/hand/{caller.command_id()[:24]}", body.reason, manifest)
    return await ports.shards.submit(LEARNING, caller.envelope(command, body.model_dump()))
