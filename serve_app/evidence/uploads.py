"""Take a model's bytes from a trainer: tried in a process with limits, then stored by their digest."""

import asyncio
from dataclasses import dataclass

from hitl.adapters.checkers.admitting import admit, admit_encoder
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected
from hitl.inference.admission import Admission
from hitl.inference.families import FAMILIES
from hitl.inference.safetensors_header import form_of_encoder, is_encoder
from hitl.tasks import TaskSpec


@dataclass(frozen=True, slots=True)
class TakeArtifact:
    """Stores nothing that was refused."""

    artifact_uri: str

    async def __call__(self, spec: TaskSpec, data: bytes) -> Admission:
        """What trying the model showed, or the encoder of one. Raises ArtifactRejected for bytes that are no model of the task or
        break a limit, and StoreUnavailable."""
        admission = await self._tried(spec, data)
        await asyncio.to_thread(self._store, data)
        return admission

    async def _tried(self, spec: TaskSpec, data: bytes) -> Admission:
        if FAMILIES[spec.model.family].has_encoder and is_encoder(data):
            form = spec.input.form
            if form_of_encoder(data) is not form:
                raise ArtifactRejected(digest_of(data), f"it is no encoder of {form.plural}, which the task's cases are")
            return await admit_encoder(data)
        return await admit(data, tuple(spec.labels), spec.width)

    def _store(self, data: bytes) -> None:
        ArtifactStore(self.artifact_uri).put(data)
