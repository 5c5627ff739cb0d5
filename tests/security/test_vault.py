"""Whoever trains wants the rows that models are tested on: no page, cursor or limit gives them, and proposing spends."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from hitl.machine.shards import APPROVAL
from hitl.serving.questions import CertificationPlans
from serve_app.evidence.vault import MOST_CANDIDATES
from tests.review_app.test_vault import UNTIL, Vaulted

ROWS = 24


@pytest.fixture
async def vaulted() -> AsyncIterator[Vaulted]:
    made = Vaulted()
    await made.shards.start()
    await made.deploy()
    for number in range(ROWS):
        made.until = UNTIL if number % 3 == 0 else None
        await made.check(number, 0.4, wrong=False)
    made.ports = replace(made.ports, wall=lambda: UNTIL - 1)
    made.serve()
    yield made
    await made.http.aclose()
    await made.shards.stop()


@pytest.mark.parametrize("limit", [1, 2, 5, 1000])
async def test_no_way_of_paging_shows_a_row_of_the_vault(vaulted: Vaulted, limit: int) -> None:
    seen, after = list[str](), ""
    for _ in range(2 * ROWS):
        answer = await vaulted.call("GET", f"/v1/examples?task=digits&limit={limit}{after}", "trainer")
        page = answer.json()
        seen += [each["case_id"] for each in page["examples"]]
        after = f"&after={page['next']}"
    held = {vaulted._case(number, 0.4, False).case_id for number in range(0, ROWS, 3)}
    assert held.isdisjoint(seen)
    assert len(seen) == len(set(seen)) == ROWS - len(held)


async def test_many_proposals_are_not_all_planned_for(vaulted: Vaulted) -> None:
    for number in range(3 * MOST_CANDIDATES):
        await vaulted.propose(f"{number:064x}")
    await vaulted.scorer.once()
    await vaulted.certifier.once()
    plans = (await vaulted.shards.ask(APPROVAL, CertificationPlans("digits"))).plans
    assert len({plan.model for plan in plans}) <= MOST_CANDIDATES + 1
