"""Open a step that waits for people: by the native route, and by those of other clients."""

from hitl.identity import Role
from hitl.machine.shards import WORKFLOW
from hitl.workflow.commands import OpenInteraction
from hitl.workflow.views import OpenedInteraction
from serve_app.api.bodies.workflows import OpenBody
from serve_app.api.services.assignable import require_people
from serve_app.api.services.context import ApiPorts, Caller

OPENERS = (Role.CLIENT, Role.TRAINER, Role.OPERATOR)


async def open_step(ports: ApiPorts, caller: Caller, body: OpenBody, interaction_id: str) -> OpenedInteraction:
    """Return the interaction that ``body`` asks for, under ``interaction_id``; for a repetition with the caller's key the first
    one.

    Raises Forbidden, InvalidInput, NotFound, TaskRemoved; InteractionExists for an id that stands for something else."""
    caller.principal.require("open interactions", *OPENERS)
    if body.task is not None:
        ports.task_in_force(body.task, caller.principal)
    await require_people(ports, body.config)
    position = (body.pipeline_name, body.step_name)
    command = OpenInteraction(interaction_id, body.pattern, *position, body.config, body.data, caller.principal.id, body.task)
    asked = body.model_dump(exclude=None if body.id else {"id"})
    return await ports.shards.submit(WORKFLOW, caller.envelope(command, asked))
