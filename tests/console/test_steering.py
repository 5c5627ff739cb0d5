"""What people hand on, take back, switch and watch in the console, in a real browser over the application in process."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from hitl.approval.commands import Deploy, RequestApproval, Vote
from hitl.canonical import fingerprint
from hitl.learning.journalled.commands import NoteShadow
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, LEARNING
from hitl.quality.shadow import ShadowTally
from hitl.serving.commands import SetShadow
from serve_app.reconcilers.deployer import Deployer
from tests.console.browser import Console
from tests.console.near import Near, near
from tests.console.test_care import answered
from tests.review_app.test_policies import unused_check

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

STRICT = {"automatic": 0.99}
FIRST, SECOND = "1" * 64, "2" * 64


@pytest.fixture
def world() -> Iterator[Near]:
    """Digits, whose answers are final at once."""
    with near(Near()) as found:
        yield found


def send(world: Near, who: str, path: str, body: Any = None) -> Any:
    """What the service answers to ``who``; a key of its own for each body."""
    answer = world.do(world.call("POST", path, world.keys[who], body, idempotency_key=fingerprint([who, path, body])))
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def submit(world: Near, shard: str, command: Any) -> Any:
    return world.do(world.shards.submit(shard, Envelope(command, repr(command), "", "tester", "")))


def vote_for(world: Near, approval_id: str, digest: str) -> None:
    for who in ("kim", "lee"):
        send(world, who, f"/v1/approvals/{approval_id}/votes", {"vote": "approve", "digest": digest})


async def voters(task: str) -> set[str]:
    return {"kim", "lee"}


def adopt(world: Near, policy: dict[str, Any]) -> None:
    """Vote for ``policy`` and let it route."""
    found = world.do(world.call("GET", "/v1/policies/digits", world.keys["operator"])).json()["policy"]
    told = send(world, "trainer", "/v1/policies/digits", {"policy": {**found, **policy}, "title": f"change {', '.join(policy)}"})
    vote_for(world, told["approval_id"], told["version"])
    world.do(Deployer(world.shards, world.tasks, unused_check, voters).once())


def policy_as_json(page: Page) -> Locator:
    """The editor of digits' policy, with the tab of JSON chosen."""
    page.get_by_role("tab", name="Edit as JSON").click()
    return page.get_by_role("textbox", name="Policy of digits")


def policy_of(page: Page) -> str:
    return policy_as_json(page).input_value()


def test_an_operator_returns_to_the_policy_of_the_file_and_forth_again(world: Near, person: Person) -> None:
    adopt(world, STRICT)
    operator = person("operator").go("policies/digits")
    assert '"automatic": 0.99' in policy_of(operator.page)
    revert(operator, "Return to the policy of the task's file")
    assert '"automatic": 0.95' in policy_of(operator.page)
    revert(operator, "Return to the policy of deployment 1")
    assert '"automatic": 0.99' in policy_of(operator.page)


def revert(operator: Console, button: str) -> None:
    before = policy_of(operator.page)
    answered(operator, button, "too many cases wait")
    operator.page.get_by_text("The earlier policy is in force").wait_for()
    operator.page.wait_for_function("before => document.querySelector('textarea.code')?.value !== before", arg=before)


def test_a_case_that_was_set_aside_waits_again(world: Near, person: Person) -> None:
    [case_id] = world.cases(1)
    for who in ("ada", "ben", "eve"):
        review = send(world, who, "/v1/queues/digits/claim")["review"]
        body = {"lease": review["lease"]["id"], "kind": "render", "detail": "all pixels are zero"}
        send(world, who, f"/v1/reviews/{review['review_id']}/failure", body)
    operator = person("operator").go(f"cases/{case_id}")
    answered(operator, "Return to the queue", "the picture was sent again")
    operator.page.get_by_text("The case waits again").wait_for()
    assert send(world, "ada", "/v1/queues/digits/claim")["review"]["case_id"] == case_id


def test_an_expert_sends_a_case_back_to_the_reviewers(world: Near, person: Person) -> None:
    [case_id] = world.cases(1)
    review = send(world, "ada", "/v1/queues/digits/claim")["review"]
    send(world, "ada", f"/v1/reviews/{review['review_id']}/escalate", {"lease": review["lease"]["id"], "reason": "a 3 or an 8"})
    eve = person("eve").go("reviews/digits.expert")
    eve.page.get_by_text("Hand on", exact=True).click()
    answered(eve, "Send back to reviewers", "look at the upper half")
    eve.page.get_by_text("Sent back to the reviewers").wait_for()
    assert send(world, "ben", "/v1/queues/digits/claim")["review"]["case_id"] == case_id


def test_a_case_that_is_with_the_experts_is_not_escalated_to_them_again(world: Near, person: Person) -> None:
    world.cases(1)
    review = send(world, "ada", "/v1/queues/digits/claim")["review"]
    send(world, "ada", f"/v1/reviews/{review['review_id']}/escalate", {"lease": review["lease"]["id"], "reason": "a 3 or an 8"})
    eve = person("eve").go("reviews/digits.expert")
    eve.page.get_by_role("button", name="Skip").wait_for()
    eve.page.keyboard.press("e")
    eve.page.keyboard.press("s")
    eve.page.get_by_role("dialog", name="Skip this case").wait_for()
    assert eve.page.get_by_role("button", name="Escalate").count() == 0


def test_a_reviewer_is_not_offered_to_send_back(world: Near, person: Person) -> None:
    world.cases(1)
    ada = person("ada").go("reviews/digits")
    ada.page.get_by_text("Hand on", exact=True).click()
    ada.page.get_by_role("button", name="Hand to a person").wait_for()
    assert ada.page.get_by_role("button", name="Send back to reviewers").count() == 0


def test_who_is_asked_for_a_vote_lets_somebody_else_vote(world: Near, person: Person) -> None:
    body = {"kind": "custom", "title": "Which plan runs tonight?", "policy": {"approvers": ["kim"]}}
    approval_id = send(world, "operator", "/v1/approvals", body)["approval_id"]
    kim = person("kim").go(f"approvals/{approval_id}")
    answered(kim, "Let somebody else vote", "lee")
    kim.page.get_by_text("lee votes instead").wait_for()
    kim.page.get_by_text("Still asked: lee").wait_for()
    assert kim.page.get_by_role("button", name="Approve").count() == 0
    lee = person("lee").go(f"approvals/{approval_id}")
    answered(lee, "Approve", "plan B")
    lee.page.locator(".chip").get_by_text("Approved").first.wait_for()


def test_overrides_of_a_task_are_switched_off_with_a_reason_and_on_again(world: Near, person: Person) -> None:
    operator = person("operator").go("overrides")
    answered(operator, "Switch off for digits", "the scanner was broken")
    operator.page.locator(".chip").get_by_text("Off: the scanner was broken").wait_for()
    operator.page.get_by_role("button", name="Switch on for digits").click()
    operator.page.get_by_role("button", name="Switch off for digits").wait_for()


def deploy(world: Near, digest: str, share: float = 1.0) -> None:
    asked = RequestApproval("model_deployment", "digits", digest, "a model", {}, "trainer", 1, 1e12)
    approval = submit(world, APPROVAL, asked).approval_id
    submit(world, APPROVAL, Vote(approval, "kim", "approve", digest))
    submit(world, APPROVAL, Deploy(approval, digest, share))


def test_a_model_that_watches_shows_how_often_it_would_decide_otherwise(world: Near, person: Person) -> None:
    deploy(world, FIRST)
    submit(world, APPROVAL, SetShadow("digits", model=SECOND, by="shadow"))
    tally = ShadowTally(cases=40, agreed=30, failed=4)
    tally.routes.update({"automatic>automatic": 30, "automatic>review": 6})
    submit(world, LEARNING, NoteShadow("digits", SECOND, None, {"0": 40}, tally.counts()))
    page = person("kim").go("models/digits").page
    row = page.get_by_role("region", name="Watching beside the deployed model").get_by_role("row").filter(has_text=SECOND[:12])
    row.wait_for()
    cells = row.get_by_role("cell").all_inner_texts()
    assert cells[1] == "40"
    assert [cell.split()[0] for cell in cells[2:]] == ["16.7%", "83.3%", "100%", "10.0%"]


def test_a_canary_shows_the_share_of_each_version(world: Near, person: Person) -> None:
    deploy(world, FIRST)
    deploy(world, SECOND, share=0.25)
    page = person("kim").go("models/digits").page
    now = page.get_by_role("row").filter(has_text="Serving now")
    now.wait_for()
    assert f"{SECOND[:12]} 25%" in now.inner_text()
    assert f"{FIRST[:12]} 75%" in now.inner_text()


@pytest.mark.parametrize(("button", "status"), [("Approve", "Completed"), ("Reject", "Completed"), ("Escalate", "Expert review")])
def test_a_workflow_goes_on_by_what_a_person_decides(world: Near, person: Person, button: str, status: str) -> None:
    case = {"workflow_type": "decision", "request_data": {"amount": 10}}
    workflow_id = send(world, "client", "/v1/workflows/cases", case)["workflow_id"]
    said = {"ai_result": {"prediction": "approve", "confidence": 0.7}}
    send(world, "client", f"/v1/workflows/{workflow_id}/prediction", said)
    ada = person("ada").go(f"workflows/{workflow_id}/flow")
    decision = ada.page.get_by_role("region", name="Your decision")
    decision.get_by_role("button", name=button).click()
    ada.page.get_by_role("dialog").get_by_role("textbox").fill("the amount is small")
    ada.page.keyboard.press("Control+Enter")
    ada.page.locator("h1 ~ .chip, .page-head .chip").get_by_text(status).first.wait_for()


@pytest.mark.parametrize("language", ["Deutsch"])
def test_every_page_stands_in_the_chosen_language(browser: Browser, language: str) -> None:
    with near(Near()) as world:
        world.cases(2)
        operator = Console(browser, world).sign_in("operator").go("settings")
        operator.page.get_by_label("Language").select_option(label=language)
        titles = {
            "overview": "Übersicht",
            "inbox": "Eingang",
            "cases": "Fälle",
            "models/digits": "Modelle",
            "approvals": "Freigaben",
            "workflows": "Abläufe",
            "analytics/digits": "Auswertung",
            "policies/digits": "Regeln",
            "audit": "Protokoll",
            "staffing/digits": "Personal",
            "overrides": "Korrekturen",
            "outbox": "Nachrichten",
            "new-task": "Neue Aufgabe",
            "settings": "Einstellungen",
        }
        for place, title in titles.items():
            operator.go(place).page.get_by_role("heading", name=title, level=1).wait_for()
            assert operator.serious() == []
        assert operator.page.evaluate("document.documentElement.lang") == "de"
        operator.close()
