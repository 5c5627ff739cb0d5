"""A task's definition as the journal keeps it: the keys that its author wrote, by their own names, and their digest.

Keys that are left out have this version's defaults, so that a later version's new key changes no digest.
"""

from pydantic import ValidationError

from hitl.canonical import JsonObject, canonical, fingerprint
from hitl.tasks.load import checked, invalid
from hitl.tasks.spec import TaskSpec


def body_of(spec: TaskSpec) -> JsonObject:
    """Return the definition of ``spec`` as plain JSON."""
    body: JsonObject = spec.model_dump(mode="json", exclude_unset=True)
    return body


def definition_digest(body: JsonObject) -> str:
    """Return what names a definition: SHA-256 of its canonical JSON."""
    return fingerprint(body)


def spec_of(body: JsonObject, source: str = "definition") -> TaskSpec:
    """Return the task that ``body`` defines. Raises InvalidConfig that names the key."""
    try:
        spec = TaskSpec.model_validate_json(canonical(body))
    except ValidationError as error:
        raise invalid(source, error) from error
    return checked(spec, source)


def say_the_same(one: TaskSpec, other: TaskSpec) -> bool:
    """Tell whether two definitions mean the same, in whatever words."""
    return one.model_dump(mode="json") == other.model_dump(mode="json")
