"""Models that were trained elsewhere: their bytes enter here, and serve only after people approved them."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from hitl.canonical import digest_of
from hitl.errors import InvalidInput, Overloaded, RequestTimeout, StoreUnavailable, UnsupportedMediaType
from hitl.identity import Role
from hitl.inference.artifact import MAX_BYTES
from serve_app.api.services.context import AnyCaller, PortsOf
from serve_app.api.services.strict_route import CLIENT_CLOSED_REQUEST, StrictRoute
from serve_app.api.views.artifacts import TakenArtifact
from serve_app.http.asgi import head
from serve_app.http.parse import ClientGone, read_body

router = APIRouter(prefix="/v1/artifacts", tags=["models"], route_class=StrictRoute)

BYTES = "application/octet-stream"
WITHIN_S = 300.0
"""A body that takes longer is not coming."""

_one_at_a_time = asyncio.Semaphore(1)
"""In one replica: each holds a whole model in memory."""


@router.put(
    "/{digest}",
    summary="Bring a model's bytes, to name them in an approval (trainer)",
    openapi_extra={"requestBody": {"required": True, "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}}},
    response_model=TakenArtifact,
)
async def put_artifact(
    digest: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")], task: str, ports: PortsOf, caller: AnyCaller, request: Request
) -> TakenArtifact | Response:
    """The body is an artifact of at most 256 MiB whose SHA-256 is ``digest``. It is tried in a process with limits before it is
    stored; a repetition changes nothing. Then open an approval of kind ``model_deployment`` that names the digest."""
    caller.principal.require("bring a model", Role.TRAINER)
    spec = ports.task_in_force(task, caller.principal)
    if ports.take_artifact is None:
        raise StoreUnavailable("artifacts are not taken here")
    if _one_at_a_time.locked():
        raise Overloaded("models that are taken in at a time", 1)
    async with _one_at_a_time:
        try:
            data = await _body(request)
        except ClientGone:
            return Response(status_code=CLIENT_CLOSED_REQUEST)
        found_digest = await asyncio.to_thread(digest_of, data)  # half a second for the largest
        if found_digest != digest:
            raise InvalidInput("/digest", f"the SHA-256 of the body, which is {found_digest}")
        found = await ports.take_artifact(spec, data)
    return TakenArtifact(digest, task, len(data), found.rows, found.batch_ms, found.largest_difference)


async def _body(request: Request) -> bytes:
    """Raises UnsupportedMediaType, BodyTooLarge, RequestTimeout, ClientGone."""
    found = head(request.scope)
    if found.headers.get(b"content-type", b"").split(b";")[0].strip().lower() != BYTES.encode():
        raise UnsupportedMediaType(BYTES)
    declared = found.headers.get(b"content-length", b"")
    try:
        async with asyncio.timeout(WITHIN_S):
            return await read_body(request.receive, MAX_BYTES, int(declared) if declared.isdigit() else None)
    except TimeoutError as error:
        raise RequestTimeout(WITHIN_S) from error
