"""Amazon A2I's runtime: boto3's client ``sagemaker-a2i-runtime`` works with a signing secret and the endpoint ``<here>/a2i``."""

from typing import Annotated

from fastapi import APIRouter, Query

from hitl.canonical import JsonObject
from hitl.errors import InvalidInput
from hitl.machine.shards import WORKFLOW
from hitl.workflow.commands import CancelInteraction
from hitl.workflow.free_json import object_in
from hitl.workflow.questions import InteractionOf, ListInteractions
from hitl.workflow.state import InteractionStatus
from hitl.workflow.views import InteractionView
from serve_app.api.bodies.human_loops import ListLoopsQuery, LoopName, StartLoopBody, StopLoopBody
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, PortsOf
from serve_app.api.services.human_loops import (
    MARK,
    arn_of,
    description_of,
    is_loop,
    loop_id,
    output_of,
    step_body,
    summary_of,
    task_of,
)
from serve_app.api.services.signed_route import SignedRoute
from serve_app.api.services.step_opening import open_step
from serve_app.api.views.human_loops import Done, LoopDescription, LoopSummaries, StartedLoop
from serve_app.http.parse import parse_object

router = APIRouter(prefix="/a2i/human-loops", tags=["Amazon A2I"], route_class=SignedRoute)

MOST_LISTED = 1_000


@router.post("", summary="StartHumanLoop: ask people about an input (client, trainer, operator; signed)")
async def start_loop(body: StartLoopBody, ports: PortsOf, caller: AnyCaller) -> StartedLoop:
    """The loop's name is its idempotency key. The flow definition ends with a task's name, whose labels people choose from."""
    spec = ports.task_in_force(task_of(body.FlowDefinitionArn), caller.principal)
    asked = step_body(body, spec, _content_of(body))
    await open_step(ports, caller, asked, loop_id(caller.principal, body.HumanLoopName))
    return StartedLoop(arn_of(body.FlowDefinitionArn, body.HumanLoopName))


@router.get("", summary="ListHumanLoops: the caller's newest loops of a task (signed)")
async def list_loops(asked: Annotated[ListLoopsQuery, Query()], ports: PortsOf, caller: AnyCaller) -> LoopSummaries:
    found = await ports.shards.ask(WORKFLOW, ListInteractions(caller.principal, None, None, MOST_LISTED))
    mine = [each for each in found.interactions if is_loop(each) and each.created_by == caller.principal.id]
    fitting = [each for each in mine if asked.fits(str(object_in(each.data, MARK)["flow"]), each.created_at)]
    # what is found comes newest first
    ordered = fitting if asked.SortOrder == "Descending" else fitting[::-1]
    start = int(asked.NextToken or 0)
    end = start + asked.MaxResults
    return LoopSummaries([summary_of(each) for each in ordered[start:end]], str(end) if end < len(ordered) else None)


@router.post("/stop", summary="StopHumanLoop: withdraw a loop (its author; signed)")
async def stop_loop(body: StopLoopBody, ports: PortsOf, caller: AnyCaller) -> Done:
    """A loop that is over stays as it is."""
    await _withdraw(ports, caller, body.HumanLoopName)
    return Done()


@router.get("/{name}", summary="DescribeHumanLoop: how a loop stands, and where its output is (its author; signed)")
async def describe_loop(name: LoopName, ports: PortsOf, caller: AnyCaller) -> LoopDescription:
    """The output of a loop that is over is in the store before the first answer that names it."""
    found = await _loop(ports, caller, name)
    output, place = output_of(found), f"human-loops/{found.interaction_id.replace(':', '/')}.json"
    uri = None if output is None or ports.keep_output is None else await ports.keep_output(place, output)
    return description_of(found, uri)


@router.delete("/{name}", summary="DeleteHumanLoop: withdraw a loop that waits (its author; signed)")
async def delete_loop(name: LoopName, ports: PortsOf, caller: AnyCaller) -> Done:
    """What people decided is history: it is kept, and a loop that is over is not deleted."""
    if (await _loop(ports, caller, name)).status is not InteractionStatus.PENDING:
        raise InvalidInput("/HumanLoopName", "a loop in progress: the history of one that is over is kept")
    await _withdraw(ports, caller, name)
    return Done()


async def _withdraw(ports: ApiPorts, caller: Caller, name: str) -> None:
    if (await _loop(ports, caller, name)).status is InteractionStatus.PENDING:
        command = CancelInteraction(loop_id(caller.principal, name), caller.principal, "stopped by its author")
        await ports.shards.submit(WORKFLOW, caller.envelope(command, name))


async def _loop(ports: ApiPorts, caller: Caller, name: str) -> InteractionView:
    return await ports.shards.ask(WORKFLOW, InteractionOf(loop_id(caller.principal, name), caller.principal))


def _content_of(body: StartLoopBody) -> JsonObject:
    """Raises InvalidInput, MalformedBody for what is no JSON object."""
    return parse_object(body.HumanLoopInput.InputContent.encode())
