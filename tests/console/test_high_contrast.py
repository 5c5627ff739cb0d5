"""Pages in high contrast, clean under axe, in a real browser."""

from collections.abc import Callable

import pytest

from tests.console.browser import Console
from tests.console.near import Near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

COMPONENTS = "console/components"
"""Each part of the console in each state: one of them is a page that loads, for ever."""

PAGES = [COMPONENTS, "staffing", "overrides", "outbox", "new-task", "retention"]


@pytest.mark.parametrize("scheme", ["light contrast", "dark contrast"])
def test_the_pages_of_operators_have_no_serious_barrier_in_high_contrast(world: Near, person: Person, scheme: str) -> None:
    world.cases(1)
    operator = person("operator", scheme)
    assert operator.page.evaluate("matchMedia('(prefers-contrast: more)').matches")
    found: dict[str, list[str]] = {}
    for place in PAGES:
        operator.page.goto(f"{world.url}/{place}")
        operator.page.locator("main h1").first.wait_for()
        operator.page.wait_for_load_state("networkidle")
        loading = operator.page.locator(".skeleton, .card.loading").first
        loading.wait_for(state="visible" if place == COMPONENTS else "detached")
        found[place] = operator.serious()
    assert found == {place: [] for place in PAGES}
