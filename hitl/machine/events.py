"""Events as types: tagged structs in memory, plain JSON in the journal."""

from typing import Any, Generic, TypeVar, dataclass_transform

import msgspec

from hitl.canonical_fast import canonical_fast, is_finite, read_canonical
from hitl.journal.entry import Commit, Effect
from hitl.machine.asked import plain_of

E = TypeVar("E")


class EventType(msgspec.StructMeta):
    """Makes every event keyword-only, which msgspec does not inherit: a subclass may add a required field after optional ones."""

    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any) -> "EventType":
        return super().__new__(mcls, name, bases, namespace, **{"kw_only": True, **config})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class Event(msgspec.Struct, metaclass=EventType, frozen=True, tag=True, tag_field="type"):
    """Base of every event: the class's name is its ``type`` in the journal.

    A field that older entries lack has a default. A field that is absent in the journal unless it says something is
    ``X | msgspec.UnsetType = msgspec.UNSET``. Lists, never tuples, stand in fields: that is what JSON brings back.
    """


def type_of(event: Any) -> str:
    """Return the name under which the journal keeps ``event``."""
    return str(event["type"]) if isinstance(event, dict) else type(event).__name__


def names_of(*kinds: type[Event]) -> frozenset[str]:
    """The names under which the journal keeps events of ``kinds``, for what looks at plain entries."""
    return frozenset(kind.__name__ for kind in kinds)


class EventCodec(Generic[E]):
    """Writes commits and reads effects whose events are of the union ``event``. Stateless, safe for threads."""

    def __init__(self, event: Any) -> None:
        self._effects = msgspec.json.Decoder(Effect[event])

    def read(self, body: bytes) -> "Effect[E]":
        """Raises msgspec.DecodeError, or its ValidationError for an event that the union does not know."""
        found: Effect[E] = self._effects.decode(body)
        return found

    def write(self, commit: Commit) -> "tuple[bytes, Effect[E]]":
        """Return the canonical body of ``commit``, and the effect that a replay will read from it.

        Raises ValueError for NaN and infinities, TypeError for what is not JSON.
        """
        body = canonical_fast(commit.plain())
        effect = self.read(body)
        # The encoder writes null for NaN and infinities: what does not come back equal is searched for one.
        is_changed = effect.events != commit.events or read_canonical(bytes(effect.answer)) != plain_of(commit.answer)
        if is_changed and not all(map(is_finite, [commit.answer, *commit.events])):
            raise ValueError("expected finite numbers, one is not")
        return body, effect


PLAIN_EVENTS: EventCodec[dict[str, Any]] = EventCodec(dict[str, Any])
"""For a machine whose events are plain JSON objects. No shipped machine is one."""
