"""Read the card of a model that runs elsewhere, for those who vote on it."""

import asyncio
from dataclasses import dataclass

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import JsonObject
from hitl.errors import ArtifactRejected
from hitl.inference import load
from hitl.inference.cards import card_document, family_in_card
from hitl.tasks import TaskSpec


@dataclass(frozen=True, slots=True)
class ReadCard:
    """A serve_app.api.services.context.Cards."""

    artifact_uri: str

    async def __call__(self, spec: TaskSpec, digest: str) -> JsonObject:
        return await asyncio.to_thread(self._read, spec, digest)

    def _read(self, spec: TaskSpec, digest: str) -> JsonObject:
        data = ArtifactStore(self.artifact_uri).get(digest)
        if family_in_card(data) != spec.model.family:
            raise ArtifactRejected(digest, f"expected a card of family {spec.model.family}")
        load(data, tuple(spec.labels), spec.width, "cpu")
        return card_document(data)
