"""A machine's state as JSON and back, derived from the types of its dataclasses and structs: ``decode(type(s), encode(s)) == s``.

A dataclass or a struct becomes an object of its fields, an enum its value, a literal stays itself, a dictionary becomes a list of
pairs (their order counts, and keys may be tuples), a deque its bound with its items. Free JSON and a typed dictionary are JSON
already. A class that is none of these says with ``to_parts`` and ``from_parts`` what it is made of; the type that ``to_parts``
returns tells how to write it.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from typing_extensions import is_typeddict

from hitl.canonical import fingerprint

Turn = Callable[[Any], Any]
T = TypeVar("T")

SCALARS = (str, int, float, bool, None, NoneType, Any)


class Codec(NamedTuple):
    """``encode`` and ``decode`` None: the value is JSON as it stands. ``shape`` changes whenever the stored form does."""

    encode: Turn | None
    decode: Turn | None
    shape: Any


def encode(value: Any) -> Any:
    """``value`` as plain JSON; lists in it may be those of ``value``, so write it before ``value`` changes.

    Raises TypeError for a type that has no form."""
    turn = _codec(type(value)).encode
    return turn(value) if turn else value


def decode(kind: type[T], plain: Any) -> T:
    """Return the value that ``plain`` was made of. Raises TypeError, ValueError, KeyError for what does not fit ``kind``."""
    turn = _codec(kind).decode
    found: T = turn(plain) if turn else plain
    return found


def shape_of(kind: type) -> str:
    """Return a digest of the stored form: equal as long as what was written can be read."""
    return fingerprint(_codec(kind).shape)


def _codec(kind: Any) -> Codec:
    return _derived(kind)


@cache
def _derived(kind: Any) -> Codec:
    origin, args = get_origin(kind), get_args(kind)
    if kind in SCALARS or (origin is dict and args == (str, Any)):
        return Codec(None, None, str(kind))
    if is_typeddict(kind):
        return Codec(None, None, [kind.__name__, {name: str(hint) for name, hint in get_type_hints(kind).items()}])
    if origin in (Union, UnionType):
        return _optional(args)
    if origin is Literal:
        return Codec(None, None, list(args))
    if origin is not None:
        return _collection(origin, args)
    if is_dataclass(kind):
        return _record(kind, [each.name for each in fields(kind)])
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _record(kind, kind.__struct_fields__)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Codec(lambda value: value.value, kind, [each.value for each in kind])
    if hasattr(kind, "to_parts"):
        return _made_of_parts(kind)
    raise TypeError(f"{kind} has no stored form")


def _optional(args: tuple[Any, ...]) -> Codec:
    """Of a union, None and one other type; or scalars alone, which JSON tells apart."""
    rest = [each for each in args if each is not NoneType]
    if all(each in SCALARS for each in rest):
        return Codec(None, None, sorted(map(str, args)))
    if len(rest) > 1:
        raise TypeError(f"a union of {rest} has no stored form")
    inner = _codec(rest[0])
    return Codec(_unless_none(inner.encode), _unless_none(inner.decode), [inner.shape, None])


def _unless_none(turn: Turn | None) -> Turn | None:
    return turn and (lambda value: None if value is None else turn(value))


def _collection(origin: Any, args: tuple[Any, ...]) -> Codec:
    name = origin.__name__
    if origin in (dict, OrderedDict):
        return _pairs(origin, *args)
    if origin is tuple and args[-1] is not Ellipsis:
        return _row(args)
    if origin not in (list, tuple, frozenset, deque):
        raise TypeError(f"{name} has no stored form")
    inner = _codec(args[0])
    each, back, shape = inner.encode, inner.decode, [name, inner.shape]
    if origin is deque:
        return Codec(lambda v: [v.maxlen, _all(each, v)], lambda p: deque(_all(back, p[1]), p[0]), shape)
    if origin is frozenset:
        return Codec(lambda v: sorted(_all(each, v)), lambda p: frozenset(_all(back, p)), shape)
    if origin is list and each is None:
        return Codec(None, None, shape)
    return Codec(lambda v: _all(each, v), lambda p: origin(_all(back, p)), shape)


def _all(turn: Turn | None, values: Any) -> list[Any]:
    return list(values) if turn is None else [turn(value) for value in values]


def _pairs(origin: Any, key: Any, value: Any) -> Codec:
    first, second = _codec(key), _codec(value)

    def encoded(mapping: Any) -> list[list[Any]]:
        return [[*row] for row in zip(_all(first.encode, mapping), _all(second.encode, mapping.values()), strict=True)]

    def decoded(rows: list[list[Any]]) -> Any:
        columns = zip(*rows, strict=True) if rows else ((), ())
        keys, values = columns
        return origin(zip(_all(first.decode, keys), _all(second.decode, values), strict=True))

    return Codec(encoded, decoded, [origin.__name__, first.shape, second.shape])


def _row(args: tuple[Any, ...]) -> Codec:
    parts = [_codec(each) for each in args]

    def turned(turns: list[Turn | None], values: Any) -> list[Any]:
        return [value if turn is None else turn(value) for turn, value in zip(turns, values, strict=True)]

    encoders, decoders = [part.encode for part in parts], [part.decode for part in parts]
    shape = ["row", *(part.shape for part in parts)]
    return Codec(lambda v: turned(encoders, v), lambda p: tuple(turned(decoders, p)), shape)


def _record(kind: Any, names: Iterable[str]) -> Codec:
    hints = get_type_hints(kind)
    parts = {name: _codec(hints[name]) for name in names}
    encoders = [(name, part.encode) for name, part in parts.items()]
    decoders = [(name, part.decode) for name, part in parts.items() if part.decode]

    def encoded(value: Any) -> dict[str, Any]:
        return {name: turn(getattr(value, name)) if turn else getattr(value, name) for name, turn in encoders}

    def decoded(plain: dict[str, Any]) -> Any:
        found = plain.copy()
        for name, turn in decoders:
            found[name] = turn(found[name])
        return kind(**found)

    def as_it_stands(plain: dict[str, Any]) -> Any:
        return kind(**plain)

    shape = [kind.__name__, {name: part.shape for name, part in parts.items()}]
    return Codec(encoded, decoded if decoders else as_it_stands, shape)


def _made_of_parts(kind: Any) -> Codec:
    inner = _codec(get_type_hints(kind.to_parts)["return"])
    out, back = inner.encode or _same, inner.decode or _same
    return Codec(lambda v: out(v.to_parts()), lambda p: kind.from_parts(back(p)), [kind.__name__, inner.shape])


def _same(value: Any) -> Any:
    return value
