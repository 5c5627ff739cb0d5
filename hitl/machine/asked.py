"""What a caller may send to a machine, typed by what comes back: questions and commands."""

from contextlib import suppress
from typing import Any, Generic, TypeVar

import msgspec

from hitl.canonical import is_typed, to_plain

A = TypeVar("A")


class Question(Generic[A]):
    """Base of the frozen dataclasses that read a machine's state; ``A`` is the view that answers."""

    __slots__ = ()


class Command(Generic[A]):
    """Base of the frozen dataclasses that change a machine's state; ``A`` is what the caller is told.

    A class whose answer is a view says so in ``ANSWER: ClassVar[type[View]] = View``: the journal keeps the answer as
    plain JSON, and a repeated command gets it back as that type. A tuple of views, where it is one of several, is tried in
    order.
    """

    __slots__ = ()


def plain_of(value: Any) -> Any:
    """Return a view or an event as plain JSON; what is plain already as it stands."""
    return to_plain(value) if is_typed(value) else value


def answer_of(command: Any, plain: dict[str, Any]) -> Any:
    """Return the answer to ``command`` that the journal keeps as ``plain``. Raises msgspec.ValidationError for another form."""
    kind = getattr(type(command), "ANSWER", None)
    if kind is None:
        return plain
    *others, last = kind if isinstance(kind, tuple) else (kind,)
    for other in others:
        with suppress(msgspec.ValidationError):
            return msgspec.convert(plain, other)
    return msgspec.convert(plain, last)


def name_of(command: object) -> str:
    """Return the name under which the journal keeps ``command``: its class's ``NAME``, or the class's own name."""
    return getattr(type(command), "NAME", type(command).__name__)
