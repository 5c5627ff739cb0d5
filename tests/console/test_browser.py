"""The console in a real browser against the running product."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from hitl.client import Client
from tests.console.browser import Console
from tests.running import Running, candidate, images, kill, request, rows, serving, until

pytestmark = [pytest.mark.service, pytest.mark.slow]

Open = Callable[..., Console]

BACK_WITHIN_MS = 300_000
"""A replica takes five seconds of two idle cores."""


def send_cases(service: Running, run: str, count: int = 4, metadata: dict[str, str] | None = None) -> None:
    """Cases for reviewers. Between the mean image, of which every model is unsure, and an image lie some for them, whatever
    model serves."""
    found = 0
    with service.as_("client") as client:
        for at, features in enumerate(_between()):
            answer = client.decide("digits", features, metadata, key=f"{run}-{at}")
            found += answer["status"] == "pending_human"
            if found == count:
                return
    raise AssertionError(f"the model decided, or left to experts, all but {found} cases")


def _between() -> Iterator[list[float]]:
    mean = np.mean(np.asarray(rows("digits").initial.rows), axis=0)
    for image, _ in images(40):
        for part in (0.3, 0.4, 0.5, 0.6):
            yield [float(value) for value in mean + part * (np.asarray(image) - mean)]


def outcome(client: Client, case_id: str) -> dict[str, object]:
    return client.decision(case_id, wait_s=20)


def claimed_case(console: Console) -> str:
    """Opens the reviewers' queue, and names the case that is first in it."""
    console.go("reviews/digits")
    console.page.locator("article").wait_for()
    label = console.page.locator("article").get_attribute("aria-label")
    assert label is not None
    return label.removeprefix("Case ")


@pytest.mark.covers("003-03", "003-14")
def test_a_case_is_decided_by_the_keyboard_alone(service: Running, console: Open) -> None:
    send_cases(service, "keyboard")
    eve = console("eve")
    case_id = claimed_case(eve)
    eve.page.keyboard.press("3")
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Answered 3").wait_for()
    with service.as_("operator") as operator:
        assert outcome(operator, case_id)["outcome"]["label"] == "3"  # type: ignore[index]


def test_an_escalated_case_goes_to_the_experts_with_its_reason(service: Running, console: Open) -> None:
    send_cases(service, "escalate")
    eve = console("eve")
    case_id = claimed_case(eve)
    eve.page.keyboard.press("e")
    eve.page.get_by_label("Why").fill("it is smudged")
    eve.page.get_by_role("button", name="Escalate", exact=True).last.click()
    eve.page.get_by_text("Handed to the experts").wait_for()
    with service.as_("operator") as operator:
        assert "it is smudged" in str(operator.decision(case_id)["history"])


def test_a_draft_survives_a_reload(service: Running, console: Open) -> None:
    send_cases(service, "draft")
    eve = console("eve")
    case_id = claimed_case(eve)
    eve.page.locator("#note").fill("half a thought")
    eve.page.wait_for_timeout(200)
    kept = eve.page.evaluate("Object.entries(localStorage).map(([k, v]) => k + v).join()")
    assert case_id in kept
    assert "half a thought" in kept


def test_hostile_input_is_shown_as_text_and_the_policy_has_nothing_to_forbid(service: Running, console: Open) -> None:
    hostile = {"note": "<script>window.pwned=1</script><svg onload='window.pwned=1'>", "link": "javascript:window.pwned=1"}
    send_cases(service, "hostile", 3, hostile)
    eve = console("eve")
    claimed_case(eve)
    for _ in range(40):
        eve.page.locator("article").wait_for()
        if eve.page.get_by_text("<script>window.pwned=1</script>").count():
            break
        answered = eve.page.locator("article").get_attribute("aria-label")
        eve.page.keyboard.press("0")
        eve.page.keyboard.press("Control+Enter")
        eve.page.locator(f"article[aria-label='{answered}']").wait_for(state="detached")
    assert eve.page.get_by_text("<script>window.pwned=1</script>").count() == 1
    assert eve.page.evaluate("window.pwned") is None
    assert eve.complaints == []
    assert eve.strangers == []


def test_two_approvers_promote_a_model_and_see_the_version_change(service: Running, console: Open) -> None:
    digest = candidate(service, 0.37)
    approval = request(service, digest)
    for account in ("kim", "lee"):
        person = console(account)
        person.go(f"approvals/{approval}")
        person.page.keyboard.press("a")
        person.page.get_by_role("dialog").get_by_role("button", name="Approve").click()
        person.page.get_by_text("Your vote counts").wait_for()
    until(lambda: serving(service) == [digest])
    trainer = console("operator")
    trainer.go("models/digits")
    trainer.page.get_by_text(digest[:12]).first.wait_for()


def test_a_case_that_somebody_else_answered_says_who_and_keeps_the_draft(service: Running, console: Open) -> None:
    send_cases(service, "conflict")
    eve = console("eve")
    case_id = claimed_case(eve)
    with service.as_("eve") as same_person:
        review = same_person.review(f"{case_id}-1")["review"]
        same_person.answer(f"{case_id}-1", review["lease"]["id"], "5")
    eve.page.keyboard.press("4")
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_role("dialog").get_by_text("eve").wait_for()


PAGES = (
    "overview",
    "inbox",
    "cases",
    "reviews",
    "reviews/digits",
    "reviews/digits/list",
    "approvals",
    "workflows",
    "models",
    "analytics",
    "policies",
    "audit",
    "settings",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.covers("000-54", "000-55", "000-56", "000-57", "000-04")
def test_no_page_has_a_serious_barrier(service: Running, console: Open, scheme: str) -> None:
    send_cases(service, f"axe-{scheme}")
    eve, operator = console("eve", scheme), console("operator", scheme)
    found = {}
    for place in PAGES:
        person = eve if place.startswith("reviews/") else operator
        person.go(place).page.wait_for_timeout(700)
        found[place] = person.serious()
    assert {place: said for place, said in found.items() if said} == {}
    assert (eve.complaints + operator.complaints, eve.strangers + operator.strangers) == ([], [])


def test_nothing_is_wider_than_a_small_screen(service: Running, console: Open) -> None:
    send_cases(service, "narrow")
    eve = console("eve")
    eve.page.set_viewport_size({"width": 320, "height": 640})
    for place in PAGES:
        eve.go(place).page.wait_for_timeout(400)
        assert eve.page.evaluate("document.documentElement.scrollWidth") <= 320, place


def test_a_lost_lease_says_so_and_the_case_comes_back(service: Running, console: Open) -> None:
    send_cases(service, "lease")
    eve = console("eve")
    eve.page.route("**/claim", lambda route: route.continue_(post_data='{"lease_s": 3}'))
    claimed_case(eve)
    dialog = eve.page.get_by_role("dialog")
    dialog.get_by_text("The queue has taken this case back").wait_for()
    eve.page.unroute("**/claim")
    dialog.get_by_role("button", name="Claim again").click()
    eve.page.locator("article").wait_for()


@pytest.mark.covers("001-30", "000-53")
def test_the_page_lives_again_after_its_replica_died(service: Running, console: Open) -> None:
    eve = console("eve")
    eve.page.get_by_text("● live").wait_for()
    for pid in service.processes("ray::ServeReplica:review:Review"):
        kill(pid)
    eve.page.get_by_text("◐ reconnecting").wait_for()
    eve.page.get_by_text("● live").wait_for(timeout=BACK_WITHIN_MS)
    assert eve.page.evaluate("JSON.parse(localStorage['ray-hitl.settings']).refreshInterval") == 30_000


@pytest.mark.covers("D42")
def test_a_case_stays_on_the_page_until_the_service_has_said_yes(service: Running, console: Open) -> None:
    send_cases(service, "refused")
    eve = console("eve")
    case_id = claimed_case(eve)
    eve.page.route("**/decision", lambda route: route.fulfill(status=503, body="{}", content_type="application/json"))
    eve.page.keyboard.press("3")
    eve.page.keyboard.press("Control+Enter")
    eve.page.locator(".toast.error").first.wait_for()
    assert eve.page.locator("article").get_attribute("aria-label") == f"Case {case_id}"


def test_the_keys_are_shown_on_their_sheet_and_can_be_switched_off(service: Running, console: Open) -> None:
    eve = console("eve").go("settings")
    eve.page.keyboard.press("?")
    eve.page.get_by_role("dialog").get_by_text("escalate").wait_for()
    eve.page.keyboard.press("Escape")
    eve.page.get_by_label("Enable single-key shortcuts").uncheck()
    eve.page.locator("h1").click()
    eve.page.keyboard.press("?")
    assert eve.page.get_by_role("dialog").count() == 0
