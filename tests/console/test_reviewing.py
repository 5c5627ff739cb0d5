"""What a reviewer relies on: the same case after a reload, a wrong key taken back, values that can be read."""

import re
from collections.abc import Callable

import pytest

from tests.console.browser import Console
from tests.console.near import Near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

AHEAD = 2
"""Cases that a page holds: the one in hand, and the next."""


def case_of(console: Console) -> str:
    article = console.page.locator("article")
    article.wait_for()
    return str(article.get_attribute("aria-label"))


def held_by_eve(world: Near) -> set[str]:
    answer = world.do(world.call("GET", "/v1/leases", world.keys["eve"]))
    return {review["review_id"] for review in answer.json()["reviews"]}


def test_a_reload_shows_the_same_case_with_its_draft_and_leases_no_other(world: Near, person: Person) -> None:
    world.cases(6)
    eve = person("eve").go("reviews/digits")
    first = case_of(eve)
    eve.page.locator("#note").fill("half a thought")
    eve.until(lambda: len(held_by_eve(world)) == AHEAD)
    held = held_by_eve(world)
    eve.page.reload()
    assert case_of(eve) == first
    assert eve.page.locator("#note").input_value() == "half a thought"
    assert held_by_eve(world) == held


def test_the_address_names_the_case_in_hand(world: Near, person: Person) -> None:
    [case_id] = world.cases(1)
    eve = person("eve").go("reviews/digits")
    case_of(eve)
    eve.page.wait_for_url(f"{world.url}/reviews/digits/{case_id}-1")


def test_addresses_of_the_former_form_still_lead_there(world: Near, person: Person) -> None:
    eve = person("eve")
    eve.page.goto(f"{world.url}/#/reviews")
    eve.page.get_by_role("heading", name="Reviews").wait_for()
    assert eve.page.url == f"{world.url}/reviews"


def test_one_key_takes_a_wrong_label_back_and_keeps_what_was_entered(world: Near, person: Person) -> None:
    world.cases(2)
    eve = person("eve").go("reviews/digits")
    first = case_of(eve)
    eve.page.keyboard.press("3")
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Answered 3").wait_for()
    eve.page.keyboard.press("z")
    eve.page.locator(f"article[aria-label='{first}']").wait_for()
    assert eve.page.get_by_role("radio", name="3", exact=True).is_checked()


def test_a_key_with_nothing_to_undo_says_so(world: Near, person: Person) -> None:
    world.cases(1)
    eve = person("eve").go("reviews/digits")
    case_of(eve)
    eve.page.keyboard.press("z")
    eve.page.get_by_text("There is nothing to undo.").wait_for()


def test_an_arrow_moves_through_the_labels_and_sends_nothing(world: Near, person: Person) -> None:
    world.cases(1)
    eve = person("eve").go("settings")
    eve.page.get_by_label("Submit on label choice").check()
    eve.go("reviews/digits")
    case_of(eve)
    sent: list[str] = []
    eve.page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/decision") else None)
    eve.page.get_by_role("radio", name="3", exact=True).focus()
    eve.page.keyboard.press("ArrowDown")
    eve.page.wait_for_timeout(500)
    assert sent == []


def test_nobody_is_sure_before_they_say_so(world: Near, person: Person) -> None:
    world.cases(1)
    eve = person("eve").go("reviews/digits")
    case_of(eve)
    assert eve.page.locator(".sureness input:checked").count() == 0
    with eve.page.expect_request("**/decision") as sent:
        eve.page.keyboard.press("3")
        eve.page.keyboard.press("Control+Enter")
    assert "confidence" not in (sent.value.post_data or "")


def test_submit_is_in_view_on_a_phone_and_at_twice_the_size(world: Near, person: Person) -> None:
    world.cases(1)
    eve = person("eve").go("reviews/digits")
    case_of(eve)
    for width, height in ((390, 844), (640, 450)):
        eve.page.set_viewport_size({"width": width, "height": height})
        box = eve.page.get_by_role("button", name="Submit").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height, (width, height)


def test_a_second_message_takes_the_place_of_the_first(world: Near, person: Person) -> None:
    world.cases(1)
    eve = person("eve").go("reviews/digits")
    case_of(eve)
    for key in ("Control+Enter", "z", "Control+Enter", "z"):
        eve.page.keyboard.press(key)
    eve.page.get_by_text("There is nothing to undo.").wait_for()
    assert eve.page.locator(".toast").count() == 1


def test_signing_out_gives_the_cases_back(world: Near, person: Person) -> None:
    world.cases(1)
    eve = person("eve").go("reviews/digits")
    case_of(eve)
    eve.page.get_by_role("button", name="Sign out").click()
    eve.page.get_by_text("You have signed out.").wait_for()
    assert world.do(world.call("GET", "/v1/leases", world.keys["eve"])).json()["reviews"] == []


def test_the_whole_history_of_a_case_has_a_page(world: Near, person: Person) -> None:
    [case_id] = world.cases(1)
    eve = person("eve").go(f"cases/{case_id}")
    eve.page.get_by_text("Review opened").wait_for()


def test_a_page_that_a_person_may_not_open_is_not_offered(world: Near, person: Person) -> None:
    for account, missing in (("ada", ("Approvals", "Audit", "People", "Policies")), ("kim", ("Audit", "People"))):
        rail = person(account).page.get_by_role("navigation", name="Pages")
        rail.get_by_role("link", name="Overview").wait_for()
        assert [name for name in missing if rail.get_by_role("link", name=name).count()] == []


def test_nothing_that_a_person_may_not_see_is_shown_as_zero(world: Near, person: Person) -> None:
    ada = person("ada")
    ada.page.get_by_text("Waiting for review").wait_for()
    assert ada.page.get_by_text("Pending approvals").count() == 0


def test_a_page_asks_once_for_what_it_shows(world: Near, person: Person) -> None:
    eve = person("eve")
    eve.page.wait_for_timeout(1000)
    asked: list[str] = []
    eve.page.on(
        "request", lambda request: asked.append(request.url) if request.method == "GET" and "/v1/" in request.url else None
    )
    wanted = f"{world.url}/v1/models/digits"
    eve.go("models/digits").until(lambda: wanted in asked)
    eve.page.wait_for_timeout(1500)  # for a second one
    assert asked.count(wanted) == 1


def test_the_next_case_has_the_focus_and_is_announced(world: Near, person: Person) -> None:
    world.cases(2)
    page = person("eve").go("reviews/digits").page
    page.locator("article").wait_for()
    first = page.url
    page.get_by_role("radio", name="7").check()
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url(lambda url: url != first)
    page.get_by_role("status").filter(has_text=re.compile(r"^Next case: \w{6}")).wait_for(state="attached")
    assert page.evaluate("document.activeElement.id") == "case-title"


def test_the_title_of_an_opened_page_has_the_focus(world: Near, person: Person) -> None:
    eve = person("eve")
    eve.page.get_by_role("link", name="Models").first.click()
    eve.page.get_by_role("heading", name="Models").wait_for()
    eve.page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    assert eve.page.title().startswith("Models")
