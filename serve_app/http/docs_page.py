"""Render the OpenAPI document as one plain page: no script, no font, no external resource."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hitl.html import render_page


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in the path, the query or a header."""

    name: str
    place: str
    is_required: bool
    about: str


@dataclass(frozen=True, slots=True)
class DocumentedOperation:
    """A method of a path: its ``fields`` are those of the body with their types, its ``answers`` by status."""

    method: str
    path: str
    summary: str
    about: str
    parameters: list[Parameter]
    fields: list[tuple[str, str]]
    answers: list[tuple[str, str]]


def docs_page(schema: dict[str, Any]) -> str:
    """The page of an OpenAPI document."""
    info = schema["info"]
    title, version, about = info["title"], info["version"], info.get("description", "")
    return render_page("serve_app.http", "api.html", title=title, version=version, about=about, groups=_by_tag(schema))


def _by_tag(schema: dict[str, Any]) -> dict[str, list[DocumentedOperation]]:
    groups: dict[str, list[DocumentedOperation]] = {}
    for path, methods in schema["paths"].items():
        for method, route in methods.items():
            groups.setdefault(route.get("tags", ["others"])[0], []).append(_operation(method, path, route, schema))
    return groups


def _operation(method: str, path: str, route: dict[str, Any], schema: dict[str, Any]) -> DocumentedOperation:
    return DocumentedOperation(
        method.upper(),
        path,
        route.get("summary", ""),
        route.get("description", ""),
        [_parameter(_resolved(given, schema)) for given in route.get("parameters", ())],
        list(_fields(route, schema)),
        [(status, _resolved(answer, schema).get("description", "")) for status, answer in route.get("responses", {}).items()],
    )


def _resolved(given: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """What stands in the place, or the component that it refers to."""
    if "$ref" not in given:
        return given
    kind, name = given["$ref"].split("/")[-2:]
    found: dict[str, Any] = schema["components"][kind][name]
    return found


def _parameter(given: dict[str, Any]) -> Parameter:
    return Parameter(given["name"], given["in"], bool(given.get("required")), given.get("description", ""))


def _fields(route: dict[str, Any], schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    body = route.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    for name, field in _properties(body, schema).items():
        yield name, str(field.get("type", field.get("anyOf", field.get("$ref", ""))))


def _properties(body: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    named = body.get("$ref") or next((each["$ref"] for each in body.get("anyOf", ()) if "$ref" in each), None)
    if named is None:
        return {}
    found: dict[str, Any] = schema["components"]["schemas"][named.rsplit("/", 1)[1]].get("properties", {})
    return found
