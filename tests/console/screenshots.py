"""Pictures of every page in both themes, from a service of its own with digits: ``python -m tests.console.screenshots``."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.console.browser import Console, chromium
from tests.running import ROOT, Running, candidate, deploy, images, request, running

FOLDER = ROOT / "docs" / "screenshots"
PAGES = {
    "overview": "operator",
    "reviews": "eve",
    "reviews/digits": "eve",
    "approvals": "kim",
    "workflows": "operator",
    "experiments": "operator",
    "analytics": "operator",
    "audit": "operator",
    "settings": "operator",
}
SETTLED_MS = 1500
CASES = 150


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as service, chromium() as browser:
        _prepare(service)
        for scheme in ("light", "dark"):
            _take(service, browser, scheme)


def _prepare(service: Running) -> None:
    """A model that serves, cases that wait, some that people have answered, and a candidate that waits for votes."""
    deploy(service, candidate(service, 0.05))
    with service.as_("client") as client:
        for at, (features, _) in enumerate(images(CASES)):
            client.decide("digits", features, {"scanner": f"desk {at % 3 + 1}"}, key=f"picture-{at}")
    with service.as_("eve") as eve:
        for _ in range(12):
            review = eve.claim("digits").get("review")
            if review is not None:
                eve.answer(review["review_id"], review["lease"]["id"], review["prediction"] or "0")
    request(service, candidate(service, 1.0))


def _take(service: Running, browser: Browser, scheme: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    people = {account: Console(browser, service, scheme).sign_in(account) for account in sorted(set(PAGES.values()))}
    for place, account in PAGES.items():
        page = people[account].go(place).page
        page.wait_for_timeout(SETTLED_MS)
        page.screenshot(path=FOLDER / f"{place.replace('/', '-')}-{scheme}.png")
    for person in people.values():
        person.context.close()


if __name__ == "__main__":
    main()
