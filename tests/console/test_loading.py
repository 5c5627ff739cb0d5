"""What a page shows before the service has answered, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.console.browser import PATIENCE_MS, Console
from tests.console.near import Near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


def test_the_overview_says_that_it_loads_and_calls_nothing_empty_before_it_knows(world: Near, person: Person) -> None:
    world.cases(1)
    ada = person("ada")
    waiting: list[Route] = []
    ada.page.route("**/v1/queues", lambda route: waiting.append(route))
    ada.page.reload()
    ada.page.get_by_role("heading", name="Overview").wait_for()
    cards = ada.page.locator(".card.loading")
    expect(cards).to_have_count(2, timeout=PATIENCE_MS)
    assert cards.first.inner_text().strip() == "Loading…"
    assert cards.first.locator(".bone").count() == 2
    ada.page.locator(".skeleton").first.wait_for()
    assert ada.page.get_by_text("Nothing waits for you.").count() == 0
    assert ada.serious() == []
    ada.until(lambda: bool(waiting))
    waiting.pop().continue_()
    ada.page.get_by_role("table", name="Due soon").get_by_role("link").first.wait_for()
    assert cards.count() == 0


def test_no_card_is_awaited_of_what_a_person_may_not_see(world: Near, person: Person) -> None:
    client = person("client")
    asked: list[str] = []
    client.page.on("request", lambda request: asked.append(request.url))
    client.page.route("**/v1/interactions/pending", lambda route: None)
    client.page.reload()
    client.page.locator(".card.loading").wait_for()
    assert client.page.locator(".card.loading").count() == 1
    assert not [url for url in asked if url.endswith("/v1/queues")]


def test_no_account_is_made_before_the_names_that_exist_are_known(world: Near, person: Person) -> None:
    world.add_admin()
    root = person("root")
    waiting: list[Route] = []
    root.page.route("**/v1/accounts", lambda route: waiting.append(route))
    root.go("people").page.locator(".skeleton").first.wait_for()
    root.until(lambda: bool(waiting))
    assert root.page.get_by_role("button", name="Create account").count() == 0
    waiting.pop().continue_()
    root.page.get_by_role("button", name="Create account").wait_for()
