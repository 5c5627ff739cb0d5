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
class Walk:
    """How far a question came through the archived rows of a list: up to place ``at``, with those ``found`` that are there."""

    at: int
    found: list[Any] = field(default_factory=list)


Walks: TypeAlias = dict[tuple[ListName, str, int], Walk]
"""By list, task and the cursor that the question began with."""


@dataclass(slots=True)
class ReadState(ReviewState):
    """The state beside what a question read of the archive: ``chunks`` of lists by their names, the ids of cases that are
    ``gone`` since their rows left, and the ``walks`` of the question: asked anew after each reading, it goes on where it was."""

    chunks: dict[str, list[Any]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    walks: Walks = field(default_factory=dict)


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
    NotInMemory with the chunk that lacks; a row that is not there must not be there again when the question is asked anew."""
    left, rows = rows_left(state, name, task), _lists(state, name).get(task, [])
    walk = _walk_of(state, name, task, after)
    walk.found = [row for row in walk.found if is_there(row)]
    while walk.at < left and len(walk.found) < limit:
        row = _archived_row(state, name, task, walk.at)
        if is_there(row):
            walk.found.append(row)
        walk.at += 1
        _let_go(state, name, task, walk.at)
    found, at = list(walk.found), walk.at
    while left <= at < left + len(rows) and len(found) < limit:
        if is_there(rows[at - left]):
            found.append(rows[at - left])
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


def _walk_of(state: ReviewState, name: ListName, task: str, after: int) -> Walk:
    begun = Walk(max(0, after))
    return state.walks.setdefault((name, task, after), begun) if isinstance(state, ReadState) else begun


def _let_go(state: ReviewState, name: ListName, task: str, at: int) -> None:
    """A walk needs the chunk that ends at ``at`` no more; many may hold nothing but deleted cases."""
    if isinstance(state, ReadState) and at % CHUNK == 0:
        state.chunks.pop(chunk_name(name, task, at - CHUNK), None)


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
