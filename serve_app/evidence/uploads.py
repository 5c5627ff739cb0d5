"""Take a model's bytes from a trainer: tried in a process with limits, then stored by their digest."""

import asyncio
from dataclasses import dataclass

from hitl.adapters.checkers.admitting import admit
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.inference.admission import Admission
from hitl.tasks import TaskSpec


@dataclass(frozen=True, slots=True)
class TakeArtifact:
    """Stores nothing that was refused."""

    artifact_uri: str

    async def __call__(self, spec: TaskSpec, data: bytes) -> Admission:
        """What trying the model showed. Raises ArtifactRejected for bytes that are no model of the task or break a limit, and
        StoreUnavailable."""
        admission = await admit(data, tuple(spec.labels), spec.width)
        await asyncio.to_thread(self._store, data)
        return admission

    def _store(self, data: bytes) -> None:
        ArtifactStore(self.artifact_uri).put(data)
