"""What left the service, what waits, what died, and the way to send it again."""

from typing import Annotated

from fastapi import APIRouter, Query

from hitl.errors import Forbidden, InvalidRequest, NotFound
from hitl.identity import Role
from hitl.outbox import DeliveryStatus
from hitl.outbox.rules import TRIAL
from serve_app.api.services.context import AnyCaller, Caller, KeyedCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.operation import (
    Channels,
    Deliveries,
    DeliveryLog,
    OneDelivery,
    ReplayedDeliveries,
    ReplayedDelivery,
    TrialMessage,
)

router = APIRouter(prefix="/v1/outbox", tags=["outbox"], route_class=StrictRoute)

REPLAYS_AT_ONCE = 1_000

Limit = Annotated[int, Query(ge=1, le=1000)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("", summary="Deliveries by status, with the counts of all (operator of every task)")
async def list_deliveries(
    ports: PortsOf, caller: AnyCaller, status: DeliveryStatus = DeliveryStatus.WAITING, offset: Offset = 0, limit: Limit = 100
) -> Deliveries:
    _check(caller, "see the outbox")
    found = await ports.records.outgoing.deliveries(status, offset, limit)
    return Deliveries(await ports.records.outgoing.counts(), found)


@router.get("/channels", summary="Where messages may go, without their addresses (operator of every task)")
async def list_channels(ports: PortsOf, caller: AnyCaller) -> Channels:
    _check(caller, "see the channels")
    return Channels(ports.channels)


@router.post("/channels/{channel}/test", status_code=202, summary="Send a test message to a channel (operator of every task)")
async def send_trial_message(channel: str, ports: PortsOf, caller: KeyedCaller) -> TrialMessage:
    """It goes to this very channel, never to its fallback. What came of it stands in the delivery that the answer names."""
    _check(caller, "send test messages")
    known = next((each for each in ports.channels if each.name == channel), None)
    if known is None:
        raise NotFound("channel", channel)
    if not known.takes_trials:
        raise InvalidRequest("path channel", "a channel that has an address here, and that carries messages")
    message_id, by = f"test:{caller.command_id()}", caller.principal.id
    await ports.records.outgoing.put(message_id, TRIAL, {"channel": channel, "by": by, "person": by})
    return TrialMessage(channel, f"{message_id}-1")


@router.get("/log", summary="The newest attempts and how each went (operator of every task)")
async def export_delivery_log(ports: PortsOf, caller: AnyCaller, limit: Limit = 100) -> DeliveryLog:
    _check(caller, "see the outbox")
    return DeliveryLog(await ports.records.outgoing.log(limit))


@router.post("/replay", summary="Send the dead ones again, the newest first, up to a thousand (operator of every task)")
async def replay_dead_deliveries(ports: PortsOf, caller: KeyedCaller) -> ReplayedDeliveries:
    _check(caller, "replay deliveries")
    dead = await ports.records.outgoing.deliveries(DeliveryStatus.DEAD, 0, REPLAYS_AT_ONCE)
    return ReplayedDeliveries([each.id for each in dead if await ports.records.outgoing.replay(each.id)])


@router.get("/{delivery_id}", summary="One delivery (operator of every task)")
async def show_delivery(delivery_id: str, ports: PortsOf, caller: AnyCaller) -> OneDelivery:
    _check(caller, "see the outbox")
    return OneDelivery(await ports.records.outgoing.find(delivery_id))


@router.post("/{delivery_id}/replay", summary="Send a finished delivery again, under its id (operator of every task)")
async def replay_delivery(delivery_id: str, ports: PortsOf, caller: KeyedCaller) -> ReplayedDelivery:
    _check(caller, "replay deliveries")
    return ReplayedDelivery(delivery_id, await ports.records.outgoing.replay(delivery_id))


def _check(caller: Caller, action: str) -> None:
    """Raises Forbidden: messages are about every task."""
    caller.principal.require(action, Role.OPERATOR)
    if caller.principal.tasks:
        raise Forbidden(caller.principal.id, action)
