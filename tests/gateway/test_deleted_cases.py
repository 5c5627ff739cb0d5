"""A key whose case was deleted has no second effect."""

from hitl.intake import StoredCase
from hitl.intake.memory import MemoryIntake
from tests.gateway.service import Service

SURE = [0.97, 0.02, 0.01]


class DeletedIntake(MemoryIntake):
    """Knows the ids of its cases, and has none of them any more."""

    async def find(self, case_id: str) -> StoredCase | None:
        return None


async def test_a_request_under_the_key_of_a_deleted_case_is_refused() -> None:
    service = Service(intakes=[DeletedIntake()])
    assert (await service.decide(SURE, "a")).status_code == 202
    again = await service.decide(SURE, "a")
    assert (again.status_code, again.json()["type"].endswith("case-deleted")) == (410, True)
    assert len(service.intakes[0]._cases) == 1
