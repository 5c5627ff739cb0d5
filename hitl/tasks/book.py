"""The definitions of all tasks, those in force and those before: one holder a process, which learns new ones while it runs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hitl.tasks.spec import TaskSpec


@dataclass(frozen=True, slots=True)
class Definition:
    """What defines ``task`` from its serving generation ``generation`` on; 0: from the first case on. ``spec`` None: the task is
    taken away, and what it was still defines its cases."""

    task: str
    generation: int
    digest: str
    spec: TaskSpec | None


class TaskBook(Mapping[str, TaskSpec]):
    """The tasks by name, each with its newest definition. Of one that was taken away that is what defined it last: under that its
    cases are read, and its reviews answered. The files stand for the definitions until the journal has some: at the first
    start alone.

    ``learn`` replaces the whole view in one step, so that a reader sees all tasks before it, or all after it."""

    def __init__(self, files: Mapping[str, TaskSpec], definitions: Iterable[Definition] = ()) -> None:
        self._current: Mapping[str, TaskSpec] = dict(files)
        self._known: dict[tuple[str, int], Definition] = {}
        self._removed: frozenset[str] = frozenset()
        self._read_at: dict[str, int] = {}
        self.learn(definitions)

    def learn(self, definitions: Iterable[Definition]) -> bool:
        """Take up definitions in any order; tell whether anything is new."""
        new = {(each.task, each.generation): each for each in definitions}
        if new.keys() <= self._known.keys():
            return False
        self._known = {**self._known, **new}
        in_order = sorted(self._known.values(), key=lambda each: each.generation)
        self._current = {each.task: each.spec for each in in_order if each.spec is not None}
        self._removed = frozenset(task for task, each in self._newest().items() if each.spec is None)
        return True

    def has_read_at(self, task: str, generation: int) -> bool:
        """Tell whether the definitions were read after the task was seen at ``generation``: none up to it is unknown then."""
        return generation <= self._read_at.get(task, 0)

    def note_read_at(self, task: str, generation: int) -> None:
        """Note that the definitions were read after the task was seen at ``generation``."""
        self._read_at[task] = max(generation, self._read_at.get(task, 0))

    @property
    def known(self) -> frozenset[tuple[str, int]]:
        """The task and the generation of each definition that was learned."""
        return frozenset(self._known)

    @property
    def removed(self) -> frozenset[str]:
        """The tasks that were taken away."""
        return self._removed

    def in_force(self) -> dict[str, TaskSpec]:
        """Return the tasks that take cases."""
        return {task: spec for task, spec in self._current.items() if task not in self._removed}

    def copy(self) -> "TaskBook":
        """Return a book of the same definitions, which learns nothing that this one does."""
        return TaskBook(self._current, self._known.values())

    def at(self, task: str, generation: int) -> TaskSpec | None:
        """Return what defined ``task`` at its serving ``generation``; None: nobody knows of the task."""
        until = [(start, each.spec) for (name, start), each in self._known.items() if name == task and each.spec is not None]
        until = [(start, spec) for start, spec in until if start <= generation]
        return max(until, key=lambda each: each[0])[1] if until else self._current.get(task)

    def adopted(self) -> dict[str, str]:
        """Return the digest of each task's definition that votes put in force. Tasks with their first definition, which their
        file gave, have none."""
        return {task: each.digest for task, each in self._newest().items() if each.generation > 0}

    def _newest(self) -> dict[str, Definition]:
        return {each.task: each for each in sorted(self._known.values(), key=lambda each: each.generation)}

    def __getitem__(self, task: str) -> TaskSpec:
        return self._current[task]

    def __iter__(self) -> Iterator[str]:
        return iter(self._current)

    def __len__(self) -> int:
        return len(self._current)


def definition_at(tasks: Mapping[str, TaskSpec], task: str, generation: int) -> TaskSpec | None:
    """Return what defined ``task`` at its serving ``generation``; where ``tasks`` keeps no history, what defines it now."""
    return tasks.at(task, generation) if isinstance(tasks, TaskBook) else tasks.get(task)


def is_removed(tasks: Mapping[str, TaskSpec], task: str) -> bool:
    """Tell whether ``task`` was taken away; never where ``tasks`` keeps no history."""
    return isinstance(tasks, TaskBook) and task in tasks.removed
