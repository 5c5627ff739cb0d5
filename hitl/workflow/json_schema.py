"""A form from a JSON Schema: what programs with typed questions have, where people need fields."""

from typing import Any

from hitl.canonical import JsonObject
from hitl.errors import InvalidInput
from hitl.workflow.free_json import object_in
from hitl.workflow.ui_schema import MAX_FIELDS

WHOLE = "value"
"""The name of the one field of a schema that is no object."""

SIMPLE = {"string": "textarea", "number": "number", "integer": "number", "boolean": "checkbox"}
BOUNDS = {"minimum": "min", "maximum": "max"}


def form_of(schema: Any, place: str = "/config/json_schema") -> JsonObject:
    """Return the ``ui_schema`` that asks for the schema's value: a field for each property of an object, or one field. A property
    that no field can ask for is asked for as JSON. Raises InvalidInput.

    >>> form_of({"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}, "required": ["n"]})["fields"]
    [{'name': 'n', 'type': 'number', 'label': 'n', 'required': True, 'is_whole': True, 'min': 1}]
    """
    if not isinstance(schema, dict):
        raise InvalidInput(place, "an object: a JSON Schema")
    properties = schema.get("properties")
    if schema.get("type") != "object" or not isinstance(properties, dict) or not properties:
        return {"type": "json_schema", "fields": [_field(WHOLE, schema, True)]}
    if len(properties) > MAX_FIELDS:
        raise InvalidInput(f"{place}/properties", f"at most {MAX_FIELDS} properties")
    required = schema.get("required", [])
    fields = [_field(str(name), _resolved(schema, each), name in required) for name, each in properties.items()]
    return {"type": "json_schema", "fields": [*fields]}


def _field(name: str, schema: JsonObject, is_required: bool) -> JsonObject:
    kind = _kind(schema)
    label = schema.get("title") or schema.get("description") or name
    found: JsonObject = {"name": name, "type": kind, "label": str(label)}
    found["required"] = is_required and kind != "checkbox"  # a tick that must be set could not say no
    if kind == "checkbox":
        found["default"] = schema.get("default") is True
    elif "default" in schema:
        found["default"] = schema["default"]
    if kind == "select":
        found["options"] = schema["enum"]
    if kind == "number":
        found |= {"is_whole": True} if schema.get("type") == "integer" else {}
        found |= {ours: schema[theirs] for theirs, ours in BOUNDS.items() if theirs in schema}
    return found


def _kind(schema: JsonObject) -> str:
    options = schema.get("enum")
    if isinstance(options, list) and options and None not in options:
        return "select"
    kind = schema.get("type")
    return SIMPLE.get(kind, "json") if isinstance(kind, str) else "json"


def _resolved(root: JsonObject, schema: Any) -> JsonObject:
    """Return one step of a reference into the schema's own definitions: more is asked for as JSON."""
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    if isinstance(reference, str) and reference.startswith("#/$defs/"):
        found = object_in(root, "$defs").get(reference.removeprefix("#/$defs/"))
        return found if isinstance(found, dict) else {}
    return schema if isinstance(schema, dict) else {}
