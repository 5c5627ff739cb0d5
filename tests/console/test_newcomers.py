"""What new users asked a page and did not find: what follows a vote, whose key it is, where one's own decisions are."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.console.browser import Console
from tests.console.near import Near, near
from tests.console.test_approval_pages import ask, code, share

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

UNMEASURED = ["latency_ms", "latency_p99_ms", "latency_ratio", "corrections_kept"]


def model(world: Near) -> str:
    """A request for a model that is a little worse."""
    evidence: dict[str, Any] = {
        "candidate": {"accuracy": share(0.97, 400)},
        "champion": {"accuracy": share(0.98, 400)},
    }
    body = {"kind": "model_deployment", "task": "digits", "digest": "c" * 64, "title": "Version 3", "evidence": evidence}
    return ask(world, "operator", body)


def show_unmeasured(kim: Console, approval: str) -> None:
    """Show the request as if the service had measured its model: what a requester claims of that does not count."""

    def measured(route: Any) -> None:
        answer = route.fetch()
        body = answer.json()
        body["approval"]["evidence"]["measured"] = {"by": "the service", "not_measured": UNMEASURED}
        route.fulfill(response=answer, json=body)

    kim.page.route(f"**/v1/approvals/{approval}", measured)


def test_the_first_screen_says_what_follows_a_yes_a_no_and_silence_and_until_when(world: Near, person: Person) -> None:
    kim = person("kim")
    for approval, approved in ((model(world), "This version answers"), (code(world), "Who asked is told so and can go on")):
        follows = kim.go(f"approvals/{approval}").page.get_by_role("region", name="What follows")
        follows.get_by_text(approved).wait_for()
        follows.get_by_text("Nothing changes.").wait_for()
        follows.get_by_text("nothing is approved. The time ends in").wait_for()
        box = follows.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 400
        kim.page.get_by_role("region", name="Your vote").get_by_text("expires in").wait_for()


def test_the_question_before_a_vote_names_the_request(world: Near, person: Person) -> None:
    page = person("kim").go(f"approvals/{model(world)}").page
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("heading", name="Approve: Version 3 (version cccccccccccc)").wait_for()


def test_a_difference_of_shares_is_in_points(world: Near, person: Person) -> None:
    page = person("kim").go(f"approvals/{model(world)}").page
    page.get_by_role("table", name="Key figures").get_by_text("−1.00 points").wait_for()


def test_what_was_not_measured_is_named_in_words_and_stays_on_the_page(world: Near, person: Person) -> None:
    kim, approval = person("kim"), model(world)
    show_unmeasured(kim, approval)
    page = kim.go(f"approvals/{approval}").page
    page.get_by_text("Not measured by the service: time per batch,").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_reviewers_find_their_own_decisions_from_the_queues(world: Near, person: Person) -> None:
    page = person("ada").go("reviews").page
    page.get_by_role("link", name="My decisions").click()
    page.get_by_role("heading", name="Cases", exact=True).wait_for()
    assert page.get_by_label("Reviewer").input_value() == "ada"


def test_a_case_that_is_not_there_is_named_with_a_way_back(world: Near, person: Person) -> None:
    page = person("operator").go("cases").page
    page.get_by_label("Case ID").fill("picture-5")
    page.keyboard.press("Enter")
    page.get_by_text("There is no case picture-5, or you don't have access to it.").wait_for()
    page.locator("main").get_by_role("link", name="Cases").click()
    page.get_by_label("Case ID").wait_for()


def test_a_case_without_anything_sealed_offers_no_erasing(world: Near, person: Person) -> None:
    [case_id] = world.cases(1)
    page = person("operator").go(f"cases/{case_id}").page
    page.get_by_text("Nothing of the input is sealed now").wait_for()
    assert page.get_by_role("button", name="Erase the input").count() == 0


def test_a_blind_case_says_that_its_history_is_hidden(browser: Browser) -> None:
    with near(Near(blind=True)) as world:
        [case_id] = world.cases(1)
        ada = Console(browser, world).sign_in("ada").go(f"cases/{case_id}")
        ada.page.get_by_text("Hidden until you have answered the case").wait_for()
        ada.close()


def test_a_long_dialog_opens_at_its_title(world: Near, person: Person) -> None:
    page = person("ada").page
    page.set_viewport_size({"width": 1280, "height": 500})
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    sheet.wait_for()
    page.wait_for_function("() => document.activeElement?.closest('dialog') !== null")
    assert sheet.evaluate("dialog => dialog.scrollTop") == 0


def test_a_new_key_names_its_account_and_the_form_is_empty_again(world: Near, browser: Browser) -> None:
    world.add_admin()
    root = Console(browser, world).sign_in("root").go("people")
    root.page.get_by_label("Account", exact=True).fill("maria")
    root.page.get_by_role("button", name="Create account").click()
    root.page.get_by_text("Key of maria. Copy this key now").wait_for()
    assert root.page.get_by_label("Account", exact=True).input_value() == ""
    root.close()
