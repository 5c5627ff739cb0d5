"""The story pages: every component with made-up data, a picture of each in both themes, clean under axe."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.console.browser import Console
from tests.console.near import Near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]
LEAST_BYTES = 500
"""Of a picture that shows something."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_component_has_a_story_that_can_be_pictured(world: Near, person: Person, tmp_path: Path, scheme: str) -> None:
    console = person("ada", scheme)
    page = console.page
    page.goto(f"{world.url}/console/components")
    page.get_by_role("heading", name="Components").wait_for()
    stories = page.locator(".story").all()
    assert len(stories) > 20
    for story in stories:
        name = story.get_attribute("aria-label")
        picture = story.screenshot(path=tmp_path / f"{name}-{scheme}.png")
        assert len(picture) > LEAST_BYTES, name
    assert console.serious() == []
    assert console.complaints == []


def test_a_story_has_an_address_of_its_own(world: Near, person: Person) -> None:
    page = person("ada").page
    page.goto(f"{world.url}/console/components/dialog")
    page.get_by_role("button", name="Open the dialog").click()
    page.get_by_role("dialog", name="Skip this case").get_by_role("button", name="Cancel").click()
    assert page.locator(".story").count() == 1
