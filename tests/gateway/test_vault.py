"""Which cases the vault takes: by their input, under a risk level, and only where people are asked."""

import pytest

from tests.gateway.service import FIRST, NOW, Service, loans

RISK = {"level": 0.05, "confidence": 0.9}
TERM_S = 10 * 86_400.0


async def vaulted(rows: list[list[float]], **more: object) -> list[float | None]:
    """Until when the vault holds each of the cases."""
    terms = {"risk": RISK, "vault": {"share": 0.5, "days": 10.0}} | more
    service = Service(tasks={"loans": loans(**terms), "other": loans("other")})
    await service.deploy((FIRST, 1.0))
    for number, row in enumerate(rows):
        await service.decide(row, f"k{number}")
    return [case.record.vaulted_until for case in service.stored()]


ROWS = [[0.5 + i / 200, 0.3, 0.2 - i / 200] for i in range(40)]


async def test_a_share_of_the_inputs_is_held_for_the_term() -> None:
    found = await vaulted(ROWS)
    assert set(found) == {None, NOW + TERM_S}
    assert 8 < sum(each is not None for each in found) < 32


async def test_an_input_that_comes_again_goes_the_same_way() -> None:
    found = await vaulted([*ROWS, *ROWS])
    assert found[:40] == found[40:]


@pytest.mark.parametrize("more", [{"risk": "uncertified"}, {"vault": {"share": 0.0}}])
async def test_no_vault_takes_what_proves_nothing(more: dict[str, object]) -> None:
    assert set(await vaulted(ROWS, **more)) == {None}


async def test_a_case_outside_the_vault_has_the_bytes_that_it_had_before() -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    await service.decide([0.9, 0.05, 0.05])
    record = service.stored()[0].record
    assert b"vaulted_until" not in record.encode()
    assert type(record).decode(record.encode()) == record
