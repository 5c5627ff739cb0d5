"""What serves a task, what served it at any time, and the way back to a version that served before."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from hitl.approval.commands import RollBack
from hitl.errors import InvalidRequest
from hitl.identity import Role
from hitl.machine.shards import APPROVAL
from hitl.serving.questions import History, Pointers, ServingAt, ServingOf
from hitl.serving.views import PointerView, RolledBackModel
from hitl.tasks import TaskSpec
from serve_app.api.services.context import AnyCaller, KeyedCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.serving import ServedTask, ServedTasks, TaskServing, TaskServingAt
from serve_app.http.strict_body import RollbackBody

router = APIRouter(prefix="/v1/models", tags=["models"], route_class=StrictRoute)

Moment = Annotated[str, Query(max_length=40, description="ISO 8601 with its offset, e.g. 2026-01-31T12:00:00Z")]


@router.get("", summary="The tasks that the caller may know of, and what serves them (anybody)")
async def list_models(ports: PortsOf, caller: AnyCaller) -> ServedTasks:
    pointers = await ports.shards.ask(APPROVAL, Pointers())
    seen = {name: spec for name, spec in ports.tasks.items() if caller.principal.sees(name)}
    return ServedTasks([_row(name, spec, pointers.get(name)) for name, spec in sorted(seen.items())])


@router.get("/{task}", summary="What serves the task now, and every change (anybody of the task)")
async def show_model(task: str, ports: PortsOf, caller: AnyCaller) -> TaskServing:
    ports.task(task, caller.principal)
    serving = await ports.shards.ask(APPROVAL, ServingOf(task))
    return TaskServing(task, serving, (await ports.shards.ask(APPROVAL, History(task))).history)


@router.get("/{task}/at", summary="What served the task at a moment (anybody of the task)")
async def show_model_at(task: str, time: Moment, ports: PortsOf, caller: AnyCaller) -> TaskServingAt:
    ports.task(task, caller.principal)
    at = _utc_seconds(time)
    return TaskServingAt(task, time, await ports.shards.ask(APPROVAL, ServingAt(task, at)))


@router.post("/{task}/rollback", summary="Serve an earlier deployed version again (operator)")
async def roll_back_model(task: str, body: RollbackBody, ports: PortsOf, caller: KeyedCaller) -> RolledBackModel:
    caller.principal.require("roll back", Role.OPERATOR)
    ports.task(task, caller.principal)
    command = RollBack(task, body.digest, caller.principal.id, body.reason)
    return await ports.shards.submit(APPROVAL, caller.envelope(command, body.model_dump()))


def _row(name: str, spec: TaskSpec, pointer: PointerView | None) -> ServedTask:
    return ServedTask(name, spec.title, spec.description, list(spec.labels), pointer, spec.predictions_by)


def _utc_seconds(text: str) -> float:
    """Raises InvalidRequest unless ``text`` is a moment with its offset."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        if moment.tzinfo is None:
            raise ValueError(text)
        return moment.astimezone(UTC).timestamp()
    except (ValueError, OverflowError) as error:
        raise InvalidRequest("query time", "ISO 8601 with its offset") from error
