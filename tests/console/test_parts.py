"""Parts of the console beside reviews and charts, in a real browser over the application in process."""

from collections.abc import Callable, Iterator

import pytest

from tests.console.browser import Console
from tests.console.near import Near, near
from tests.console.test_steering import policy_as_json
from tests.identity.conftest import SealedWorld

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


class Sealed(Near, SealedWorld):
    """Digits whose input is sealed."""


@pytest.fixture(scope="module")
def world() -> Iterator[Near]:
    with near(Sealed()) as found:
        yield found


def test_sealed_input_is_revealed_on_the_record_and_hidden_again(world: Sealed, person: Person) -> None:
    case_id = world.do(world.sealed_case("sealed"))
    eve = person("eve").go("reviews/digits")
    eve.page.get_by_role("button", name="Reveal").click()
    eve.page.get_by_label("Why").fill("the name decides it")
    eve.page.get_by_role("dialog").get_by_role("button", name="Reveal").click()
    eve.page.get_by_text("Ada").wait_for()
    assert "the name decides it" in str(
        world.do(world.call("GET", f"/v1/cases/{case_id}/reveals", world.keys["operator"])).json()
    )
    eve.page.get_by_role("button", name="Hide them again").click()
    assert eve.page.get_by_text("Ada").count() == 0


def test_a_policy_is_tried_in_figures_and_sent_for_approval(world: Near, person: Person) -> None:
    world.cases(20)  # fewer would tell of single sealed inputs
    operator = person("operator").go("policies/digits")
    editor = policy_as_json(operator.page)
    editor.fill(editor.input_value().replace('"automatic": 0.95', '"automatic": 0.99'))
    operator.page.get_by_role("button", name="Try on past cases").click()
    operator.page.get_by_text("decided by the model").wait_for()
    operator.page.get_by_label("What the change is for").fill("fewer errors")
    operator.page.get_by_role("button", name="Ask for approval").click()
    operator.page.get_by_text("Sent for approval").wait_for()


def test_a_second_person_confirms_a_right_that_its_asker_cannot(world: Near, person: Person) -> None:
    world.add_admin()
    asked = world.do(world.call("PUT", "/v1/accounts/vera", world.keys["root"], {"roles": ["approver"]}, idempotency_key="g"))
    assert asked.status_code == 202
    root = person("root").go("people")
    root.page.get_by_text("Somebody else confirms it.").wait_for()
    assert root.page.get_by_role("button", name="Confirm for vera").count() == 0
    kim = person("kim").go("approvals")
    kim.page.get_by_role("button", name="Confirm for vera").click()
    kim.page.get_by_text("Rights that wait for a second person").wait_for(state="detached")
    assert person("ada").go("overview").page.get_by_text("Rights that wait").count() == 0


def test_an_approver_reads_what_a_vote_does_and_votes_for_the_option_that_they_chose(world: Near, person: Person) -> None:
    plans = [
        {"label": "Plan A", "value": "plan-a", "outcome": "approve"},
        {"label": "Plan B", "value": "plan-b", "outcome": "approve"},
        {"label": "Leave it", "value": "leave", "outcome": "reject"},
    ]
    silence = {"option": "leave", "reason": "no word, no run"}
    body = {"kind": "custom", "title": "Which plan?", "options": plans, "default": silence}
    asked = world.do(world.call("POST", "/v1/approvals", world.keys["client"], body, idempotency_key="words")).json()
    page = person("kim").go(f"approvals/{asked['approval_id']}").page
    follows = page.get_by_role("region", name="What follows")
    follows.get_by_text('silence means "Leave it" (leave), which rejects it: no word, no run').wait_for()
    page.get_by_text('"Plan B" (plan-b) approves the request.').wait_for()
    page.get_by_text("Votes count until").wait_for()
    page.get_by_role("button", name="Plan B").click()
    page.get_by_role("dialog").get_by_role("button", name="Plan B").click()
    page.get_by_text("Your vote counts").wait_for()
    path = f"/v1/approvals/{asked['approval_id']}"
    assert world.do(world.call("GET", path, world.keys["kim"])).json()["approval"]["choice"] == "plan-b"


def test_a_candidate_that_came_to_nothing_is_asked_for_again_and_shows_its_trials(world: Near, person: Person) -> None:
    trials = [
        {"params": {"C": c}, "log_loss": loss, "accuracy": 0.9, "seconds": 1.0, "failed": False}
        for c, loss in ((1.0, 0.4), (9.0, 0.3))
    ]
    body = {"kind": "model_deployment", "task": "digits", "digest": "a" * 64, "title": "a model", "evidence": {"trials": trials}}
    asked = world.do(world.call("POST", "/v1/approvals", world.keys["operator"], body, idempotency_key="1")).json()
    path = f"/v1/approvals/{asked['approval_id']}/cancel"
    world.do(world.call("POST", path, world.keys["operator"], {"reason": "too early"}, idempotency_key="2"))
    page = person("operator").go("models/digits").page
    page.get_by_role("heading", name="the best of 2 trials has a log loss of 0.3").wait_for()
    page.get_by_role("button", name="Request promotion").click()
    page.get_by_text("Asked for votes").wait_for()


@pytest.mark.covers("001-30")
def test_a_refinement_shows_its_rounds_word_by_word_and_leaves_the_list_once_answered(world: Near, person: Person) -> None:
    step = {
        "pattern": "iterative_refinement",
        "config": {"max_iterations": 3, "assignees": ["eve"]},
        "data": {"current_result": "a red apple"},
    }
    opened = world.do(world.call("POST", "/v1/interactions", world.keys["client"], step, idempotency_key="3")).json()
    answer = {"user_input": {"refined_result": "a green apple", "continue_refining": True}}
    path = f"/v1/interactions/{opened['interaction_id']}"
    world.do(world.call("POST", f"{path}/answer", world.keys["eve"], answer, idempotency_key="4"))
    page = person("eve").go(f"workflows/{opened['interaction_id']}").page
    page.get_by_text("Round 2 of at most 3").wait_for()
    assert (page.locator("del").inner_text(), page.locator("ins").inner_text()) == ("red", "green")
    page.locator("form textarea").first.fill("a ripe apple")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Answered").wait_for()
    page.get_by_role("link", name="Workflows").first.click()
    page.get_by_text("No step of a pipeline waits for you.").wait_for()
