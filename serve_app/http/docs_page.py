"""Render the OpenAPI document as one plain page: no script, no font, no external resource."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from hitl.canonical import JsonObject
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


class _Field(msgspec.Struct):
    """The schema of a member of a body: its type, the types that it may have, or the name of its schema."""

    type: str | None = None
    any_of: list[Any] | None = msgspec.field(default=None, name="anyOf")
    ref: str = msgspec.field(default="", name="$ref")
    properties: "dict[str, _Field]" = {}

    @property
    def kind(self) -> str:
        return str(self.type if self.type is not None else self.any_of if self.any_of is not None else self.ref)

    @property
    def named(self) -> str | None:
        """The reference of a body's schema, also of one that may be null."""
        return self.ref or next((each["$ref"] for each in self.any_of or () if "$ref" in each), None)


class _Media(msgspec.Struct):
    schema: _Field = msgspec.field(default_factory=_Field)


class _Body(msgspec.Struct):
    content: dict[str, _Media] = {}


class _Described(msgspec.Struct):
    """A parameter or an answer, or a reference to one of the document's components."""

    ref: str = msgspec.field(default="", name="$ref")
    name: str = ""
    place: str = msgspec.field(default="", name="in")
    required: bool = False
    description: str = ""


class _Operation(msgspec.Struct):
    tags: list[str] = msgspec.field(default_factory=lambda: ["others"])
    summary: str = ""
    description: str = ""
    parameters: list[_Described] = []
    body: _Body = msgspec.field(default_factory=_Body, name="requestBody")
    responses: dict[str, _Described] = {}


class _Components(msgspec.Struct):
    schemas: dict[str, _Field] = {}
    parameters: dict[str, _Described] = {}
    responses: dict[str, _Described] = {}


class _Info(msgspec.Struct):
    title: str
    version: str
    description: str = ""


class _Document(msgspec.Struct):
    """What the page shows of an OpenAPI document."""

    info: _Info
    paths: dict[str, dict[str, _Operation]]
    components: _Components = msgspec.field(default_factory=_Components)


def docs_page(schema: JsonObject) -> str:
    """Return the page of an OpenAPI document."""
    document = msgspec.convert(schema, _Document)
    info, groups = document.info, _by_tag(document)
    about, version = info.description, info.version
    return render_page("serve_app.http", "api.html", title=info.title, version=version, about=about, groups=groups)


def _by_tag(document: _Document) -> dict[str, list[DocumentedOperation]]:
    groups: dict[str, list[DocumentedOperation]] = {}
    for path, methods in document.paths.items():
        for method, operation in methods.items():
            groups.setdefault(operation.tags[0], []).append(_documented(method, path, operation, document.components))
    return groups


def _documented(method: str, path: str, operation: _Operation, components: _Components) -> DocumentedOperation:
    parameters = [_resolved(given, components.parameters) for given in operation.parameters]
    answers = {status: _resolved(answer, components.responses) for status, answer in operation.responses.items()}
    return DocumentedOperation(
        method.upper(),
        path,
        operation.summary,
        operation.description,
        [Parameter(each.name, each.place, each.required, each.description) for each in parameters],
        list(_fields(operation.body, components.schemas)),
        [(status, answer.description) for status, answer in answers.items()],
    )


def _resolved(given: _Described, components: dict[str, _Described]) -> _Described:
    """Return what stands in the place, or the component that it refers to."""
    return components[_last(given.ref)] if given.ref else given


def _fields(body: _Body, schemas: dict[str, _Field]) -> Iterator[tuple[str, str]]:
    media = body.content.get("application/json")
    named = None if media is None else media.schema.named
    if named is not None:
        yield from ((name, field.kind) for name, field in schemas[_last(named)].properties.items())


def _last(reference: str) -> str:
    return reference.rsplit("/", 1)[1]
