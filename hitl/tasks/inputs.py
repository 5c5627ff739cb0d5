"""Convert the ``features`` of a request to the model's input: numbers, or a text."""

from math import isfinite
from typing import Any, TypeAlias

from hitl.errors import InvalidInput
from hitl.tasks.input_spec import CategoryField, FieldsInput, NumberField, TextInput, VectorInput
from hitl.tasks.spec import TaskSpec

Vector: TypeAlias = "list[float] | str"
"""One case as its model sees it: ``width`` numbers, or the text itself."""


def vector_from(spec: TaskSpec, features: Any) -> Vector:
    """The model's input from a request's ``features``. Raises InvalidInput that names the place."""
    if isinstance(spec.input, VectorInput):
        return _from_array(spec.input, features)
    if isinstance(spec.input, TextInput):
        return _from_text(spec.input, features)
    return _from_object(spec.input, features)


def _from_array(schema: VectorInput, features: Any) -> list[float]:
    if not isinstance(features, list) or len(features) != schema.size:
        raise InvalidInput("/features", f"an array of {schema.size} numbers")
    low, high, kinds = schema.min, schema.max, set(map(type, features))
    if kinds == {float} and low <= min(features) and max(features) <= high and isfinite(sum(features)):
        return features
    for value in features:
        if type(value) not in (int, float) or not low <= value <= high:
            at = next(i for i, v in enumerate(features) if type(v) not in (int, float) or not low <= v <= high)
            raise InvalidInput(f"/features/{at}", f"a number in [{low:g}, {high:g}]")
    return [float(value) for value in features]


def _from_text(schema: TextInput, features: Any) -> str:
    if not isinstance(features, dict) or features.keys() != {schema.field}:
        raise InvalidInput("/features", f"an object with {schema.field} and nothing else")
    text: Any = features[schema.field]
    if type(text) is not str or not 1 <= len(text) <= schema.max_chars:
        raise InvalidInput(f"/features/{schema.field}", f"a text of 1 to {schema.max_chars} characters")
    return text


def _from_object(schema: FieldsInput, features: Any) -> list[float]:
    if not isinstance(features, dict):
        raise InvalidInput("/features", f"an object with {len(schema.fields)} fields")
    unknown = features.keys() - {field.name for field in schema.fields}
    if unknown:
        raise InvalidInput("/features", f"only the {len(schema.fields)} fields of the task; {len(unknown)} are unknown")
    row: list[float] = []
    for field in schema.fields:
        value: Any = features.get(field.name)
        row += _of_category(field, value) if isinstance(field, CategoryField) else _of_number(field, value)
    return row


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
