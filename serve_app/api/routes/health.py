"""Whether the service lives, and whether it can answer now. Open to everybody: a probe has no key."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from hitl.canonical import to_plain
from hitl.errors import HitlError
from hitl.machine.shards import all_shards
from serve_app.api.services.context import ApiPorts, PortsOf
from serve_app.api.views.operation import ServiceHealth, ServiceNotReady, ServiceReady, ServiceReadyAtRisk
from serve_app.setup.definitions import find_changed_files

router = APIRouter(tags=["health"])

PROBE_S = 2.0
"""A part that takes longer is not ready."""

NO_SUCH_CASE = "a" * 26


@router.get("/health", summary="The process answers")
async def check_health() -> ServiceHealth:
    return ServiceHealth()


@router.get(
    "/ready",
    summary="The store and every shard answer",
    response_model=ServiceReady | ServiceReadyAtRisk,
    responses={503: {"description": "what is missing", "model": ServiceNotReady}},
)
async def check_readiness(ports: PortsOf) -> ServiceReady | ServiceReadyAtRisk | JSONResponse:
    checks = {"store": _store_answers(ports)} | {shard: _shard_serves(ports, shard) for shard in all_shards(ports.partitions)}
    results = dict(zip(checks, await asyncio.gather(*checks.values()), strict=True))
    missing = {name: why for name, why in results.items() if why is not None}
    if not missing:
        risks = [*ports.store_risks, *_waiting_files(ports)]
        return ServiceReadyAtRisk(risks) if risks else ServiceReady()
    return JSONResponse(to_plain(ServiceNotReady(missing)), 503, {"retry-after": "1"})


def _waiting_files(ports: ApiPorts) -> list[str]:
    """Say which task files are not in force, without what they change: a probe has no key."""
    waits = "the file of task {} differs from its definition in force and changes nothing: see GET /v1/tasks/{}/definition"
    return [waits.format(task, task) for task in sorted(find_changed_files(ports.task_files, ports.tasks))]


async def _store_answers(ports: ApiPorts) -> str | None:
    """Return what is wrong, or None."""
    try:
        async with asyncio.timeout(PROBE_S):
            await asyncio.gather(*(intake.find(NO_SUCH_CASE) for intake in ports.intakes))
    except (HitlError, TimeoutError):
        return "does not answer"
    return None


async def _shard_serves(ports: ApiPorts, shard: str) -> str | None:
    try:
        async with asyncio.timeout(PROBE_S):
            status = await ports.shards.status(shard)
    except (HitlError, TimeoutError):
        return "does not answer"
    return None if status["phase"] == "serving" else str(status["phase"])
