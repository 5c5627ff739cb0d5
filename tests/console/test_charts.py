"""The charts of Analytics over real answers, in a real browser over the application in process."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from hitl.intake import CaseRecord
from tests.console.browser import Console
from tests.console.near import Near, near
from tests.review_app.test_quality import Certified, gold

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


class Answered(Near, Certified):
    """A model that has earned its threshold, a dozen checks of it, and a case that waits."""

    def _case(self, number: int, confidence: float, automatic: bool) -> CaseRecord:
        return replace(super()._case(number, confidence, automatic), at=time.time())

    async def settle(self) -> None:
        await super().settle()
        await self.deploy()
        await gold(self, 500)
        await self.certifier.once()
        for number in range(12):
            await self.check(1000 + number, 0.999, wrong=number == 5, automatic=True)
        await self.case("waits")


@pytest.fixture(scope="module")
def world() -> Iterator[Near]:
    with near(Answered()) as found:
        yield found


TITLES = (
    "At the threshold",
    "Calibration error",
    "0 of the newest 2 blind checks",
    "Half of the cases are answered within",
    "SLA: all cases were answered in time",
    "Cost per decision",
    "1 cases are waiting",
)


@pytest.mark.covers("000-57")
def test_each_chart_states_its_finding_with_its_basis_table_and_csv(world: Near, person: Person) -> None:
    page = person("operator").go("analytics/digits").page
    for title in TITLES:
        page.get_by_role("heading", name=title).wait_for()
    chart = page.locator(".chart").filter(has_text="At the threshold").first
    assert "512 cases" in chart.locator(".hint").inner_text()
    chart.locator("summary").click()
    with page.expect_download() as saved:
        chart.get_by_role("button", name="CSV").click()
    assert saved.value.suggested_filename == "risk-coverage.csv"


def test_another_threshold_says_what_it_would_do(world: Near, person: Person) -> None:
    page = person("operator").go("analytics/digits").page
    slider = page.get_by_role("slider")
    slider.wait_for()
    before = slider.get_attribute("aria-valuetext")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert "reviews an hour" in (slider.get_attribute("aria-valuetext") or "")
    assert slider.get_attribute("aria-valuetext") != before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_charts_have_no_barrier_fit_a_small_screen_and_break_no_policy(world: Near, person: Person, scheme: str) -> None:
    operator = person("operator", scheme).go("analytics/digits")
    operator.page.locator(".chart").first.wait_for()
    assert operator.serious() == []
    operator.page.set_viewport_size({"width": 320, "height": 640})
    assert operator.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert (operator.complaints, operator.strangers) == ([], [])
