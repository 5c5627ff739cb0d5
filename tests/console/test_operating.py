"""Messages, policies, exports and reports in the console, in a real browser over the application in process."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from tests.console.browser import Console
from tests.console.near import Near, near
from tests.console.test_finding import decide
from tests.console.test_steering import policy_as_json

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

DEAD: dict[str, Any] = {
    "id": "delivery-1",
    "channel": "webhook",
    "kind": "Deployed",
    "title": "digits: <b>Deployed</b>",
    "body": {"generation": 3},
    "created_at": 1.0,
    "status": "dead",
    "attempts": 5,
    "last_error": "HTTP 503",
}
CHANNELS = [
    {"name": "email", "type": "apprise", "is_configured": True, "takes_trials": True, "fallback": None},
    {"name": "slack", "type": "apprise", "is_configured": False, "takes_trials": False, "fallback": "email"},
]
ATTEMPT = {
    "id": "delivery-1",
    "channel": "webhook",
    "at": 2.0,
    "seconds": 0.2,
    "attempt": 5,
    "status": "dead",
    "error": "HTTP 503",
}


def with_messages(console: Console) -> list[str]:
    """Stand in for the outbox: one message that nobody took. The paths of what is sent again are gathered."""
    again: list[str] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(console.service.url).split("?")[0]
        if route.request.method == "POST":
            again.append(path)
            route.fulfill(json={"replayed": ["delivery-1"], "channel": "email", "delivery_id": "delivery-1"})
        elif path.endswith("/channels"):
            route.fulfill(json={"channels": CHANNELS})
        elif path.endswith("/log"):
            route.fulfill(json={"attempts": [ATTEMPT]})
        elif path.endswith("/delivery-1"):
            route.fulfill(json={"delivery": DEAD})
        else:
            route.fulfill(json={"counts": {"dead": 1, "delivered": 7}, "deliveries": [DEAD]})

    console.page.route("**/v1/outbox**", answer)
    return again


def test_a_message_that_nobody_took_is_read_and_sent_again(world: Near, person: Person) -> None:
    operator = person("operator")
    again = with_messages(operator)
    page = operator.go("outbox").page
    page.get_by_text("1 not delivered, 7 delivered").wait_for()
    page.get_by_role("link", name="digits: <b>Deployed</b>").click()
    page.get_by_role("heading", name="digits: <b>Deployed</b>").wait_for()
    page.get_by_role("button", name="Send again").click()
    page.get_by_text("1 message is sent again").wait_for()
    assert again == ["/v1/outbox/delivery-1/replay"]


def test_all_messages_that_nobody_took_are_sent_again_at_once(world: Near, person: Person) -> None:
    operator = person("operator")
    again = with_messages(operator)
    page = operator.go("outbox").page
    page.get_by_role("button", name="Send all undelivered again").click()
    page.get_by_text("1 message is sent again").wait_for()
    assert again == ["/v1/outbox/replay"]


def test_a_channel_is_tried_by_a_test_message_whose_delivery_is_one_press_away(world: Near, person: Person) -> None:
    operator = person("operator")
    sent = with_messages(operator)
    page = operator.go("outbox").page
    channels = page.get_by_role("region", name="Channels")
    channels.get_by_text("No address here: email gets its messages").wait_for()
    assert channels.get_by_role("button").all_inner_texts() == ["Send a test message"]
    channels.get_by_role("button", name="Send a test message to email").click()
    page.get_by_role("button", name="See what comes of it").click()
    page.wait_for_url("**/outbox/delivery-1")
    assert sent == ["/v1/outbox/channels/email/test"]
    assert operator.serious() == []


def test_a_policy_watches_and_stops_watching(world: Near, person: Person) -> None:
    page = person("operator").go("policies/digits").page
    editor = policy_as_json(page)
    editor.fill(editor.input_value().replace('"automatic": 0.95', '"automatic": 0.99'))
    page.get_by_role("button", name="Let it watch").click()
    page.get_by_text("The policy watches").wait_for()
    page.get_by_role("button", name="End watching").click()
    page.get_by_text("No policy watches any more").wait_for()


def test_who_may_only_read_a_policy_is_offered_no_way_to_steer_it(world: Near, person: Person) -> None:
    page = person("kim").go("policies/digits").page
    page.get_by_label("Automatic above").wait_for()
    for name in ("Let it watch", "Stop automation", "Ask for approval"):
        assert page.get_by_role("button", name=name).count() == 0


def test_a_trainer_takes_the_labelled_data_as_a_file(world: Near, person: Person) -> None:
    world.cases(2)
    page = person("trainer").go("models/digits").page
    with page.expect_download() as taken:
        page.get_by_role("button", name="Export labelled data").click()
    assert taken.value.suggested_filename == "digits.jsonl"
    page.get_by_text("0 cases are exported").wait_for()


def test_the_exported_file_holds_what_people_decided(browser: Browser) -> None:
    with near(Near()) as world:
        world.cases(1)
        case_id = decide(world, "ada", "7")
        console = Console(browser, world).sign_in("trainer").go("models/digits")
        with console.page.expect_download() as taken:
            console.page.get_by_role("button", name="Export labelled data").click()
        rows = [json.loads(line) for line in Path(taken.value.path()).read_text().splitlines()]
        assert [(row["case_id"], row["label"]) for row in rows] == [(case_id, "7")]
        console.close()


def test_a_compliance_report_counts_by_task_and_says_what_is_counted(world: Near, person: Person) -> None:
    operator = person("operator")
    line = {"count": 3, "share": 0.25, "n": 12, "definition": "cases that people looked at"}
    found = {"from": None, "to": None, "tasks": {"digits": {"flagged": line}}}
    operator.page.route("**/v1/audit/report*", lambda route: route.fulfill(json=found))
    report = operator.go("audit").page.get_by_role("region", name="Compliance report")
    report.get_by_text("25.0%").wait_for()
    assert report.locator("span[title='cases that people looked at']").inner_text() == "Flagged"
