"""The root of every failure that a caller can react to, and how its subclasses declare themselves."""

from dataclasses import dataclass, fields
from typing import ClassVar, dataclass_transform


@dataclass_transform(eq_default=False)
class HitlError(Exception):
    """Base of everything this product raises on purpose.

    A subclass declares its raw values as annotated fields and its text as ``message``, a format string over them:

    >>> class QueueFull(HitlError):
    ...     message = "queue {queue} is full"
    ...     queue: str
    >>> str(QueueFull("digits"))
    'queue digits is full'

    Every subclass becomes a dataclass compared by identity. ``args`` holds all values in the order of the fields, since
    pickle rebuilds an exception by calling its class with ``args``.
    """

    message: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        dataclass(eq=False, repr=False)(cls)

    def __post_init__(self) -> None:
        self.args = tuple(getattr(self, field.name) for field in fields(self))  # type: ignore[arg-type]

    def __str__(self) -> str:
        return self.message.format_map(vars(self)) if self.message else super().__str__()
