"""The review application of tests/review_app with a task whose inputs are sealed, and a case of it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from hitl.canonical import canonical, digest_of
from hitl.ids import partition_of
from hitl.sealing import Keyring
from hitl.tasks import TaskSpec
from tests.identity.people import RealPeople
from tests.review_app.conftest import World, world

__all__ = ["world"]

FEATURES = [0.0] * 64
NAME = "Ada Lovelace"
"""What the sealed case hides: too long to turn up in ids, digests and ciphertexts by chance."""


class SealedWorld(World):
    """``digits`` seals everything and masks the features and ``metadata.name``."""

    def __init__(self) -> None:
        super().__init__()
        plain = self.tasks["digits"].model_dump()
        plain = {**plain, "input": {**plain["input"], "sensitive": True}, "sensitive_metadata": ["name"]}
        self.tasks["digits"] = TaskSpec.model_validate(plain)
        self.ports = replace(self.ports, masters=Keyring([bytes(32)]))
        self.serve()

    async def sealed_case(self, key: str) -> str:
        """A case for people whose stored input is sealed."""
        case_id = await self.case(key)
        intake = self.intakes[partition_of(case_id, len(self.intakes))]
        found = await intake.find(case_id)
        assert found is not None
        payload = canonical({"features": FEATURES, "metadata": {"name": NAME, "ward": "7"}})
        sealed = self.ports.vault.seal("digits", case_id, payload)
        record = replace(found.record, payload_digest=digest_of(found.record.salt.encode() + sealed.payload))
        intake._cases[found.seq - 1] = replace(found, record=record, payload=sealed.payload, wrapped_key=sealed.wrapped_key)
        return case_id


@pytest.fixture
async def sealed() -> AsyncIterator[SealedWorld]:
    made = SealedWorld()
    await made.shards.start()
    yield made
    await made.http.aclose()
    await made.shards.stop()


@pytest.fixture
async def people() -> AsyncIterator[RealPeople]:
    made = RealPeople()
    await made.shards.start()
    await made.settle()
    yield made
    await made.http.aclose()
    await made.shards.stop()
