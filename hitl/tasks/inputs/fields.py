"""The kind ``fields``: an object of named numbers and choices."""

from math import isfinite
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from hitl.errors import InvalidInput
from hitl.inference.rows import NUMBERS
from hitl.tasks.inputs.cells import number_in, text_in
from hitl.tasks.inputs.kind import TINY_SPAN, InputKind, Vector
from hitl.tasks.strict import Strict

FieldName = Annotated[str, Field(min_length=1, max_length=200)]


class NumberField(Strict):
    """One named number of a row. ``unit`` is for people. With ``missing`` it may be null: the model then sees that value, and
    a second number that says so. A ``sensitive`` one is sealed at rest and masked in answers."""

    name: FieldName
    min: float
    max: float
    unit: str = ""
    sensitive: bool = False
    missing: float | None = None

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"expected min <= max, came {self.min:g} and {self.max:g}")
        return self

    @property
    def width(self) -> int:
        return 1 if self.missing is None else 2


class CategoryField(Strict):
    """One named choice among ``values``. The model sees one number a value: 1 for the chosen, 0 for the others."""

    name: FieldName
    values: Annotated[list[str], Field(min_length=2, max_length=1000)]
    sensitive: bool = False

    @field_validator("values")
    @classmethod
    def _can_be_sent(cls, values: list[str]) -> list[str]:
        if len(set(values)) != len(values):
            raise ValueError("expected each value once")
        if any("\x00" in value for value in values):
            raise ValueError("a request holds no NUL")
        return values

    @property
    def width(self) -> int:
        return len(self.values)


def _kind_of_field(given: Any) -> str:
    is_category = "values" in given if isinstance(given, dict) else isinstance(given, CategoryField)
    return "category" if is_category else "number"


TableField = Annotated[
    Annotated[NumberField, Tag("number")] | Annotated[CategoryField, Tag("category")], Discriminator(_kind_of_field)
]


class FieldsInput(InputKind):
    """``features`` is an object with exactly these numbers and choices."""

    form = NUMBERS
    kind: Literal["fields"]
    fields: Annotated[list[TableField], Field(min_length=1)]

    @field_validator("fields")
    @classmethod
    def _names_differ(cls, fields: list[TableField]) -> list[TableField]:
        names = [field.name for field in fields]
        if len(set(names)) != len(names):
            raise ValueError("expected each name once")
        return fields

    @property
    def width(self) -> int:
        return sum(field.width for field in self.fields)

    @property
    def masks(self) -> bool:
        return any(field.sensitive for field in self.fields)

    @property
    def hidden(self) -> frozenset[str]:
        return frozenset(field.name for field in self.fields if field.sensitive)

    @property
    def columns(self) -> list[str]:
        return [field.name for field in self.fields]

    def parse_vector(self, features: Any) -> Vector:
        if not isinstance(features, dict):
            raise InvalidInput("/features", f"an object with {len(self.fields)} fields")
        unknown = features.keys() - {field.name for field in self.fields}
        if unknown:
            raise InvalidInput("/features", f"only the {len(self.fields)} fields of the task; {len(unknown)} are unknown")
        row: list[float] = []
        for field in self.fields:
            value: Any = features.get(field.name)
            row += _of_category(field, value) if isinstance(field, CategoryField) else _of_number(field, value)
        return row

    def features_of(self, row: Any) -> Any:
        features, at = {}, 0
        for field in self.fields:
            features[field.name] = _value_of(field, row[at : at + field.width])
            at += field.width
        return features

    def masked(self, features: Any, mask: str) -> Any:
        return {name: mask if name in self.hidden else value for name, value in features.items()}

    def distance(self, one: Vector, other: Vector) -> float:
        """The mean of the differences over the spans that the fields declare."""
        spans = np.array([span for field in self.fields for span in _spans(field)])
        return float(np.mean(np.abs(np.asarray(one) - np.asarray(other)) / spans))

    def features_in(self, row: dict[str, Any]) -> Any:
        """Numbers are parsed, choices are texts, an empty cell is None."""
        return {field.name: _cell(field, row[field.name]) for field in self.fields}


def _cell(field: NumberField | CategoryField, cell: Any) -> Any:
    return number_in(cell) if isinstance(field, NumberField) else text_in(cell)


def _spans(field: NumberField | CategoryField) -> list[float]:
    if isinstance(field, NumberField):
        return [max(field.max - field.min, TINY_SPAN), 1.0][: field.width]
    return [1.0] * field.width


def _value_of(field: NumberField | CategoryField, part: Any) -> Any:
    if isinstance(field, CategoryField):
        return field.values[int(np.argmax(part))]
    return None if field.missing is not None and part[1] else float(part[0])


def _of_category(field: CategoryField, value: Any) -> list[float]:
    if type(value) is not str or value not in field.values:
        raise InvalidInput(f"/features/{field.name}", f"one of the {len(field.values)} values of the field")
    return [float(value == known) for known in field.values]


def _of_number(field: NumberField, value: Any) -> list[float]:
    if value is None and field.missing is not None:
        return [field.missing, 1.0]
    if type(value) not in (int, float) or not isfinite(value) or not field.min <= value <= field.max:
        raise InvalidInput(f"/features/{field.name}", f"a number in [{field.min:g}, {field.max:g}] {field.unit}".strip())
    return [float(value)] if field.missing is None else [float(value), 0.0]
