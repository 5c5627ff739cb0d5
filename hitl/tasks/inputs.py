"""From the ``features`` of a request to the row that the model sees."""

from math import isfinite
from typing import Any

from hitl.errors import InvalidInput
from hitl.tasks.spec import FieldsInput, TaskSpec, VectorInput


def vector_from(spec: TaskSpec, features: Any) -> list[float]:
    """The row ``(width,)`` of a request's ``features``. Raises InvalidInput that names the place."""
    if isinstance(spec.input, VectorInput):
        return _from_array(spec.input, features)
    return _from_object(spec.input, features)


def _from_array(schema: VectorInput, features: Any) -> list[float]:
    if not isinstance(features, list) or len(features) != schema.size:
        raise InvalidInput("/features", f"an array of {schema.size} numbers")
    low, high = schema.min, schema.max
    for value in features:
        if type(value) not in (int, float) or not low <= value <= high:
            at = next(i for i, v in enumerate(features) if type(v) not in (int, float) or not low <= v <= high)
            raise InvalidInput(f"/features/{at}", f"a number in [{low:g}, {high:g}]")
    return [float(value) for value in features]


def _from_object(schema: FieldsInput, features: Any) -> list[float]:
    if not isinstance(features, dict):
        raise InvalidInput("/features", f"an object with {len(schema.fields)} numbers")
    unknown = features.keys() - {field.name for field in schema.fields}
    if unknown:
        raise InvalidInput("/features", f"only the {len(schema.fields)} fields of the task; {len(unknown)} are unknown")
    row = []
    for field in schema.fields:
        value: Any = features.get(field.name)
        if type(value) not in (int, float) or not isfinite(value) or not field.min <= value <= field.max:
            raise InvalidInput(f"/features/{field.name}", f"a number in [{field.min:g}, {field.max:g}] {field.unit}".strip())
        row.append(float(value))
    return row
