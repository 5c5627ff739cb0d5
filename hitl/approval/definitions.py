"""How a process learns the definitions in force: an index names the journal's entries, and the entries are read.

The index is a projection of the approval journal, like the serving pointers: an entry that does not bear it out is refused."""

from collections.abc import Mapping
from typing import Protocol

from hitl.approval.events import EVENTS, ApprovalEvent
from hitl.canonical import fingerprint
from hitl.errors import ChainBroken
from hitl.journal import Journal
from hitl.machine.shards import APPROVAL
from hitl.serving.events import DefinitionAdopted, DefinitionsRecorded
from hitl.tasks import TaskSpec
from hitl.tasks.book import Definition, TaskBook
from hitl.tasks.definition import spec_of

DefinitionKey = tuple[str, int]
"""A task, and the serving generation from which on the definition holds; 0 for the first one."""


class DefinitionIndex(Protocol):
    """Which entry of the approval journal put each definition in force. What stands in it never changes."""

    async def publish(self, seqs: Mapping[DefinitionKey, int]) -> None:
        """Add the entries ``seqs``. Raises StoreUnavailable."""

    async def published(self) -> dict[DefinitionKey, int]:
        """Return all of them. Raises StoreUnavailable."""


class MemoryIndex:
    """A DefinitionIndex of one process."""

    def __init__(self) -> None:
        self._seqs: dict[DefinitionKey, int] = {}

    async def publish(self, seqs: Mapping[DefinitionKey, int]) -> None:
        self._seqs.update(seqs)

    async def published(self) -> dict[DefinitionKey, int]:
        return dict(self._seqs)


def definitions_of(event: ApprovalEvent) -> list[DefinitionKey]:
    """Return the definitions that ``event`` puts in force."""
    if isinstance(event, DefinitionsRecorded):
        return [(task, 0) for task in event.definitions]
    return [(event.task, event.generation)] if isinstance(event, DefinitionAdopted) else []


class DefinitionReader:
    """Brings a book up to date from the index and the journal."""

    def __init__(self, index: DefinitionIndex, journal: Journal) -> None:
        self._index, self._journal = index, journal

    async def refresh(self, book: TaskBook) -> bool:
        """Teach ``book`` what came into force since; tell whether anything did.

        Raises StoreUnavailable; ChainBroken for an index that the journal does not bear out; InvalidConfig for a definition that
        this version cannot read."""
        published = await self._index.published()
        new = published.keys() - book.known
        return bool(new) and book.learn([await self._read(key, published[key]) for key in sorted(new)])

    async def _read(self, key: DefinitionKey, seq: int) -> Definition:
        entries = await self._journal.read(seq - 1, 1)
        events = EVENTS.read(entries[0].body).events if entries and entries[0].seq == seq else []
        for event in events:
            if key in definitions_of(event):
                return _definition(key, event)
        raise ChainBroken(APPROVAL, seq)


async def read_definitions_until(
    reader: DefinitionReader | None, tasks: Mapping[str, TaskSpec], task: str, generation: int
) -> None:
    """Read the definitions before anything of a case of ``generation`` is shown, once for each newer serving generation of the
    task: what hides it may have come into force since the last look. Nothing without a reader, or where ``tasks`` learns nothing.

    Raises what DefinitionReader.refresh does."""
    if reader is None or not isinstance(tasks, TaskBook) or tasks.has_read_at(task, generation):
        return
    await reader.refresh(tasks)
    tasks.note_read_at(task, generation)


def _definition(key: DefinitionKey, event: ApprovalEvent) -> Definition:
    task, generation = key
    body = event.definitions[task] if isinstance(event, DefinitionsRecorded) else None
    body = event.body if isinstance(event, DefinitionAdopted) else body
    spec = None if body is None else spec_of(body, f"definition of {task}")
    return Definition(task, generation, fingerprint(body), spec)
