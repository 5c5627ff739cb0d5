"""The events that a message may tell of, each with the JSON Schema of its data: made from the types of the journal's events."""

from typing import get_args

import msgspec
from msgspec import inspect

from hitl.canonical import JsonObject
from hitl.history import AnyEvent
from hitl.machine.events import Event
from hitl.outbox.cloud_events import SCHEMA_PREFIX, TYPE_PREFIX
from hitl.outbox.facts import EXPLAINED, MAX_TEXT, PRIVATE, UNSETTLED

PUT = {
    "HistoryBroken": "An entry of a journal does not follow from the one before it.",
    "alert.escalated": "An alert still stands, and more people are told.",
    "alert.fired": "What an alert watches has reached its threshold.",
    "alert.resolved": "An alert is over.",
    "case.mention": "Somebody named a person in what they wrote about a case; the text itself never leaves.",
    "outbox.test": "A message that was sent to try a channel: nothing happened.",
    "tracking.alert": "A rule of tracking has found something.",
    "tracking.budget": "A budget of language models is spent, or nearly.",
}
"""Kinds without a journal event of their own; their data are plain fields."""

SIMPLE: dict[type, JsonObject] = {
    inspect.StrType: {"type": "string", "maxLength": MAX_TEXT},
    inspect.IntType: {"type": "integer"},
    inspect.FloatType: {"type": "number"},
    inspect.BoolType: {"type": "boolean"},
    inspect.NoneType: {"type": "null"},
}


def catalogue() -> JsonObject:
    """``events`` by type: what each says, and the schema of its ``data``. Later versions may add fields and events."""
    told = {kind.__name__: kind for kind in get_args(AnyEvent) if kind.__name__ not in UNSETTLED}
    events = {name: _entry(name, _meaning(kind), _schema_of(kind)) for name, kind in told.items()}
    events |= {name: _entry(name, meaning, {"type": "object"}) for name, meaning in PUT.items()}
    return {"specversion": "1.0", "events": dict(sorted(events.items()))}


def _entry(name: str, meaning: str, schema: JsonObject) -> JsonObject:
    dialect: JsonObject = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_PREFIX + name, "title": name}
    return {"type": TYPE_PREFIX + name, "meaning": meaning, "dataschema": {**dialect, **schema}}


def _meaning(kind: type[Event]) -> str:
    """Return the first paragraph of the event's docstring; its name where it has none of its own."""
    text = (kind.__dict__.get("__doc__") or "").strip().partition("\n\n")[0]
    return " ".join(text.split())


def _schema_of(kind: type[Event]) -> JsonObject:
    """Return the plain fields that may leave, as ``hitl.outbox.facts`` selects them, and who caused the event."""
    private = PRIVATE - {"reason"} if kind.__name__ in EXPLAINED else PRIVATE
    found = inspect.type_info(kind)
    assert isinstance(found, inspect.StructType)
    fields = {field.encode_name: field for field in found.fields if field.encode_name not in private}
    plain = {name: schema for name, field in fields.items() if (schema := _plain(field.type)) is not None}
    always = [name for name in plain if name != "by" and fields[name].required and not _may_be_left_out(fields[name].type)]
    properties: JsonObject = {**plain, "by": {"type": "string"}}
    return {"type": "object", "properties": properties, "required": [*always, "by"]}


def _plain(kind: inspect.Type) -> JsonObject | None:
    """The schema of the values of ``kind`` that are texts, numbers, booleans or null; None where it has none."""
    if type(kind) in SIMPLE:
        return dict(SIMPLE[type(kind)])
    if isinstance(kind, inspect.EnumType):
        return {"enum": [each.value for each in kind.cls]}
    if isinstance(kind, inspect.LiteralType):
        return {"enum": list(kind.values)}
    if isinstance(kind, inspect.AnyType):
        return {"type": ["string", "number", "boolean", "null"]}
    if isinstance(kind, inspect.UnionType):
        found = [schema for each in kind.types if (schema := _plain(each)) is not None]
        return {"anyOf": [*found]} if len(found) > 1 else next(iter(found), None)
    return None


def _may_be_left_out(kind: inspect.Type) -> bool:
    """Tell whether some of its values are objects, which never leave, or absent."""
    if isinstance(kind, inspect.UnionType):
        return any(isinstance(each, inspect.UnionType | inspect.AnyType) or _plain(each) is None for each in kind.types)
    return isinstance(kind, inspect.AnyType)


def catalogue_text() -> str:
    """Return the catalogue as a JSON document for people and programs."""
    return msgspec.json.format(msgspec.json.encode(catalogue()), indent=1).decode() + "\n"
