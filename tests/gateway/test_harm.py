"""Under a level of money the record keeps what a wrong decision costs; no other record changes."""

from tests.gateway.service import FIRST, Service, loans

RISK = {"level": 0.05, "money": {"per_decision": 1.0, "most": 50.0}}


async def test_the_record_keeps_the_harm_of_its_case_under_a_level_of_money() -> None:
    policy = {"costs": {"harm": 12.5}}
    service = Service(tasks={"loans": loans(risk=RISK, policy=policy), "other": loans("other")})
    await service.deploy((FIRST, 1.0))
    await service.decide([0.9, 0.05, 0.05])
    record = service.stored()[0].record
    assert record.harm == 12.5
    assert type(record).decode(record.encode()) == record


async def test_other_records_have_the_bytes_that_they_had_before() -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    await service.decide([0.9, 0.05, 0.05])
    record = service.stored()[0].record
    assert b"harm" not in record.encode()
    assert type(record).decode(record.encode()) == record
