"""The end of a browser's session: what a test holds of it ends with it, in a real browser."""

import socket

import pytest
from playwright.sync_api import Browser, Route

from tests.console.browser import Console
from tests.console.near import Near

pytestmark = pytest.mark.slow


def test_a_request_that_a_test_still_holds_fails_no_later_session(world: Near, browser: Browser) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        never_answers, asked = f"http://127.0.0.1:{silent.getsockname()[1]}/", list[str]()

        def hold(route: Route) -> None:
            asked.append(route.request.url)
            route.fulfill(response=route.fetch(url=never_answers))

        eve = Console(browser, world)
        eve.page.goto(world.url)
        eve.page.route("**/v1/held", hold)
        eve.page.evaluate("void fetch('/v1/held').catch(() => {})")
        eve.until(lambda: bool(asked))
        eve.close()
    later = Console(browser, world).sign_in("eve")
    later.close()
