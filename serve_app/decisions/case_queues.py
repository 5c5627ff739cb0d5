"""The queues that cases wait in: one a partition, and apart from it one for each task whose model takes long."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from hitl.inference.families import family_named
from hitl.tasks import TaskSpec
from serve_app.decisions.batcher import Batcher
from serve_app.decisions.case_writer import CaseWriter, Kept
from serve_app.decisions.new_case import NewCase

CaseBatcher = Batcher[NewCase, Kept]

MAX_WAITING = 256
"""Cases before a model that waits: beyond it a client is better off coming back."""


class CaseQueues:
    """``shared`` are the queues of most tasks. ``make_writers`` makes one writer a partition for each of the others: it has a
    chain of its own, so that a slow one holds no other."""

    def __init__(
        self, shared: Sequence[CaseBatcher], tasks: Mapping[str, TaskSpec], make_writers: Callable[[], Sequence[CaseWriter]]
    ) -> None:
        self._shared = shared
        self._own = {
            name: [CaseBatcher(writer.settle, max_waiting=MAX_WAITING) for writer in make_writers()]
            for name in waiting_tasks(tasks)
        }

    def of_task(self, task: str) -> Sequence[CaseBatcher]:
        """Return the queues of the task's cases, in the order of the partitions."""
        return self._own.get(task, self._shared)

    def of_case(self, case: NewCase) -> CaseBatcher:
        """Return the queue of the case's partition."""
        return self.of_task(case.task)[case.partition]

    async def drain(self) -> None:
        """Return when everything that waits has its answer."""
        everything = [*self._shared, *(batcher for own in self._own.values() for batcher in own)]
        await asyncio.gather(*(batcher.drain() for batcher in everything))


def waiting_tasks(tasks: Mapping[str, TaskSpec]) -> frozenset[str]:
    """Return the tasks whose models take long, or wait for others' machines."""
    return frozenset(task for task, spec in tasks.items() if family_named(spec.model.family).waits)
