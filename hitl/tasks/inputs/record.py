"""The kind ``record``: nested JSON by a JSON Schema, for cases that are neither numbers, fields nor one text."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from hitl.canonical import JsonObject, canonical
from hitl.errors import InvalidInput
from hitl.inference.rows import TEXT
from hitl.member_path import MemberPath
from hitl.tasks.inputs.kind import InputKind, Vector
from hitl.tasks.inputs.text import BYTES_PER_CHARACTER, text_distance

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

NOT_TAKEN = frozenset({"pattern", "patternProperties", "$dynamicRef", "contentSchema"})
"""Keywords whose cost or meaning depends on more than the schema: a pattern can take for ever on a text that a client wrote."""

ANY = "*"
"""Every member of an object or an array, in a path of ``sensitive``."""


class RecordInput(InputKind):
    """``features`` are JSON that fits ``json_schema`` (draft 2020-12, without patterns and references elsewhere), of at most
    ``max_chars`` characters and ``max_values`` values. The model reads it as canonical JSON text. ``sensitive`` lists paths such
    as ``/customer/name`` or ``/items/*/note``, or is true for the whole; what is listed is sealed at rest and masked in answers.
    A table holds each record as JSON text in ``column``."""

    form = TEXT
    kind: Literal["record"]
    json_schema: dict[str, Any]
    max_chars: Annotated[int, Field(ge=1, le=100_000)] = 10_000
    max_values: Annotated[int, Field(ge=1, le=10_000)] = 1000
    sensitive: bool | list[MemberPath] = False
    column: Annotated[str, Field(min_length=1, max_length=200)] = "record"

    @model_validator(mode="after")
    def _the_schema_can_be_used(self) -> Self:
        from jsonschema import Draft202012Validator, SchemaError

        if found := sorted(NOT_TAKEN & set(_keys(self.json_schema))):
            raise ValueError(f"json_schema: {found[0]} is not taken")
        if other := [target for target in _targets(self.json_schema) if not target.startswith("#")]:
            raise ValueError(f"json_schema: $ref {other[0]!r} leads elsewhere")
        try:
            Draft202012Validator.check_schema(self.json_schema)
        except SchemaError as error:
            raise ValueError(f"json_schema: {error.message}") from error
        return self

    @property
    def width(self) -> int:
        return 0

    @property
    def masks(self) -> bool:
        return bool(self.sensitive)

    @property
    def hidden(self) -> frozenset[str]:
        return super().hidden if isinstance(self.sensitive, bool) else frozenset(self.sensitive)

    @property
    def columns(self) -> list[str]:
        return [self.column]

    @property
    def request_bytes(self) -> int:
        return BYTES_PER_CHARACTER * self.max_chars

    @property
    def most_values(self) -> int:
        return self.max_values

    def parse_vector(self, features: Any) -> Vector:
        text = canonical(features).decode()
        if len(text) > self.max_chars:
            raise InvalidInput("/features", f"JSON of at most {self.max_chars} characters")
        if sum(1 for _ in _values(features)) > self.max_values:
            raise InvalidInput("/features", f"at most {self.max_values} values")
        for error in _validator(canonical(self.json_schema)).iter_errors(features):
            raise InvalidInput("/features" + "".join(f"/{part}" for part in error.absolute_path), _expected(error))
        return text

    def features_of(self, row: Any) -> Any:
        return json.loads(str(row))

    def features_in(self, row: dict[str, Any]) -> Any:
        """What is no JSON stays as it is, for the schema to refuse."""
        try:
            return json.loads(row[self.column])
        except (TypeError, ValueError):
            return row[self.column]

    def masked(self, features: Any, mask: str) -> Any:
        if isinstance(self.sensitive, bool):
            return mask if self.sensitive else features
        for path in self.sensitive:
            features = _masked(features, path.split("/")[1:], mask)
        return features

    def distance(self, one: Vector, other: Vector) -> float:
        """As for texts, of the records' canonical JSON."""
        return text_distance(str(one), str(other))


@lru_cache(maxsize=64)
def _validator(schema: bytes) -> "Validator":
    """With an empty registry, so that no reference is ever fetched."""
    from jsonschema import Draft202012Validator
    from referencing import Registry

    return Draft202012Validator(json.loads(schema), registry=Registry())


def _expected(error: Any) -> str:
    """Return the keyword that does not fit and what it wants, never what came: it may be a person's."""
    wanted = json.dumps(error.validator_value, default=str)
    return f"{error.validator}: {wanted if len(wanted) <= 200 else 'as the schema says'}"


def _masked(value: Any, path: list[str], mask: str) -> Any:
    if not path:
        return mask
    first, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {name: _masked(part, rest, mask) if first in (name, ANY) else part for name, part in value.items()}
    if isinstance(value, list):
        return [_masked(part, rest, mask) if first in (str(at), ANY) else part for at, part in enumerate(value)]
    return value


def _values(value: Any) -> Iterator[Any]:
    """Yield the value and everything in it, names counted: as the parser of requests counts."""
    yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict):
        yield from value
    for part in parts:
        yield from _values(part)


def _keys(schema: Any) -> Iterator[str]:
    """Yield every keyword of a schema. Names under ``properties`` are no keywords, and values of ``enum`` and ``const``
    neither."""
    if isinstance(schema, list):
        for part in schema:
            yield from _keys(part)
    if isinstance(schema, dict):
        for name, part in schema.items():
            yield name
            if name in ("enum", "const", "default", "examples"):
                continue
            parts = part.values() if name in ("properties", "$defs", "dependentSchemas") and isinstance(part, dict) else [part]
            for each in parts:
                yield from _keys(each)


def _targets(schema: JsonObject | Any) -> Iterator[str]:
    """Yield the targets of all references."""
    if isinstance(schema, list):
        for part in schema:
            yield from _targets(part)
    if isinstance(schema, dict):
        target = schema.get("$ref")
        if isinstance(target, str):
            yield target
        for part in schema.values():
            yield from _targets(part)
