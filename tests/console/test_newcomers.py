"""What new users asked a page and did not find: what follows a vote, whose key it is, where one's own decisions are."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.console.browser import Console
from tests.console.near import Near
from tests.console.test_approval_pages import ask, code, share

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

UNMEASURED = ["latency_ms", "latency_p99_ms", "latency_ratio", "corrections_kept"]


def model(world: Near) -> str:
    """A request for a model that is a little worse."""
    evidence: dict[str, Any] = {
        "candidate": {"accuracy": share(0.97, 400)},
        "champion": {"accuracy": share(0.98, 400)},
    }
    body = {"kind": "model_deployment", "task": "digits", "digest": "c" * 64, "title": "Version 3", "evidence": evidence}
    return ask(world, "operator", body)


def show_unmeasured(kim: Console, approval: str) -> None:
    """Show the request as if the service had measured its model: what a requester claims of that does not count."""

    def measured(route: Any) -> None:
        answer = route.fetch()
        body = answer.json()
        body["approval"]["evidence"]["measured"] = {"by": "the service", "not_measured": UNMEASURED}
        route.fulfill(response=answer, json=body)

    kim.page.route(f"**/v1/approvals/{approval}", measured)


def test_the_first_screen_says_what_follows_a_yes_a_no_and_silence_and_until_when(world: Near, person: Person) -> None:
    kim = person("kim")
    for approval, approved in ((model(world), "This version answers"), (code(world), "Who asked is told so and can go on")):
        follows = kim.go(f"approvals/{approval}").page.get_by_role("region", name="What follows")
        follows.get_by_text(approved).wait_for()
        follows.get_by_text("Nothing changes.").wait_for()
        follows.get_by_text("nothing is approved. The time ends in").wait_for()
        box = follows.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 400
        kim.page.get_by_role("region", name="Your vote").get_by_text("expires in").wait_for()


def test_the_question_before_a_vote_names_the_request(world: Near, person: Person) -> None:
    page = person("kim").go(f"approvals/{model(world)}").page
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("heading", name="Approve: Version 3 (version cccccccccccc)").wait_for()


def test_a_difference_of_shares_is_in_points(world: Near, person: Person) -> None:
    page = person("kim").go(f"approvals/{model(world)}").page
    page.get_by_role("table", name="Key figures").get_by_text("−1.00 points").wait_for()


def test_what_was_not_measured_is_named_in_words_and_stays_on_the_page(world: Near, person: Person) -> None:
    kim, approval = person("kim"), model(world)
    show_unmeasured(kim, approval)
    page = kim.go(f"approvals/{approval}").page
    page.get_by_text("Not measured by the service: time per batch,").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
