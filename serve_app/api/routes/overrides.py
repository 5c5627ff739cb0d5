"""Overrides: corrections that answer the next equal case at once, confirmed by two people or an expert before they may."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from hitl.errors import InvalidInput, NotFound
from hitl.identity import Role
from hitl.learning.journalled.commands import ConfirmOverride, ProposeOverride, RevokeOverride, SwitchOverrides
from hitl.learning.journalled.questions import OverrideOf, OverridesOf
from hitl.learning.journalled.views import ChangedOverride, OverrideList, OverrideView, ProposedOverride, SwitchedOverrides
from hitl.machine.shards import LEARNING, shard_of_case
from hitl.review import OutcomeOf
from hitl.tasks.answer_terms import NONE_OF_THESE
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, KeyedCaller, PortsOf
from serve_app.api.services.finding import visible_case, works_on
from serve_app.api.services.strict_route import StrictRoute
from serve_app.http.strict_body import Body, Reason

router = APIRouter(prefix="/v1/overrides", tags=["learning"], route_class=StrictRoute)

HOUR_S = 3600.0
Label = Annotated[str, Field(max_length=200)]


class OverrideProposalBody(Body):
    """``label`` repeats what people decided for the case."""

    case_id: Annotated[str, Field(max_length=64)]
    label: Label


class ConfirmationBody(Body):
    label: Label


class RevocationBody(Body):
    reason: Reason


class SwitchBody(Body):
    task: Annotated[str, Field(max_length=64)]
    is_on: bool
    reason: Reason


@router.get("", summary="Overrides and who confirmed them (reviewer, expert, operator)")
async def list_overrides(ports: PortsOf, caller: AnyCaller, task: str | None = None) -> OverrideList:
    caller.principal.require("see overrides", Role.REVIEWER, Role.EXPERT, Role.OPERATOR)
    found = await ports.shards.ask(LEARNING, OverridesOf(task))
    sees = caller.principal.sees
    return OverrideList(
        overrides=[one for one in found.overrides if works_on(caller.principal, one.task)],
        switched_off={name: why for name, why in found.switched_off.items() if sees(name)},
        switched_on={name: at for name, at in found.switched_on.items() if sees(name)},
    )


@router.post("", status_code=201, summary="Let a corrected case answer its equals (reviewer, expert)")
async def propose_override(body: OverrideProposalBody, ports: PortsOf, caller: KeyedCaller) -> OverrideView | ProposedOverride:
    caller.principal.require("propose overrides", Role.REVIEWER, Role.EXPERT)
    record = (await visible_case(ports, caller.principal, body.case_id)).record
    terms = ports.task_in_force(record.task, caller.principal).overrides
    if terms is None:
        raise InvalidInput("/case_id", "a case of a task that takes overrides")
    if record.prediction is None or body.label != await _decided(ports, body.case_id):
        raise InvalidInput("/label", "the label that people decided for a case that the model saw")
    if body.label == NONE_OF_THESE:
        raise InvalidInput("/label", "one of the task's labels: that none of them fits is no answer for other cases")
    until = ports.wall() + terms.ttl_hours * HOUR_S
    by = (caller.principal.id, caller.principal.may(Role.EXPERT))
    command = ProposeOverride(record.task, body.case_id, body.label, record.prediction, *by, until)
    return await ports.shards.submit(LEARNING, caller.envelope(command, body.model_dump()))


@router.post("/switch", summary="Switch a task's overrides off or on (operator)")
async def switch_overrides(body: SwitchBody, ports: PortsOf, caller: KeyedCaller) -> SwitchedOverrides:
    caller.principal.require("switch overrides", Role.OPERATOR)
    ports.task(body.task, caller.principal)
    command = SwitchOverrides(body.task, body.is_on, body.reason, caller.principal.id)
    return await ports.shards.submit(LEARNING, caller.envelope(command, body.model_dump()))


@router.post("/{override_id}/confirm", summary="Say the same, or end it with another label (reviewer, expert)")
async def confirm_override(override_id: str, body: ConfirmationBody, ports: PortsOf, caller: KeyedCaller) -> ChangedOverride:
    caller.principal.require("confirm overrides", Role.REVIEWER, Role.EXPERT)
    await _visible(ports, caller, override_id)
    command = ConfirmOverride(override_id, body.label, caller.principal.id, caller.principal.may(Role.EXPERT))
    return await ports.shards.submit(LEARNING, caller.envelope(command, body.model_dump()))


@router.post("/{override_id}/revoke", summary="End an override (expert, operator)")
async def revoke_override(override_id: str, body: RevocationBody, ports: PortsOf, caller: KeyedCaller) -> ChangedOverride:
    caller.principal.require("revoke overrides", Role.EXPERT, Role.OPERATOR)
    await _visible(ports, caller, override_id)
    command = RevokeOverride(override_id, body.reason, caller.principal.id)
    return await ports.shards.submit(LEARNING, caller.envelope(command, body.model_dump()))


async def _visible(ports: ApiPorts, caller: Caller, override_id: str) -> None:
    """Raises NotFound for an unknown override, and for one of a task that the caller does not see."""
    found = await ports.shards.ask(LEARNING, OverrideOf(override_id))
    if not works_on(caller.principal, found.task):
        raise NotFound("override", override_id)


async def _decided(ports: ApiPorts, case_id: str) -> str | None:
    """Return what people decided for the case; None while they have not."""
    try:
        said = await ports.shards.ask(shard_of_case(case_id, ports.partitioning), OutcomeOf(case_id))
    except NotFound:
        return None
    return said.outcome.label if said.outcome else None
