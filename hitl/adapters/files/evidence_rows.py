"""How the evidence of a task stands in its file: each thing as few bytes as it needs, what repeats by a number."""

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from operator import itemgetter
from types import GenericAlias
from typing import Any, Generic, TypeVar, get_type_hints

import msgspec

from hitl.ids import packed_case_id, unpacked_case_id
from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.check_columns import CONTENT_BYTES
from hitl.quality.checks import BlindCheck

T = TypeVar("T")

StoredId = bytes | str
Number = Callable[[Any], int]
"""Gives a value its number."""
Values = Callable[[int], Any]
"""Gives a number its value."""


def _as_dict(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(f"msgpack has no form for a {type(value).__name__}")


pack: Callable[[object], bytes] = msgspec.msgpack.Encoder(enc_hook=_as_dict, order="deterministic").encode
"""Equal values become equal bytes, in whatever order a set or a dictionary has them."""


def stored_id(case_id: str) -> StoredId:
    """Return the bytes that a case's id is made of; the id itself where it was made otherwise."""
    return packed_case_id(case_id) or case_id


def shown_id(stored: StoredId) -> str:
    """Return the id again."""
    return stored if isinstance(stored, str) else unpacked_case_id(stored)


def stored_content(content: str) -> bytes | None:
    """Return the first CONTENT_BYTES of the digest; None where an input has none."""
    return bytes.fromhex(content)[:CONTENT_BYTES] if content else None


def shown_content(stored: bytes | None) -> str:
    """Return what is left of the digest."""
    return "" if stored is None else stored.hex()


def nothing_shared(shared: tuple[object, ...]) -> int:
    """Number the fields of values that share none."""
    if shared:
        raise TypeError(f"the shared fields {shared} need a number of their own")
    return 0


class RowsOf(Generic[T]):
    """Values of the dataclass ``kind`` as bytes: each field by its name and type there, so that a new one is kept as well.

    The fields ``shared`` are the same in many values and stand once, by a number; those ``beside`` stand in columns of their own
    or follow from them, and come back by name."""

    def __init__(self, kind: type[T], shared: Collection[str] = (), beside: Collection[str] = ()) -> None:
        types = get_type_hints(kind)
        self._kind, fields = kind, tuple(types)
        self._beside = {name: types.pop(name) for name in beside}.keys()
        self._shared = {name: types.pop(name) for name in shared}
        self._own = types
        found = (*self._own, *self._shared, *self._beside)
        self._in_order = itemgetter(*(found.index(name) for name in fields))
        self._decoder = msgspec.msgpack.Decoder(GenericAlias(tuple, (int, *self._own.values())))

    @property
    def shared(self) -> Any:
        """The type of what is numbered."""
        return GenericAlias(tuple, tuple(self._shared.values()))

    def row(self, value: T, number: Number = nothing_shared) -> bytes:
        """Return ``value`` without what stands beside it; ``number`` gives the shared fields theirs."""
        shared = number(tuple(getattr(value, name) for name in self._shared))
        return pack((shared, *(getattr(value, name) for name in self._own)))

    def value(self, row: bytes, values: Values = lambda _: (), **beside: Any) -> T:
        """Return what ``row`` was made of. Raises TypeError unless all of ``beside`` are there: their defaults would be wrong."""
        if beside.keys() != self._beside:
            raise TypeError(f"beside the row stand {sorted(self._beside)}, not {sorted(beside)}")
        number, *own = self._decoder.decode(row)
        return self._kind(*self._in_order((*own, *values(number), *[beside[name] for name in self._beside])))


_OF_A_CASE = ("segment", "model_version", "policy_version", "is_automatic", "streams", "rules", "right_within")
"""The same for all cases of a segment that one version and one policy decided alike."""
CHECKS = RowsOf(BlindCheck, (*_OF_A_CASE, "probability", "audit_probability"), ("case_id", "content"))
ANSWERS = RowsOf(
    SettledReview,
    (*_OF_A_CASE, "gold_probability", "audit_probability", "purpose", "is_blind", "priority"),
    ("case_id", "review_id"),
)
KNOWN = RowsOf(KnownAnswer)


class Names:
    """Numbers for values that come again and again, in the table ``names``; each kind of value is read by its own ``decode``."""

    def __init__(self, decode: type[Any] | Any) -> None:
        self._decoder = msgspec.msgpack.Decoder(decode)
        self._numbers: dict[bytes, int] = {}
        self._values: dict[int, Any] = {}

    def number(self, connection: sqlite3.Connection) -> Number:
        """Return what numbers values, in a transaction of ``connection``; after a rollback ``forget`` must follow."""

        def number(value: Sequence[Any]) -> int:
            data = pack(value)
            found: int | None = self._numbers.get(data)
            if found is None:
                connection.execute("INSERT OR IGNORE INTO names (value) VALUES (?)", (data,))
                (found,) = connection.execute("SELECT id FROM names WHERE value = ?", (data,)).fetchone()
                self._numbers[data], self._values[found] = found, self._decoder.decode(data)
            return found

        return number

    def value(self, number: int, read: Callable[[int], bytes]) -> Any:
        """Return the value with that number, by ``read`` where it is not known yet."""
        values = self._values  # another thread may forget them meanwhile
        if number not in values:
            values[number] = self._decoder.decode(read(number))
        return values[number]

    def forget(self) -> None:
        self._numbers, self._values = {}, {}
