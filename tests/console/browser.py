"""A real browser on the console of the running product."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Playwright, Request, sync_playwright

from tests.running import ROOT

CHROMIUM = Path("/usr/bin/chromium")
"""Debian's: ``apt-get install chromium``."""

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = ROOT / "serve_app" / "console" / "web" / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE_MS = 60_000
"""How long a test that hangs is waited for."""
LOOK_EVERY_MS = 100


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser."""
    with sync_playwright() as playwright:
        yield _launched(playwright)


def _launched(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)


class Served(Protocol):
    """Where the console is, and the keys of its people."""

    @property
    def url(self) -> str: ...

    @property
    def keys(self) -> dict[str, str]: ...


class Console:
    """One person's pages; ``scheme`` is ``light`` or ``dark``, with `` contrast`` behind it in high contrast, `` forced`` in
    forced colours. ``strangers`` are requests to other origins, ``complaints`` what was forbidden or thrown."""

    def __init__(self, browser: Browser, service: Served, scheme: str = "light") -> None:
        self.service = service
        self.context = browser.new_context(
            color_scheme="dark" if scheme.startswith("dark") else "light",
            contrast="more" if scheme.endswith("contrast") else "no-preference",
            forced_colors="active" if scheme.endswith("forced") else "none",
            viewport={"width": 1280, "height": 900},
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", self._note)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def close(self) -> None:
        """End the session of the browser. A request that a test's route still holds ends with it, and is no failure."""
        for page in self.context.pages:
            page.unroute_all(behavior="ignoreErrors")
        self.context.close()

    def sign_in(self, account: str) -> "Console":
        """With the account's key."""
        self.page.goto(self.service.url)
        self.page.get_by_label("Key").fill(self.service.keys[account])
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("heading", name="Overview").wait_for()
        return self

    def go(self, place: str) -> "Console":
        """To ``/place``, as a link of the page leads there."""
        self.page.evaluate("place => { location.hash = '#/' + place }", place)
        self.page.locator("main h1, main article, main .notice").first.wait_for()
        return self

    def until(self, is_so: Callable[[], bool]) -> None:
        """Return once it is so; the page goes on meanwhile."""
        for _ in range(PATIENCE_MS // LOOK_EVERY_MS):
            if is_so():
                return
            self.page.wait_for_timeout(LOOK_EVERY_MS)
        raise AssertionError("it did not come about")

    def palette(self) -> Locator:
        """Open the palette by its keys; the field to type into. The page behind it has fields of this role too."""
        self.page.keyboard.press("Control+k")
        return self.page.get_by_role("dialog", name="Go to", exact=True).get_by_role("combobox")

    def serious(self) -> list[str]:
        """What axe finds on the page that is serious or critical, as text."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("async () => (await axe.run(document)).violations")
        return [_said(each) for each in found if each["impact"] in ("serious", "critical")]

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.service.url, "data:", "blob:")):
            self.strangers.append(request.url)

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)


def _said(violation: dict[str, object]) -> str:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    return f"{violation['id']}: {violation['help']}: {[node['html'][:120] for node in nodes[:3]]}"
