"""What figures read of a case's input: what tells the same input from others, and the declared groups."""

import json
from collections.abc import Callable

from hitl.canonical import JsonObject, fingerprint
from hitl.errors import InvalidInput
from hitl.intake import StoredCase
from hitl.quality.traffic import groups_of
from hitl.tasks import TaskSpec


def content_of(spec: TaskSpec, case: StoredCase) -> str:
    """Equal for equal inputs; empty where inputs are sealed, which are not opened for that, and for an input without features."""
    if spec.is_sealed:
        return ""
    features = json.loads(case.payload).get("features")
    if not features:
        return ""
    return fingerprint(_read(spec, features) if spec.input.files is not None else features)


def groups_in(spec: TaskSpec, case: StoredCase, shown: Callable[[StoredCase], bytes] | None) -> dict[str, str]:
    """Return the value of each declared group, of the input as it is ``shown``; none where nobody may see it."""
    if not spec.groups or shown is None:
        return {}
    payload: JsonObject = json.loads(shown(case))
    places = (payload.get("metadata"), payload.get("features"))
    return groups_of(spec.groups, *(place for place in places if isinstance(place, dict)))


def _read(spec: TaskSpec, features: JsonObject) -> object:
    """Return the content of the files that ``features`` name: each upload has a handle of its own."""
    try:
        return spec.input.parse_vector(features)
    except InvalidInput:  # of a task whose input is another by now
        return features
