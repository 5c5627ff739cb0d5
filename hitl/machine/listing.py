"""What a list needs of what has left a shard's memory: of each kind at most a page, newer than what fills the page already."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Generic, NamedTuple, Protocol, TypeVar

EVERYTHING = float("-inf")
"""A floor that nothing is below."""


class Dated(Protocol):
    """What lists order by: UTC seconds."""

    @property
    def created_at(self) -> float: ...


T = TypeVar("T")
D = TypeVar("D", bound=Dated)


class Wanted(NamedTuple):
    """Up to ``most`` archived objects of a kind, those with the greatest order above ``floor`` and up to ``ceiling``, that
    ``fits`` takes by the JSON of the fields that lists choose by. The order of what is listed newest first is its time (UTC
    seconds)."""

    most: int
    floor: float
    fits: Callable[[bytes], bool]
    ceiling: float = float("inf")


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """``wanted`` by kind. ``held`` are those of the page that were in memory: they may leave while the archive is searched."""

    wanted: dict[str, Wanted]
    held: list[T]


def newest_held(fitting: Iterable[D], most: int) -> tuple[list[D], float]:
    """The first ``most`` of ``fitting``, newest first; and the time that an archived one must be newer than, to be shown."""
    held = list(islice(fitting, most))
    return held, held[-1].created_at if len(held) == most else EVERYTHING
