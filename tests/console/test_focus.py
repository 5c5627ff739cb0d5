"""One case at a time, in a real browser over the application in process."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route

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


def test_a_queue_that_was_refused_again_and_again_is_asked_until_it_answers(world: Near, person: Person) -> None:
    world.cases(1)
    eve, refused = person("eve"), [0]

    def answer(route: Route) -> None:
        refused[0] += 1
        if refused[0] > 7:  # more than one call and its repetition take
            return route.fallback()
        return route.fulfill(status=503, headers={"retry-after": "1"}, body="{}", content_type="application/json")

    eve.page.route("**/claim", answer)
    eve.go("reviews/digits")
    eve.page.locator("article").wait_for()
    assert refused[0] > 7


def test_news_that_come_while_the_page_looks_why_its_queue_is_empty_are_not_lost(world: Near, person: Person) -> None:
    eve, looks = person("eve"), Held()
    eve.page.route("**/v1/queues/digits", looks.hold)
    eve.go("overview").page.evaluate("location.hash = '#/reviews/digits'")
    eve.until(lambda: bool(looks.held))
    world.cases(1)
    eve.page.wait_for_timeout(1500)  # the page has heard of it by now
    looks.let_go()
    eve.page.locator("article").wait_for()


def test_what_a_page_claimed_while_it_was_left_goes_to_others(world: Near, person: Person) -> None:
    world.cases(1)
    eve, claims = person("eve"), Held()
    eve.page.route("**/claim", claims.hold)
    eve.go("overview").page.evaluate("location.hash = '#/reviews/digits'")
    eve.until(lambda: bool(claims.held))
    eve.go("overview")
    claims.let_go()
    person("ben").go("reviews/digits").page.locator("article").wait_for()


class Held:
    """Requests that wait until they are let go."""

    def __init__(self) -> None:
        self.held: list[Route] = []
        self._is_open = False

    def hold(self, route: Route) -> None:
        if self._is_open:
            route.continue_()
        else:
            self.held.append(route)

    def let_go(self) -> None:
        self._is_open = True
        for route in self.held:
            route.continue_()
