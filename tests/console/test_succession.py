"""An approved challenger that has not earned automation yet says what it waits for, in a real browser."""

from collections.abc import Callable, Iterator

import pytest

from tests.console.browser import Console
from tests.console.near import Near, near
from tests.review_app.test_quality import MODEL
from tests.review_app.test_succession import Succeeding, scored
from tests.review_app.test_vault import CHALLENGER

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


class Challenged(Near, Succeeding):
    """What serves decides alone; an approved challenger has proved nothing yet."""

    async def settle(self) -> None:
        await super().settle()
        await self.deploy()
        await self.certify(MODEL, 0.3)
        await self.approve()
        await scored(self)


@pytest.fixture(scope="module")
def world() -> Iterator[Near]:
    with near(Challenged()) as found:
        yield found


@pytest.mark.parametrize("place", ["analytics/digits", "models/digits", "approvals/digits-2"])
def test_what_a_challenger_waits_for_stands_in_words(world: Near, person: Person, place: str) -> None:
    page = person("operator").go(place).page
    told = page.get_by_role("status").filter(has_text=CHALLENGER[:12])
    told.get_by_text("it has earned 0% of automation where what serves has 100%").wait_for()


def test_the_proof_names_its_models_segments_and_what_is_missing(world: Near, person: Person) -> None:
    page = person("operator").go("analytics/digits").page
    proof = page.get_by_role("region", name="Proof by model and segment")
    proof.locator(".chip.good").get_by_text("Automatic").wait_for()
    page.get_by_role("region", name="Challengers beside the deployed model").wait_for()
