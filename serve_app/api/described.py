"""An application whose OpenAPI document says all that clients must know: keys, sign-in, refusals and the gateway's routes."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from serve_app.api import gateway_routes
from serve_app.http.described_answer import described
from serve_app.http.problems import MEDIA_TYPE
from serve_app.http.request_head import MAX_KEY_CHARACTERS

KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Under one key the same request has one effect and one answer, however often it comes.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY_CHARACTERS, "pattern": "^[ -~]+$"},
}
SECURITY = {
    "key": {"type": "http", "scheme": "bearer", "description": "A key of an account, or a token of your identity provider."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "hitl_session",
        "description": "Of `POST /v1/session`: what changes something also takes the session's token in `X-CSRF-Token`.",
    },
}
SIGNED = "/a2i/"
"""Where the paths begin that take Amazon's signatures, and refuse in Amazon's form."""

SIGNATURE = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "AWS Signature Version 4 for the service `sagemaker`, with a signing secret of this service.",
}
AMAZON_REFUSAL = {
    "type": "object",
    "required": ["Message"],
    "properties": {"Message": {"type": "string"}},
    "description": "A refusal in the form that botocore reads; the header `x-amzn-errortype` names its kind.",
}
OPEN = frozenset({"/health", "/ready", "/v1/oidc/login", "/v1/oidc/callback", "/v1/oidc/logout"})
"""Paths that take no key."""

REFUSALS = {
    "400": "A header, the path or the query is wrong, or the body is not JSON",
    "401": "No valid key or session",
    "403": "The caller's roles, tasks or queues do not allow it",
    "404": "There is no such thing, or none that this caller may see",
    "409": "The present state forbids it, or the Idempotency-Key was used for another request",
    "413": "The body is too long",
    "415": "The body is not application/json",
    "422": "The body does not fit its schema: `errors` names the place and what was expected",
    "429": "The caller asks too often or holds too much: repeat after `Retry-After` seconds",
    "503": "Not now: repeat with the same key after `Retry-After` seconds",
}
ANY_REFUSAL = described("default", "Any other refusal")
RETRY_AFTER = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer", "minimum": 0}}}


def operation_id(route: APIRoute) -> str:
    """The function's name, a verb and an object, such as claim_reviews: what generated clients call."""
    return route.name


class DescribedApp(FastAPI):
    """FastAPI's own document, completed."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            routes = [*self.routes, *_gateway_routes()]
            made = get_openapi(title=self.title, version=self.version, description=self.description, routes=routes)
            self.openapi_schema = _completed(made)
        return self.openapi_schema


def _gateway_routes() -> list[BaseRoute]:
    app = FastAPI(openapi_url=None, generate_unique_id_function=operation_id, responses=ANY_REFUSAL)
    app.include_router(gateway_routes.router)
    return app.routes


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    components = document.setdefault("components", {})
    components["parameters"] = {"IdempotencyKey": KEY_PARAMETER}
    components["securitySchemes"] = {**SECURITY, "signature": SIGNATURE}
    components["schemas"]["AmazonRefusal"] = AMAZON_REFUSAL
    components["responses"] = {f"Problem{status}": _problem(status, about) for status, about in REFUSALS.items()}
    document["security"] = [{name: []} for name in SECURITY]
    for path, methods in document["paths"].items():
        for operation in methods.values():
            _complete(path, operation)
    return document


def _complete(path: str, operation: dict[str, Any]) -> None:
    given = [each for each in operation.get("parameters", ()) if each["name"] != KEY_PARAMETER["name"]]
    is_keyed = len(given) < len(operation.get("parameters", ()))
    if given or is_keyed:
        operation["parameters"] = [*given, *([{"$ref": "#/components/parameters/IdempotencyKey"}] if is_keyed else [])]
    if path in OPEN:
        operation["security"] = []
    if path.startswith(SIGNED):
        _complete_signed(operation)
        return
    responses = operation["responses"]
    for status in _refusals(path, operation, is_keyed):
        responses.setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})
    for status, response in responses.items():
        if "$ref" not in response and (status == "default" or status >= "400"):
            responses[status] = _problem(status, response["description"]) | response


def _complete_signed(operation: dict[str, Any]) -> None:
    """What boto3's clients send and read: nothing that does not fit its schema gets another status than 400."""
    operation["security"] = [{"signature": []}]
    answers = {status: told for status, told in operation["responses"].items() if status < "400"}
    refusal: dict[str, Any] = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/AmazonRefusal"}}}}
    for status, about in REFUSALS.items():
        if status != "422":
            answers[status] = {"description": about} | refusal | ({"headers": RETRY_AFTER} if status in ("429", "503") else {})
    operation["responses"] = answers | {"default": {"description": "Any other refusal"} | refusal}


def _refusals(path: str, operation: dict[str, Any], is_keyed: bool) -> Iterator[str]:
    yield "400"
    if path not in OPEN:
        yield from ("401", "403")
    if "{" in path:
        yield "404"
    if is_keyed:
        yield "409"
    if "requestBody" in operation:
        yield from ("413", "415", "422")
    yield from ("429", "503")


def _problem(status: str, about: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": about,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    }
    return told | ({"headers": RETRY_AFTER} if status in ("429", "503") else {})
