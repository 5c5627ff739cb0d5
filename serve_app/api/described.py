"""An application whose OpenAPI document says all that clients must know: keys, sign-in, refusals and the gateway's routes."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from serve_app.api import gateway_routes
from serve_app.api.tags import TAGS
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
FROM_OUTSIDE = frozenset({"/v1/votes/{token}", "/v1/chat/slack", "/v1/chat/teams"})
"""Paths where a signed link or a signed message says who asks."""

OPEN = frozenset({"/health", "/ready", "/v1/oidc/login", "/v1/oidc/callback", "/v1/oidc/logout"}) | FROM_OUTSIDE
"""Paths that take no key."""

PAGES = frozenset({"/v1/votes/{token}"})
"""Paths whose refusals are pages for people."""

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

Schema = dict[str, Any]

_AS_PROBLEM: Schema = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
_AS_AMAZON: Schema = {"application/json": {"schema": {"$ref": "#/components/schemas/AmazonRefusal"}}}
_AS_PAGE: Schema = {"text/html": {"schema": {"type": "string"}}, **_AS_PROBLEM}
"""What a browser opens tells refusals on a page, and by a problem document where the request's head is wrong."""


def operation_id(route: APIRoute) -> str:
    """Return the function's name, a verb and an object, such as claim_reviews: what generated clients call."""
    return route.name


class DescribedApp(FastAPI):
    """FastAPI's own document, completed."""

    def openapi(self) -> dict[str, Any]:
        """Return the document, made once."""
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
    document["tags"] = [{"name": name, "description": about} for name, about in TAGS.items()]
    document["servers"] = [{"url": "/", "description": "This service"}]
    document["info"]["contact"] = {"name": "The operators of this installation"}
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    _complete_tuples(components["schemas"])
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
        operation["security"] = [{"signature": []}]
        operation["responses"] = _all_refused_as(_AS_AMAZON, operation, [each for each in REFUSALS if each != "422"])
        return
    if path in PAGES:
        operation["responses"] = _all_refused_as(_AS_PAGE, operation, REFUSALS)
        return
    responses = operation["responses"]
    for status in _refusals(path, operation, is_keyed):
        responses.setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})
    for status, response in responses.items():
        if "$ref" not in response and (status == "default" or status >= "400"):
            responses[status] = _problem(status, response["description"]) | response


def _complete_tuples(schema: Any) -> None:
    """Say of each tuple that its further items may be anything: ``maxItems`` lets none pass, and tools want the word."""
    if isinstance(schema, list):
        for each in schema:
            _complete_tuples(each)
    elif isinstance(schema, dict):
        if "prefixItems" in schema:
            schema.setdefault("items", {})
        for each in schema.values():
            _complete_tuples(each)


def _all_refused_as(content: Schema, operation: Schema, refused: Iterable[str]) -> Schema:
    """The operation's answers, and for each status of ``refused`` a refusal of this ``content``."""
    answers = {status: told for status, told in operation["responses"].items() if status < "400"}
    refusals = {status: _refusal(status, REFUSALS[status], content) for status in refused}
    return answers | refusals | {"default": {"description": "Any other refusal", "content": content}}


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


def _problem(status: str, about: str) -> Schema:
    return _refusal(status, about, _AS_PROBLEM)


def _refusal(status: str, about: str, content: Schema) -> Schema:
    told: Schema = {"description": about, "content": content}
    return told | ({"headers": RETRY_AFTER} if status in ("429", "503") else {})
