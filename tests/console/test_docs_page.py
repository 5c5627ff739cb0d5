"""The page that tries the API: from this service alone, with a key that stays in the page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.console.browser import Console
from tests.console.near import Near

slow = pytest.mark.slow


def open_sessions(page: Page) -> None:
    """The operations of the tag, by a press that its address remembers: after a reload the page opens them by itself."""
    page.locator("#operations-tag-sessions").wait_for()
    if not page.url.endswith("#/sessions"):
        page.locator("#operations-tag-sessions").click()
    page.locator("#operations-sessions-show_permissions").wait_for()


@pytest.fixture
def trying(world: Near, browser: Browser) -> Iterator[Console]:
    console = Console(browser, world)
    console.page.goto(f"{world.url}/docs")
    open_sessions(console.page)
    yield console
    console.close()


def enter_key(page: Page, key: str) -> None:
    page.get_by_role("button", name="Authorize").first.click()
    page.locator("#auth-bearer-value").fill(key)
    page.locator(".auth-btn-wrapper .authorize").first.click()
    page.get_by_role("button", name="Close").first.click()


def execute(page: Page) -> tuple[str, str]:
    """Try ``GET /v1/permissions``; returns the status and the body of its answer."""
    block = page.locator("#operations-sessions-show_permissions")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table tbody")
    status = answer.locator(".response-col_status").first.inner_text().split()[0]
    return status, answer.locator(".response-col_description").first.inner_text()


@slow
def test_a_person_signs_in_by_key_and_tries_an_operation(world: Near, trying: Console) -> None:
    enter_key(trying.page, world.keys["eve"])
    status, body = execute(trying.page)
    assert (status, "amend_decisions" in body) == ("200", True)
    assert (trying.strangers, trying.complaints) == ([], [])


@slow
def test_without_a_key_it_is_told_what_everybody_is_told(trying: Console) -> None:
    assert execute(trying.page)[0] == "401"
    assert trying.strangers == []


@slow
def test_a_reload_forgets_the_key(world: Near, trying: Console) -> None:
    page = trying.page
    enter_key(page, world.keys["eve"])
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert world.keys["eve"] not in stored
    page.reload()
    open_sessions(page)
    assert execute(page)[0] == "401"
