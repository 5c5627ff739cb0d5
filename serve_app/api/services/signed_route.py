"""A FastAPI route for callers who sign their requests as Amazon's clients do, with errors in Amazon's form."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from hitl.errors import HitlError, InvalidInput, Unauthenticated
from hitl.identity import Principal
from hitl.identity.sigv4 import REFUSED, SignedRequest, check_signature, read_signature
from serve_app.api.services.context import ApiPorts, ports_of
from serve_app.api.services.signing_secrets import secret_of
from serve_app.api.services.strict_route import CLIENT_CLOSED_REQUEST, StrictRequest
from serve_app.http.asgi import check_request, head
from serve_app.http.errors import answer_for
from serve_app.http.expected import expected_in_words, place_in_words
from serve_app.http.parse import ClientGone
from serve_app.http.problems import problem

SERVICE = "sagemaker"
"""The name that boto3's client of A2I signs for."""

SHAPES = {
    401: "AccessDeniedException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    409: "ConflictException",
    429: "ThrottlingException",
}
"""By status; other refusals are ValidationException, failures InternalServerException."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class SignedRoute(APIRoute):
    """Reads at most the body that any caller may send, then checks the signature over it, then counts and parses."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def signed(request: Request) -> Response:
            try:
                return await self._answered(request, handle)
            except ClientGone:
                return Response(status_code=CLIENT_CLOSED_REQUEST)
            except RequestValidationError as error:
                first = error.errors()[0]
                where = "".join(f"/{part}" for part in place_in_words(first["loc"])[1:])
                return _refusal(request, InvalidInput(where, expected_in_words(first)))
            except HitlError as error:
                return _refusal(request, error)

        return signed

    async def _answered(self, request: Request, handle: Handler) -> Response:
        check_request(request.scope)
        ports, strict = ports_of(request), StrictRequest(request.scope, request.receive)
        try:
            request.state.principal = await self._signer(ports, strict)
        except Unauthenticated:
            ports.the_door.keys.count_guess()
            raise Unauthenticated(REFUSED) from None  # the same words, whichever part was wrong
        return await handle(strict)

    async def _signer(self, ports: ApiPorts, strict: StrictRequest) -> Principal:
        """Whose secret signed the request. A body is read only for a key that has a secret. Raises Unauthenticated."""
        said = read_signature(_headers(strict).get("authorization"), SERVICE)
        who = await ports.the_door.keys.of_key(said.access_key_id)
        secret = await secret_of(ports, said.access_key_id)

        async def prove(count: int) -> None:
            """Called with the length of the body, before anything parses it."""
            check_signature(_sent(strict), said, secret, ports.wall())
            await _count(ports, who, count)

        await (prove(0) if self.body_field is None else strict.load(True, ports.body_bytes, prove))
        return who


def _headers(request: Request) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in head(request.scope).headers.items()}


def _sent(request: StrictRequest) -> SignedRequest:
    found, query = head(request.scope), request.scope.get("query_string", b"").decode("latin-1")
    return SignedRequest(found.method, found.path, query, _headers(request), request.raw)


async def _count(ports: ApiPorts, who: Principal, body_bytes: int) -> None:
    if ports.limits is not None:
        await ports.limits.check(who)
        await ports.limits.check_bytes(who, body_bytes)


def _refusal(request: Request, error: HitlError) -> Response:
    """As the problem document says it, in the form that botocore reads."""
    found = problem(error, head(request.scope).request_id, ports_of(request).wall())
    status = 400 if found.status == 422 and answer_for(error).slug != "idempotency-conflict" else found.status
    status = 409 if status == 422 else status
    shape = SHAPES.get(status, "ValidationException" if status < 500 else "InternalServerException")
    told = json.loads(found.body)
    message = told["detail"] + "".join(f" ({each['pointer']}: {each['expected']})" for each in told.get("errors", ()))
    headers = {**found.headers, "content-type": "application/json", "x-amzn-errortype": shape}
    return Response(json.dumps({"Message": message}), status, headers)
