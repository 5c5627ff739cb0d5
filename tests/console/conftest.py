"""One browser for a module of tests, and a page for each person in a test."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.console.browser import CHROMIUM, Console, chromium
from tests.console.near import Near, near
from tests.running import Running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: as long as it is open, its event loop stands in the way of every other in this thread."""
    if not CHROMIUM.is_file():
        pytest.skip("no chromium here: apt-get install chromium")
    with chromium() as found:
        yield found


@pytest.fixture
def console(browser: Browser, service: Running) -> Iterator[Callable[..., Console]]:
    """``console("ada")`` signs ada in; ``console("ada", "dark")`` in the dark theme."""
    opened: list[Console] = []

    def open_for(account: str, scheme: str = "light") -> Console:
        opened.append(Console(browser, service, scheme))
        return opened[-1].sign_in(account)

    yield open_for
    for each in opened:
        each.close()


@pytest.fixture
def world() -> Iterator[Near]:
    """Digits, in this process; a decision can be undone for a minute."""
    with near(Near(undo_s=60.0)) as found:
        yield found


@pytest.fixture
def person(world: Near, browser: Browser) -> Iterator[Callable[..., Console]]:
    """``person("eve")`` signs eve in at ``world``; ``person("eve", "dark")`` in the dark theme."""
    opened: list[Console] = []

    def sign_in(account: str, scheme: str = "light") -> Console:
        opened.append(Console(browser, world, scheme))
        return opened[-1].sign_in(account)

    yield sign_in
    for each in opened:
        each.close()
