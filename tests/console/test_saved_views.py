"""Searches of cases that are kept under a name, in a real browser over the application in process."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.console.browser import Console
from tests.console.near import Near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


def views_of(world: Near, account: str) -> Any:
    """What the service keeps for ``account``."""
    return world.do(world.call("GET", "/v1/me/preferences", world.keys[account])).json()["views"]


def named(page: Page, name: str) -> None:
    """Enter the name that the dialog asks for: its field has the focus."""
    page.locator("dialog input:focus").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.type(name)
    page.keyboard.press("Enter")


def save(page: Page, name: str) -> None:
    page.get_by_role("button", name="Save these filters").press("Enter")
    named(page, name)
    page.get_by_role("link", name=name, exact=True).wait_for()


def test_a_search_is_saved_found_again_elsewhere_renamed_and_deleted_with_a_way_back(world: Near, person: Person) -> None:
    world.cases(2)
    page = person("operator").go("cases").page
    assert page.get_by_role("button", name="Save these filters").count() == 0
    page.get_by_label("Status").select_option(label="Waiting")
    save(page, "slow ones")
    assert views_of(world, "operator") == [{"name": "slow ones", "query": "status=waiting"}]

    elsewhere = person("operator").go("cases").page
    elsewhere.get_by_role("link", name="slow ones").press("Enter")
    elsewhere.wait_for_url("**/cases?status=waiting")
    assert elsewhere.get_by_label("Status").input_value() == "waiting"
    elsewhere.get_by_role("button", name="Rename “slow ones”").press("Enter")
    named(elsewhere, "waiting")
    elsewhere.get_by_role("link", name="waiting", exact=True).wait_for()

    elsewhere.get_by_role("button", name="Delete “waiting”").press("Enter")
    elsewhere.get_by_role("link", name="waiting", exact=True).wait_for(state="detached")
    assert views_of(world, "operator") == []
    elsewhere.get_by_role("button", name="Undo").press("Enter")
    elsewhere.get_by_role("link", name="waiting", exact=True).wait_for()
    assert views_of(world, "operator") == [{"name": "waiting", "query": "status=waiting"}]
    assert person("eve").go("cases").page.get_by_role("link", name="waiting", exact=True).count() == 0


def test_a_window_keeps_the_views_that_another_one_saved_before(world: Near, person: Person) -> None:
    first, second = person("operator").go("cases?status=waiting"), person("operator").go("cases?status=decided")
    save(first.page, "one")
    save(second.page, "two")
    assert [view["name"] for view in views_of(world, "operator")] == ["one", "two"]
    with first.page.expect_response(lambda answer: answer.request.method == "PUT"):
        first.go("settings").page.get_by_role("combobox", name="Theme").select_option(label="Dark")
    assert [view["name"] for view in views_of(world, "operator")] == ["one", "two"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_saved_views_fit_a_small_screen_and_have_no_barrier(world: Near, person: Person, scheme: str) -> None:
    views = [{"name": f"{at} " + "w" * 57, "query": f"label={at}"} for at in range(30)]
    kept = world.call("PUT", "/v1/me/preferences", world.keys["operator"], {"views": views}, idempotency_key="v")
    assert world.do(kept).is_success
    operator = person("operator", scheme)
    operator.page.set_viewport_size({"width": 390, "height": 844})
    page = operator.go("cases?label=7").page
    page.get_by_role("button", name="Rename").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert operator.serious() == []
    page.get_by_label("Status").select_option(label="Waiting")
    page.get_by_role("button", name="Save these filters").click()
    page.get_by_label("Name", exact=True).fill("one more")
    page.get_by_text("There are 30 views already").wait_for()
    assert page.get_by_role("button", name="Save", exact=True).is_disabled()
    assert operator.serious() == []
