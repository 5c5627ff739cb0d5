"""Pictures of every page in both themes, from a service of its own with digits: ``python -m tests.console.screenshots``."""

import os
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser

from hitl.client.calls import get, post
from tests.console.browser import Console, chromium
from tests.console.shown_service import prepare, tasks_folder
from tests.running import ROOT, Running, running

FOLDER = ROOT / "docs" / "screenshots"
PAGES = {
    "overview": "operator",
    "inbox": "kim",
    "reviews": "eve",
    "reviews/digits": "eve",
    "reviews/digits/list": "eve",
    "cases": "operator",
    "approvals": "kim",
    "workflows": "operator",
    "models/digits": "operator",
    "analytics/digits": "operator",
    "policies/digits": "operator",
    "audit": "operator",
    "staffing": "operator",
    "overrides": "operator",
    "outbox": "operator",
    "retention": "operator",
    "tasks/digits": "operator",
    "new-task": "operator",
    "settings": "operator",
}
WHOLE = ("analytics/digits", "models/digits")
"""Pages whose charts are further down."""
CODE = """import subprocess


def clean(path):
    if path:
        return subprocess.call("rm -rf " + path, shell=True)


def find(db, name):
    return db.execute("SELECT * FROM users WHERE name = '%s'" % name)
"""
SETTLED_MS = 1500
SIZES = ((390, 844), (1024, 768), (1440, 900))
WIDEST = SIZES[-1][0]
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
        _pictures(people[account], place, place.replace("/", "-"), place in WHOLE)
    for name, place in _approvals(service).items():
        _pictures(people["kim"], place, name, is_whole=False)
    people["operator"].go("overview").palette().wait_for()
    _picture(people["operator"], "palette", is_whole=False)
    for person in people.values():
        person.close()


def _pictures(console: Console, place: str, name: str, is_whole: bool) -> None:
    """``place`` at every width; the widest has the plain name."""
    for width, height in SIZES:
        console.page.set_viewport_size({"width": width, "height": height})
        _picture(console.go(place), name if width == WIDEST else f"{name}-{width}", is_whole and width == WIDEST)


def _picture(console: Console, name: str, is_whole: bool) -> None:
    page = console.page
    page.wait_for_timeout(SETTLED_MS)
    page.wait_for_function("() => !document.querySelector('.skeleton, .bone')", timeout=LOADED_WITHIN_MS)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=FOLDER / f"{name}-{scheme}.png", full_page=is_whole)


def _approvals(service: Running) -> dict[str, str]:
    """The places of the open request for a model, and of those for code, a policy and a task, which are made here."""
    with service.as_("kim") as kim:
        [model] = [each for each in kim.send(get("v1", "approvals", status="pending"))["approvals"] if each["task"] == "digits"]
    with service.as_("client") as client:
        body = {"kind": "code_execution", "task": "digits", "title": "Nightly clean-up", "context": {"code": CODE}}
        code = client.send(post("v1", "approvals", body=body, key="picture-code"))["approval_id"]
    with service.as_("operator") as operator:
        policy = operator.send(get("v1", "policies", "digits"))["policy"] | {"automatic": 0.9}
        asked = operator.send(
            post("v1", "policies", "digits", body={"policy": policy, "title": "More automation"}, key="picture-policy")
        )
        guidelines = {"7": {"text": "One bar on top and no loop.", "examples": ["with a short stroke through the middle"]}}
        definition = {**operator.definition("digits")["definition"], "guidelines": guidelines}
        task = operator.propose_definition("digits", definition)["approval_id"]
    found = {"model": model["approval_id"], "code": code, "policy": asked["approval_id"], "task": task}
    return {f"approval-{kind}": f"approvals/{approval_id}" for kind, approval_id in found.items()}


if __name__ == "__main__":
    main()
