"""Entries of which a test names only the fields that it is about."""

from enum import EnumType
from typing import Any, get_args

import msgspec

from hitl.history import AnyEvent, read_history
from hitl.journal.entry import Commit, Effect

CLASSES = {kind.__name__: kind for kind in get_args(AnyEvent)}
PLAIN = (None, "", 0, False, [], {})


def filled(event: dict[str, Any]) -> dict[str, Any]:
    """The event with some value for every required field that it leaves out."""
    fields = msgspec.structs.fields(CLASSES[event["type"]])
    return {field.encode_name: _some(field.type) for field in fields if field.required} | event


def typed(commit: Commit) -> Effect[AnyEvent]:
    """The commit as a reader of the journal gets it."""
    return read_history(commit._replace(events=[filled(event) for event in commit.events]).encode())


def _some(kind: Any) -> Any:
    """The first plain value that is of this type."""
    if isinstance(kind, EnumType):
        return next(iter(kind)).value
    for value in PLAIN:
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError:
            continue
        return value
    raise ValueError(f"no plain value is of the type {kind}")
