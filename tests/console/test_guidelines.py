"""The guidelines of a task beside the answer, in a real browser."""

from collections.abc import Callable, Iterator

import pytest

from hitl.tasks import TaskSpec
from tests.console.browser import Console
from tests.console.near import Near, near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

SEVEN = {"text": "One bar on top, no loop.", "examples": ["with a stroke <b>through</b> it"], "cases": ["a" * 26]}
LONG = {"text": "A line of its own.\n" * 40}
GUIDELINES = {"3": LONG, "7": SEVEN, "none_of_these": {"text": "A letter, or two digits."}}


class Guided(Near):
    """Digits with guidelines for two of the answers."""

    def __init__(self) -> None:
        super().__init__(undo_s=60.0)
        self.tasks["digits"] = TaskSpec.model_validate({**self.tasks["digits"].model_dump(), "guidelines": GUIDELINES})


@pytest.fixture
def world() -> Iterator[Near]:
    with near(Guided()) as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark", "light contrast"])
def test_guidelines_are_folded_until_a_key_opens_them_and_stay_open(world: Near, person: Person, scheme: str) -> None:
    world.cases(2)
    eve = person("eve", scheme).go("reviews/digits")
    page, panel = eve.page, eve.page.get_by_role("region", name="Guidelines")
    button = page.get_by_role("button", name="Guidelines")
    button.wait_for()
    assert (button.get_attribute("aria-expanded"), panel.count()) == ("false", 0)
    page.keyboard.press("i")
    panel.get_by_text("One bar on top, no loop.").wait_for()
    assert [each.inner_text() for each in panel.get_by_role("heading").all()] == ["3", "7", "None of these"]
    assert panel.get_by_role("list", name="Examples: 7").inner_text() == "with a stroke <b>through</b> it"
    assert panel.get_by_role("link").get_attribute("href") == f"/cases/{'a' * 26}"
    page.keyboard.press("7")
    assert panel.locator("section.chosen").inner_text().startswith("7")
    bottom = "element => element.getBoundingClientRect().bottom"
    eve.until(lambda: bool(panel.locator("section.chosen").evaluate(bottom) <= panel.evaluate(bottom)))
    assert eve.serious() == []
    case = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != case)
    panel.get_by_text("One bar on top, no loop.").wait_for()
    button.click()
    panel.wait_for(state="hidden")


def test_a_task_without_guidelines_offers_none(world: Near, person: Person) -> None:
    world.tasks["digits"] = world.tasks["digits"].model_copy(update={"guidelines": {}})
    world.cases(1)
    eve = person("eve").go("reviews/digits")
    eve.page.locator("article").wait_for()
    assert eve.page.get_by_role("button", name="Guidelines").count() == 0
