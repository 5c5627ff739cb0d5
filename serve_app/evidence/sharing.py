"""Lists that several questions want at the same time, without anybody keeping the long ones."""

import weakref
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")

KEPT = 10_000
"""Rows of a list that stays in memory, some megabytes: the keeper asks every two seconds, and reads unchanged rows once."""

LONG = 2_000
"""Rows of a list of which figures take longer than a page should wait."""


class SharedRows(list[T]):
    """A list that can be held weakly. Nobody changes it."""

    __slots__ = ("__weakref__",)


class HasLength(Protocol):
    """Rows that can be counted, as a list or as columns."""

    def __len__(self) -> int: ...


L = TypeVar("L", bound=HasLength)


class Sharing(Generic[L]):
    """The newest list of each name, as of a state. A short one is kept; a long one lives as long as somebody works with it."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Hashable, weakref.ref[L]]] = {}
        self._kept: dict[str, L] = {}
        self._lengths: dict[str, int] = {}

    def length(self, name: str) -> int:
        """Return how many rows the list of ``name`` had when it was read last; 0 before."""
        return self._lengths.get(name, 0)

    async def get(self, name: str, state: Hashable, load: Callable[[], Awaitable[L]]) -> L:
        """Return the list of ``name`` in ``state``, by ``load`` where nobody has it."""
        known = self._known.get(name)
        if known is not None and known[0] == state and (found := known[1]()) is not None:
            return found
        self._kept.pop(name, None)
        rows = await load()
        self._lengths[name] = len(rows)
        self._known[name] = (state, weakref.ref(rows))
        if len(rows) <= KEPT:
            self._kept[name] = rows
        return rows

    def clear(self) -> None:
        """Forget all lists."""
        self._known, self._kept = {}, {}
