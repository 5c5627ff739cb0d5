"""Pictures of every page in both themes, from a service of its own with digits: ``python -m tests.console.screenshots``."""

import os
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

from tests.console.browser import Console, chromium
from tests.console.shown_service import prepare, tasks_folder
from tests.running import ROOT, Running, running

FOLDER = ROOT / "docs" / "screenshots"
PAGES = {
    "overview": "operator",
    "reviews": "eve",
    "reviews/digits": "eve",
    "approvals": "kim",
    "workflows": "operator",
    "experiments/digits": "operator",
    "analytics/digits": "operator",
    "audit": "operator",
    "settings": "operator",
}
WHOLE = ("analytics/digits", "experiments/digits")
"""Pages whose charts are further down."""
SETTLED_MS = 1500
LOADED_WITHIN_MS = 60_000
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HITL_TASKS_DIR"] = str(tasks_folder(Path(folder) / "tasks"))
        with running(Path(folder) / "data") as service:
            prepare(service)
            with chromium() as browser:
                _take(service, browser)


def _take(service: Running, browser: Browser) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    people = {account: Console(browser, service).sign_in(account) for account in sorted(set(PAGES.values()))}
    for place, account in PAGES.items():
        page = people[account].go(place).page
        page.wait_for_timeout(SETTLED_MS)
        page.wait_for_function("() => !document.querySelector('.skeleton')", timeout=LOADED_WITHIN_MS)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=FOLDER / f"{place.replace('/', '-')}-{scheme}.png", full_page=place in WHOLE)
    for person in people.values():
        person.context.close()


if __name__ == "__main__":
    main()
