"""The state of each shard and where its journal ends, for operators and for whoever replays the history."""

import asyncio

from fastapi import APIRouter

from hitl.errors import Forbidden, NotFound, Unavailable
from hitl.identity import Role
from hitl.machine.shards import all_shards
from serve_app.api.services.context import AnyCaller, ApiPorts, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.operation import ShardState, ShardStatus, ShardStatuses, UnreachableShard

router = APIRouter(prefix="/v1/journal", tags=["journal"], route_class=StrictRoute)


@router.get("", summary="Every shard with its sequence number, hash, epoch and phase (operator)")
async def list_shards(ports: PortsOf, caller: AnyCaller) -> ShardStatuses:
    caller.principal.require("see the journal", Role.OPERATOR)
    return ShardStatuses(await asyncio.gather(*(_status(ports, shard) for shard in all_shards(ports.partitions))))


@router.get("/{shard}/state", summary="The compared state of a shard at one entry of its journal (operator of every task)")
async def show_shard_state(shard: str, ports: PortsOf, caller: AnyCaller) -> ShardState:
    caller.principal.require("see the journal", Role.OPERATOR)
    if caller.principal.tasks:  # a shard holds the cases of every task
        raise Forbidden(caller.principal.id, "see the state of other tasks")
    if shard not in all_shards(ports.partitions):
        raise NotFound("shard", shard)
    return ShardState(**await ports.shards.plain(shard))


async def _status(ports: ApiPorts, shard: str) -> ShardStatus | UnreachableShard:
    """Return the shard's status, or UnreachableShard where it does not answer."""
    try:
        return ShardStatus(**await ports.shards.status(shard))
    except Unavailable:
        return UnreachableShard(shard)
