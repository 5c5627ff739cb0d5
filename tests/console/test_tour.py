"""The first-run tour: offered once to each account, skipped by one press, begun anew from the palette."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Response, Route

from tests.console.browser import Console
from tests.console.near import Near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

STEPS = ["Overview", "Inbox", "Reviews", "Cases", "Analytics", "Keys"]


def is_kept(response: Response) -> bool:
    return response.request.method == "PUT" and response.url.endswith("/v1/me/preferences")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tour_opens_the_pages_of_the_person_one_after_the_other(world: Near, person: Person, scheme: str) -> None:
    ada = person("ada", scheme)
    assert ada.serious() == []
    ada.page.get_by_role("button", name="Take the tour").click()
    tour = ada.page.get_by_role("dialog", name="Tour of the console")
    following = tour.get_by_role("button", name="Next")
    for title in STEPS[:-1]:
        tour.get_by_role("heading", level=3, name=title, exact=True).wait_for()
        assert ada.serious() == []
        following.click()
    tour.get_by_role("heading", level=3, name=STEPS[-1], exact=True).wait_for()
    assert following.count() == 0
    assert ada.page.url.endswith("/analytics")
    tour.get_by_role("button", name="End the tour").click()
    tour.wait_for(state="detached")
    ada.go("overview")
    assert ada.page.get_by_role("button", name="Take the tour").count() == 0


def test_the_tour_is_over_for_the_account_at_every_machine(world: Near, person: Person) -> None:
    ada = person("ada").page
    with ada.expect_response(is_kept):
        ada.get_by_role("button", name="No, thanks").click()
    elsewhere = person("ada").page
    with elsewhere.expect_response("**/v1/me/preferences"):
        elsewhere.reload()
    elsewhere.get_by_role("heading", name="Due soon").wait_for()
    assert elsewhere.get_by_role("button", name="Take the tour").count() == 0


def test_the_theme_of_the_account_is_there_on_another_machine(world: Near, person: Person) -> None:
    ada = person("ada").go("settings").page
    with ada.expect_response(is_kept):
        ada.get_by_role("combobox", name="Theme").select_option("dark")
    with ada.expect_response(is_kept):
        ada.get_by_role("combobox", name="Language").select_option("de")
    elsewhere = person("ada").page
    elsewhere.locator("html[data-theme=dark][lang=de]").wait_for(state="attached")


def test_what_is_chosen_before_the_account_has_answered_is_kept_too(world: Near, person: Person) -> None:
    ada = person("ada").go("settings").page
    held: list[Route] = []
    ada.route("**/v1/me/preferences", lambda route: held.append(route) if route.request.method == "GET" else route.continue_())
    ada.reload()
    ada.get_by_role("combobox", name="Theme").select_option("dark")
    with ada.expect_response(is_kept):
        held.pop().continue_()
    elsewhere = person("ada").page
    elsewhere.locator("html[data-theme=dark]").wait_for(state="attached")


def test_who_skips_the_tour_is_not_asked_again_and_finds_it_in_the_palette(world: Near, person: Person) -> None:
    ada = person("ada")
    with ada.page.expect_response(is_kept):
        ada.page.get_by_role("button", name="No, thanks").click()
    ada.page.reload()
    ada.page.get_by_role("heading", name="Overview").wait_for()
    assert ada.page.get_by_role("button", name="Take the tour").count() == 0
    ada.palette().fill("tour")
    ada.page.get_by_role("option", name="Tour of the console").wait_for()
    ada.page.keyboard.press("Enter")
    ada.page.get_by_role("dialog", name="Tour of the console").wait_for()
    ada.page.keyboard.press("Escape")
    ada.page.get_by_role("dialog", name="Tour of the console").wait_for(state="detached")
