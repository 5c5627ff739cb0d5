"""The lists of settled reviews that readers follow by a cursor: their oldest rows leave memory for the archive, chunk by chunk.

A cursor is a place in the whole list, so that readers see no border: a row in the archive is found by its place alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, TypeVar

from hitl.canonical import digest_of
from hitl.canonical_fast import canonical_fast
from hitl.errors import NotInMemory
from hitl.machine.codec import decode, encode
from hitl.machine.machine import Outcome
from hitl.review import questions as q
from hitl.review.commands import ArchiveRows
from hitl.review.state import Label, ReviewState
from hitl.review.storage_events import ReviewRowsArchived
from hitl.review.views import ArchivableChunk, ArchivableChunks, ArchivedRows

CHUNK = 1_000
"""Rows that leave together, 20 to 120 kilobytes: a chunk is found by its place, so the number is the same for ever."""

T = TypeVar("T")
ListName: TypeAlias = Literal["labels", "examples", "known_answers"]
LISTS: tuple[ListName, ...] = ("labels", "examples", "known_answers")


@dataclass(slots=True)
class ReadState(ReviewState):
    """The state beside what a question read of the archive: ``chunks`` of lists by their names, and the ids of cases that are
    ``gone`` since their rows left."""

    chunks: dict[str, list[Any]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


def archivable_rows(state: ReviewState, question: q.ArchivableRows) -> ArchivableChunks:
    """Return the oldest chunk of each list that has more than ``kept`` rows beside it, as it is to be kept."""
    found: list[ArchivableChunk] = []
    for name in LISTS:
        for task, rows in _lists(state, name).items():
            if len(rows) >= question.kept + CHUNK and len(found) < question.limit:
                found.append(ArchivableChunk(chunk_name(name, task, rows_left(state, name, task)), _packed(state, name, task)))
    return ArchivableChunks(found)


def archive_rows(state: ReviewState, command: ArchiveRows) -> Outcome:
    """Archive each chunk that is the oldest of its list and still what its digest says."""
    happened: list[ReviewRowsArchived] = []
    for chunk, digest in command.chunks:
        name, task, first = _place_of(chunk)
        is_next = first == rows_left(state, name, task) and len(_lists(state, name).get(task, ())) >= CHUNK
        if is_next and digest_of(_packed(state, name, task).encode()) == digest:
            happened.append(ReviewRowsArchived(task=task, list=name, first=first, rows=CHUNK, digest=digest))
    return Outcome(happened, ArchivedRows(sum(event.rows for event in happened)))


def forget_rows(state: ReviewState, event: ReviewRowsArchived) -> None:
    """The rows leave, in place."""
    del _lists(state, event.list)[event.task][: event.rows]
    state.rows_left.setdefault(event.list, {})[event.task] = event.first + event.rows


def rows_left(state: ReviewState, name: ListName, task: str) -> int:
    """Return how many rows of a list have left memory: its first ones."""
    return state.rows_left.get(name, {}).get(task, 0)


def rows_after(
    state: ReviewState, name: ListName, task: str, after: int, limit: int, is_there: Callable[[Any], bool]
) -> tuple[list[Any], int]:
    """Return up to ``limit`` rows of a list behind the cursor ``after`` that are there, and the cursor behind them. Raises
    NotInMemory with the chunk that lacks."""
    left, rows = rows_left(state, name, task), _lists(state, name).get(task, [])
    found, at = list[Any](), max(0, after)
    while at < left + len(rows) and len(found) < limit:
        row = rows[at - left] if at >= left else _archived_row(state, name, task, at)
        if is_there(row):
            found.append(row)
        at += 1
    return found, at


def chunk_name(name: ListName, task: str, first: int) -> str:
    """Return what the chunk of a list that begins at place ``first`` is called in the archive; no case is called so."""
    return f"{name}/{task}/{first}"


def is_chunk(name: str) -> bool:
    """Tell whether ``name`` is that of a chunk, not of a case or a review."""
    return "/" in name


def chunk_of(row: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return the name and the rows of a chunk from what is kept of it."""
    rows = [decode(Label, each) for each in row["rows"]] if row["list"] == "labels" else list(row["rows"])
    return chunk_name(row["list"], row["task"], row["first"]), rows


def _lists(state: ReviewState, name: ListName) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = getattr(state, name)
    return found


def _archived_row(state: ReviewState, name: ListName, task: str, at: int) -> Any:
    chunk = chunk_name(name, task, at - at % CHUNK)
    rows = state.chunks.get(chunk) if isinstance(state, ReadState) else None
    if rows is None:
        raise NotInMemory([chunk])
    return rows[at % CHUNK]


def _packed(state: ReviewState, name: ListName, task: str) -> str:
    """Return what is kept of the oldest chunk of a list: canonical JSON, an array of one object."""
    rows = [encode(row) for row in _lists(state, name)[task][:CHUNK]]
    return canonical_fast([{"list": name, "task": task, "first": rows_left(state, name, task), "rows": rows}]).decode()


def _place_of(chunk: str) -> tuple[ListName, str, int]:
    found, _, rest = chunk.partition("/")
    task, _, first = rest.rpartition("/")
    return next(name for name in LISTS if name == found), task, int(first)
