"""One case at a time, in a real browser over the application in process."""

from collections.abc import Callable

import pytest

from tests.console.browser import Console
from tests.console.near import Near

pytestmark = pytest.mark.slow

AT_ONCE = """() => [["3", false], ["Enter", true], ["Enter", true]].forEach(([key, ctrlKey]) =>
    document.body.dispatchEvent(new KeyboardEvent("keydown", {key, ctrlKey, bubbles: true, cancelable: true})))"""


Person = Callable[..., Console]


def test_keys_pressed_faster_than_the_page_is_drawn_are_neither_lost_nor_sent_twice(world: Near, person: Person) -> None:
    world.cases(1)
    eve = person("eve").go("reviews/digits")
    eve.page.locator("article").wait_for()
    sent: list[str] = []
    eve.page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/decision") else None)
    eve.page.evaluate(AT_ONCE)
    eve.page.get_by_text("Answered 3").wait_for()
    assert len(sent) == 1


def test_submitting_without_a_label_says_what_is_missing(world: Near, person: Person) -> None:
    world.cases(1)
    eve = person("eve").go("reviews/digits")
    eve.page.locator("article").wait_for()
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Choose a label first").wait_for()


def test_an_answer_can_be_taken_back_while_its_window_is_open(world: Near, person: Person) -> None:
    [case_id] = world.cases(1)
    eve = person("eve").go("reviews/digits")
    eve.page.locator("article").wait_for()
    eve.page.evaluate(AT_ONCE)
    eve.page.get_by_text("Answered 3").wait_for()
    eve.page.keyboard.press("z")
    eve.page.get_by_text("Taken back: 3").wait_for()
    eve.page.locator(f"article[aria-label='Case {case_id}']").wait_for()


@pytest.mark.covers("D42")
def test_a_refused_answer_leaves_the_case_on_the_page(world: Near, person: Person) -> None:
    [case_id] = world.cases(1)
    eve = person("eve").go("reviews/digits")
    eve.page.locator("article").wait_for()
    eve.page.route("**/decision", lambda route: route.fulfill(status=503, body="{}", content_type="application/json"))
    eve.page.evaluate(AT_ONCE)
    eve.page.locator(".toast.error").wait_for()
    assert eve.page.locator("article").get_attribute("aria-label") == f"Case {case_id}"
