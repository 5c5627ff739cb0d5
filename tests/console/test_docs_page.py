"""The page that tries the API: from this service alone, with a key that stays in the page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.console.browser import Console
from tests.console.near import Near

slow = pytest.mark.slow


@pytest.fixture
def trying(world: Near, browser: Browser) -> Iterator[Console]:
    console = Console(browser, world)
    console.page.goto(f"{world.url}/docs")
    console.page.set_default_timeout(20_000)
    console.page.locator("#operations-tag-sessions").click()
    console.page.locator("#operations-sessions-show_permissions").wait_for()
    yield console
    console.context.close()


@slow
def test_a_person_signs_in_by_key_and_tries_an_operation(world: Near, trying: Console) -> None:
    page = trying.page
    page.get_by_role("button", name="Authorize").first.click()
    page.locator("#auth-bearer-value").fill(world.keys["eve"])
    page.locator(".auth-btn-wrapper .authorize").first.click()
    page.get_by_role("button", name="Close").first.click()
    block = page.locator("#operations-sessions-show_permissions")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Execute").click()
    assert block.locator(".live-responses-table tbody .response-col_status").first.inner_text().split()[0] == "200"
    assert "amend_decisions" in block.locator(".live-responses-table tbody .response-col_description").first.inner_text()
    assert (trying.strangers, trying.complaints) == ([], [])


@slow
def test_without_a_key_it_is_told_what_everybody_is_told(trying: Console) -> None:
    block = trying.page.locator("#operations-sessions-show_permissions")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Execute").click()
    assert block.locator(".live-responses-table tbody .response-col_status").first.inner_text().split()[0] == "401"
    assert trying.strangers == []


@slow
def test_a_reload_forgets_the_key(world: Near, trying: Console) -> None:
    page = trying.page
    page.get_by_role("button", name="Authorize").first.click()
    page.locator("#auth-bearer-value").fill(world.keys["eve"])
    page.locator(".auth-btn-wrapper .authorize").first.click()
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert world.keys["eve"] not in stored
