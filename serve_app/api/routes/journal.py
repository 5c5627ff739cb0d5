"""The state of each shard and where its journal ends, for operators and for whoever replays the history."""

import asyncio
from typing import Any

from fastapi import APIRouter

from hitl.errors import Forbidden, NotFound, Unavailable
from hitl.identity import Role
from hitl.machine.shards import all_shards
from serve_app.api.services.context import AnyCaller, Ports, PortsOf
from serve_app.api.services.strict_route import StrictRoute

router = APIRouter(prefix="/v1/journal", tags=["journal"], route_class=StrictRoute)


@router.get("", summary="Every shard with its sequence number, hash, epoch and phase (operator)")
async def shards(ports: PortsOf, caller: AnyCaller) -> dict[str, Any]:
    caller.principal.require("see the journal", Role.OPERATOR)
    return {"shards": await asyncio.gather(*(_status(ports, shard) for shard in all_shards(ports.partitions)))}


@router.get("/{shard}/state", summary="The compared state of a shard at one entry of its journal (operator of every task)")
async def state(shard: str, ports: PortsOf, caller: AnyCaller) -> dict[str, Any]:
    caller.principal.require("see the journal", Role.OPERATOR)
    if caller.principal.tasks:  # a shard holds the cases of every task
        raise Forbidden(caller.principal.id, "see the state of other tasks")
    if shard not in all_shards(ports.partitions):
        raise NotFound("shard", shard)
    return await ports.shards.plain(shard)


async def _status(ports: Ports, shard: str) -> dict[str, Any]:
    """A shard that cannot answer is shown as that."""
    try:
        return await ports.shards.status(shard)
    except Unavailable:
        return {"shard": shard, "phase": "unreachable"}
