"""What the first console got wrong, a test for each defect that has none elsewhere, in a real browser over the application."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Route

from tests.console.browser import Console
from tests.console.near import Near
from tests.console.test_steering import policy_as_json

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

CREDIT = yaml.safe_load(Path("configs/tasks/german_credit.yaml").read_text(encoding="utf-8"))
LEASE_S = 120
AFTER_THE_CLAIMS = "() => fetch('/health').then(answer => answer.text())"
"""Asked once the service has given the cases, and so answered behind them: the page knows what it holds."""


def as_credit(route: Route) -> None:
    """The claimed case as an application for a credit, whose field names are long."""
    answer = route.fetch()
    if answer.status != 200:
        route.fulfill(response=answer)
        return
    body = answer.json()
    fields = CREDIT["input"]["fields"]
    features = {field["name"]: field["values"][0] if "values" in field else field["min"] for field in fields}
    for review in (body["review"], *body["reviews"]):
        review["form"]["input"] = CREDIT["input"]
        review["payload"]["features"] = {**features, "credit_amount": 4321.5}
    route.fulfill(response=answer, json=body)


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_every_value_of_a_wide_row_is_in_view(world: Near, person: Person, width: int) -> None:
    world.cases(1)
    eve = person("eve")
    eve.page.route("**/claim", as_credit)
    eve.page.set_viewport_size({"width": width, "height": 900})
    eve.go("reviews/digits")
    amount = eve.page.locator(".values > div").filter(has_text="Credit amount").locator("dd")
    amount.wait_for()
    assert "4,321.5 DM" in amount.inner_text()
    box = amount.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert eve.page.evaluate("document.documentElement.scrollWidth") <= width


def test_who_is_asked_sees_what_they_approve(world: Near, person: Person) -> None:
    step = {
        "pattern": "multi_approval",
        "config": {"approvers": ["ada", "eve"], "approval_type": "all"},
        "data": {"plan": "move the archive to the cold store"},
    }
    opened = world.do(world.call("POST", "/v1/interactions", world.keys["client"], step, idempotency_key="m"))
    assert opened.status_code == 201, opened.text
    ada = person("ada").go("workflows")
    ada.page.locator("tbody a").first.click()
    ada.page.get_by_text("move the archive to the cold store").wait_for()


def leases_of_eve(world: Near) -> list[dict[str, Any]]:
    return list(world.do(world.call("GET", "/v1/leases", world.keys["eve"])).json()["reviews"])


def test_who_works_keeps_the_case_in_hand_and_the_one_behind_it(world: Near, person: Person) -> None:
    world.cases(2)
    eve = person("eve")
    eve.page.clock.install()
    eve.go("reviews/digits").page.locator("article").wait_for()
    eve.until(lambda: len(leases_of_eve(world)) == 2)
    eve.page.evaluate(AFTER_THE_CLAIMS)
    held = leases_of_eve(world)
    kept: list[str] = []
    eve.page.on("request", lambda request: kept.append(request.url) if request.url.endswith("/heartbeat") else None)
    eve.page.clock.fast_forward(1000 * LEASE_S * 3 // 4)
    eve.page.keyboard.press("m")
    eve.until(lambda: len(kept) >= len(held))
    eve.page.wait_for_timeout(500)  # for one too many
    for review in held:
        assert sum(review["review_id"] in url for url in kept) == 1


def test_a_withdrawn_case_says_why_and_stops_its_clock(world: Near, person: Person) -> None:
    [case_id] = world.cases(1)
    eve = person("eve").go("reviews/digits")
    eve.page.get_by_role("timer").wait_for()
    review_id = world.do(world.call("GET", "/v1/leases", world.keys["eve"])).json()["reviews"][0]["review_id"]
    body = {"to": "person:ada", "reason": "hers"}
    path = f"/v1/reviews/{review_id}/assign"
    assert world.do(world.call("POST", path, world.keys["operator"], body, idempotency_key="a")).status_code == 200
    eve.page.get_by_text("Somebody else is handling this case now").wait_for()
    assert eve.page.get_by_role("timer").count() == 0
    assert eve.page.get_by_role("button", name="Submit").is_disabled()
    assert case_id in review_id


def test_runs_are_asked_for_under_the_name_that_training_logs_under(world: Near, person: Person) -> None:
    operator = person("operator")
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        run = {"run_id": "abcdef0123456789", "status": "FINISHED", "metrics.accuracy": 0.91}
        route.fulfill(json={"runs": [run], "total": 1, "feature": "hitl-digits"})

    operator.page.route("**/mlflow/tracking/runs/*", answer)
    operator.go("models/digits")
    operator.page.get_by_role("region", name="Training runs").get_by_text("abcdef012345").wait_for()
    assert all("feature=hitl-digits" in url for url in asked)


def test_an_operator_sees_what_waits_and_assigns_it(world: Near, person: Person) -> None:
    world.cases(2)
    operator = person("operator").go("reviews")
    operator.page.locator("a[href='/reviews/digits/list']").click()
    operator.page.locator("tbody tr").nth(1).wait_for()
    assert operator.page.get_by_role("link", name="Review one at a time").count() == 0
    operator.page.get_by_role("checkbox").first.check()
    operator.page.get_by_role("button", name="Assign").click()
    operator.page.get_by_role("dialog").get_by_role("textbox").fill("person:ada")
    operator.page.get_by_role("dialog").get_by_role("button", name="Assign").click()
    operator.page.get_by_text("1 review is assigned to person:ada").wait_for()


def test_the_head_of_a_case_never_calls_it_the_last_while_others_wait(world: Near, person: Person) -> None:
    world.cases(5)
    eve = person("eve")
    seen = 0

    def first_only(route: Route) -> None:
        """What is fetched ahead stays on its way."""
        nonlocal seen
        seen += 1
        if seen == 1:
            route.continue_()

    eve.page.route("**/claim", first_only)
    eve.go("reviews/digits").page.locator(".focus-head").wait_for()
    eve.page.locator(".focus-head").get_by_text(re.compile(r"\d cases are waiting")).wait_for()
    assert "last" not in eve.page.locator(".focus-head").inner_text()


def test_the_overview_names_what_waits_for_a_reviewer_and_only_their_own(world: Near, person: Person) -> None:
    world.cases(3)
    ada = person("ada")
    depths = {"waiting": 7, "by_priority": {}, "leased": 0, "oldest_opened_at": 1.0, "oldest_age_s": 60.0}
    ada.page.route("**/v1/queues", lambda route: _with_queue(route, "digits.expert", depths))
    ada.go("reviews").go("overview")
    due = ada.page.get_by_role("region", name="Due soon")
    due.get_by_role("link", name="digits: 3 cases are waiting").wait_for()
    assert due.get_by_text("7 cases are waiting").count() == 0
    due.get_by_text("waiting since").wait_for()
    card = ada.page.locator("a.card").filter(has_text="Waiting for review")
    assert card.locator(".big").inner_text() == "3"


def _with_queue(route: Route, name: str, depths: dict[str, Any]) -> None:
    answer = route.fetch()
    body = answer.json()
    body["queues"][name] = depths
    route.fulfill(response=answer, json=body)


def test_a_policy_that_was_sent_links_to_its_request_and_cannot_be_sent_twice(world: Near, person: Person) -> None:
    operator = person("operator").go("policies/digits").page
    editor = policy_as_json(operator)
    before = editor.input_value()
    editor.fill(before.replace('"automatic": 0.95', '"automatic": 0.99'))
    operator.get_by_label("What the change is for").fill("fewer errors")
    operator.get_by_role("button", name="Ask for approval").click()
    operator.get_by_text("Sent for approval").wait_for()
    assert editor.input_value() == before
    assert operator.get_by_role("button", name="Ask for approval").is_disabled()
    operator.get_by_role("link", name="Open the request").click()
    operator.get_by_role("heading", name="fewer errors").wait_for()


def test_a_workflow_shows_times_and_words_for_people_and_can_be_ended(world: Near, person: Person) -> None:
    body = {"name": "nightly digits", "stages": [{"type": "training"}, {"type": "deployment"}]}
    made = world.do(world.call("POST", "/v1/workflows", world.keys["trainer"], body, idempotency_key="w"))
    assert made.status_code == 201, made.text
    page = person("operator").go(f"workflows/{made.json()['workflow_id']}/flow").page
    page.get_by_role("heading", name="nightly digits").wait_for()
    assert re.search(r"\b1\d{9}\b", page.locator("main").inner_text()) is None
    assert "_" not in page.locator("main table").inner_text()
    page.get_by_role("button", name="Cancel workflow").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("not tonight")
    page.get_by_role("dialog").get_by_role("button", name="Cancel workflow").click()
    page.locator(".chip").get_by_text("Cancelled").first.wait_for()


EXPIRED = {"kind": "ApprovalExpired", "severity": "warning", "data": {"approval_id": "code_execution-8", "task": ""}}
OVER = {"kind": "alert.resolved", "severity": "success", "data": {"alert": "approvalTimeouts", "key": "german_credit-1"}}
NEWS = {
    "notices": [
        {"id": "1", "at": 1.0, "title": ": code_execution-8 has expired", **EXPIRED},
        {"id": "2", "at": 2.0, "title": "approvalTimeouts: german_credit-1", "is_read": True, **OVER},
    ],
    "unread": 1,
}


def test_news_are_whole_sentences_with_a_link_and_say_what_is_unread(world: Near, person: Person) -> None:
    kim = person("kim")
    kim.page.route("**/v1/inbox?*", lambda route: route.fulfill(json=NEWS))
    news = kim.go("inbox").page.get_by_role("region", name="Notifications")
    expired = news.get_by_role("link", name="code_execution-8 has expired", exact=True)
    assert expired.get_attribute("href") == "/approvals/code_execution-8"
    over = news.get_by_role("link", name="Over: An approval waits for votes: german_credit-1")
    assert over.get_attribute("href") == "/approvals/german_credit-1"
    assert news.locator(".chip.info").count() == 1
