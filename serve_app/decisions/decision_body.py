"""The body of a decision request: ``features`` by the task's schema, ``metadata`` as a small flat object."""

from typing import Any

from hitl.answers.boxes import BOX_BYTES
from hitl.answers.contents import check_contents
from hitl.canonical import Json, JsonObject
from hitl.errors import InvalidInput
from hitl.tasks import TaskSpec, Vector
from serve_app.decisions.declared_body import ONE, SEVERAL

MAX_METADATA_KEYS = 32
MAX_NAME_CHARACTERS = 64
MAX_TEXT_CHARACTERS = 1024
MAX_EXACT_INTEGER = 2**53
"""Beyond it other readers of the record would see another number."""

BASE_BYTES = 64 * 1024
SCORE_BYTES = 100
"""Of a field's score, with the name before it."""

KNOWN = frozenset({"features", "metadata"})
DECLARED = frozenset({ONE, SEVERAL})


def max_body_bytes(spec: TaskSpec) -> int:
    """The longest body that a case of the task may have."""
    return BASE_BYTES + row_bytes(spec)


def row_bytes(spec: TaskSpec) -> int:
    """Return the longest that the features of a case, and the fields that are declared with it, with their scores and boxes, may
    be."""
    if spec.fields is None:
        return spec.input.request_bytes
    boxes = BOX_BYTES * len(spec.fields.names) if spec.input.files is not None else 0
    return spec.input.request_bytes + spec.fields.max_bytes + SCORE_BYTES * spec.parts + boxes


def check_body(spec: TaskSpec, body: JsonObject) -> tuple[Vector, JsonObject]:
    """Return the model's input, and the metadata. Raises InvalidInput that names the place and repeats nothing."""
    if not body.keys() <= (KNOWN | DECLARED if spec.is_declared else KNOWN):
        raise InvalidInput("", _expected(spec))
    if "features" not in body:
        raise InvalidInput("/features", "a value")
    metadata = _checked_metadata(body.get("metadata", {}))
    vector = spec.input.parse_vector(body["features"])
    check_contents(body["features"], spec.answer.contents)
    return vector, metadata


def _expected(spec: TaskSpec) -> str:
    known = "features, metadata, and prediction or predictions" if spec.is_declared else "features and metadata"
    return f"an object with {known} and nothing else"


def _checked_metadata(metadata: Json) -> JsonObject:
    if not isinstance(metadata, dict) or len(metadata) > MAX_METADATA_KEYS:
        raise InvalidInput("/metadata", f"an object with at most {MAX_METADATA_KEYS} keys")
    for name, value in metadata.items():
        if not 1 <= len(name) <= MAX_NAME_CHARACTERS:
            raise InvalidInput("/metadata", f"names of 1 to {MAX_NAME_CHARACTERS} characters")
        if not _is_plain(value):
            raise InvalidInput("/metadata", f"values of true, false, a number, or at most {MAX_TEXT_CHARACTERS} characters")
    return metadata


def _is_plain(value: Any) -> bool:
    if type(value) is str:
        return len(value) <= MAX_TEXT_CHARACTERS
    if type(value) is int:
        return abs(value) <= MAX_EXACT_INTEGER
    return type(value) in (bool, float)
