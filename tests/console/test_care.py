"""What operators, experts and admins do with cases, overrides, policies, sessions and messages, in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from hitl.tasks import TaskSpec, load_task
from hitl.tasks.learning_terms import OverrideTerms
from tests.console.browser import Console
from tests.console.near import Near, near
from tests.console.test_finding import ask, decide
from tests.identity.conftest import SealedWorld

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


class Sealed(Near, SealedWorld):
    """Digits whose inputs are sealed, and whose answers are final at once."""


class SealedAndShown(Sealed):
    """Sealed so that cases can be erased; nothing of them is masked."""

    def __init__(self) -> None:
        super().__init__()
        plain = self.tasks["digits"].model_dump()
        shown = {"input": {**plain["input"], "sensitive": False}, "sensitive_metadata": [], "sealed": True}
        self.tasks["digits"] = TaskSpec.model_validate({**plain, **shown})
        self.serve()


@pytest.fixture
def world() -> Iterator[Near]:
    """Digits, whose answers are final at once."""
    with near(Near()) as found:
        yield found


@pytest.fixture
def sealed(browser: Browser) -> Iterator[tuple[Sealed, str, Console]]:
    """A sealed case that waits, on the operator's page."""
    with near(Sealed()) as world:
        assert isinstance(world, Sealed)
        case_id = world.do(world.sealed_case("sealed"))
        console = Console(browser, world).sign_in("operator").go(f"cases/{case_id}")
        yield world, case_id, console
        console.close()


def answered(page: Console, button: str, text: str) -> None:
    """Press ``button``, give ``text`` in the dialog, and send it."""
    page.page.get_by_role("button", name=button).first.click()
    dialog = page.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(text)
    page.page.keyboard.press("Control+Enter")


def test_an_operator_withdraws_a_case_from_reviewers(world: Near, person: Person) -> None:
    [case_id] = world.cases(1)
    operator = person("operator").go(f"cases/{case_id}")
    answered(operator, "Withdraw from reviewers", "sent by mistake")
    operator.page.get_by_text("1 review is withdrawn").wait_for()
    assert world.do(world.call("POST", "/v1/queues/digits/claim", world.keys["eve"])).status_code == 204


def test_a_case_on_hold_says_by_whom_and_cannot_be_erased(sealed: tuple[Sealed, str, Console]) -> None:
    _, case_id, operator = sealed
    operator.page.get_by_label("Hold until").fill("2090-01-31")
    operator.page.get_by_label("Reason", exact=True).fill("a law suit")
    operator.page.get_by_role("button", name="Set the hold").click()
    operator.page.get_by_text("by operator").wait_for()
    erase(operator, case_id)
    refusal = operator.page.locator(".toast.error")
    refusal.wait_for()
    assert "hold" in refusal.inner_text().lower() or "held" in refusal.inner_text().lower()


def test_an_input_is_erased_only_after_the_case_was_named(sealed: tuple[Sealed, str, Console]) -> None:
    world, case_id, operator = sealed
    erase(operator, case_id)
    operator.page.get_by_text("The input is erased").wait_for()
    assert world.do(world.call("POST", "/v1/queues/digits/claim", world.keys["eve"])).status_code == 204


def test_an_operator_reads_a_sealed_input_on_the_record(sealed: tuple[Sealed, str, Console]) -> None:
    world, case_id, operator = sealed
    answered(operator, "Reveal", "the customer asks what we hold")
    operator.page.get_by_text("Ada").wait_for()
    noted = world.do(world.call("GET", f"/v1/cases/{case_id}/reveals", world.keys["operator"])).json()
    assert [note["reason"] for note in noted["reveals"]] == ["the customer asks what we hold"]
    operator.page.get_by_role("button", name="Hide them again").click()
    assert operator.page.get_by_text("Ada").count() == 0


def test_what_was_revealed_leaves_the_page_with_the_input(sealed: tuple[Sealed, str, Console]) -> None:
    _, case_id, operator = sealed
    answered(operator, "Reveal", "the customer asks what we hold")
    operator.page.get_by_text("Ada").wait_for()
    erase(operator, case_id)
    operator.page.get_by_text("Ada").wait_for(state="detached")
    assert operator.page.get_by_role("button", name="Erase the input").count() == 0


def test_a_sealed_case_of_which_nothing_is_masked_can_be_erased(browser: Browser) -> None:
    with near(SealedAndShown()) as world:
        assert isinstance(world, SealedAndShown)
        case_id = world.do(world.sealed_case("shown"))
        operator = Console(browser, world).sign_in("operator").go(f"cases/{case_id}")
        operator.page.get_by_text("Ada").wait_for()
        erase(operator, case_id)
        operator.page.get_by_text("Nothing of the input is sealed now").wait_for()
        assert operator.page.get_by_text("Ada").count() == 0
        operator.close()


def erase(operator: Console, case_id: str) -> None:
    answered(operator, "Erase the input", "asked by the customer")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_text("This cannot be undone").wait_for()
    assert dialog.get_by_role("button", name="Erase the input").is_disabled()
    dialog.get_by_role("textbox").fill(case_id[:8])
    operator.page.keyboard.press("Control+Enter")


def test_a_reviewer_sees_none_of_what_operators_do_with_a_case(world: Near, person: Person) -> None:
    [case_id] = world.cases(1)
    ada = person("ada").go(f"cases/{case_id}")
    ada.page.get_by_text("Review opened").wait_for()
    assert ada.page.get_by_role("button", name="Erase the input").count() == 0


def test_a_correction_is_proposed_confirmed_and_revoked(world: Near, person: Person) -> None:
    world.tasks["digits"] = world.tasks["digits"].model_copy(update={"overrides": OverrideTerms()})
    world.cases(1)
    case_id = decide(world, "ada", "4")
    ada = person("ada").go(f"cases/{case_id}")
    ada.page.get_by_role("button", name="Answer equal cases like this").click()
    ada.page.get_by_text("The override is proposed").wait_for()
    ben = person("ben").go("overrides")
    answered(ben, "Confirm", "4")
    ben.page.locator(".chip").get_by_text("Confirmed").wait_for()
    operator = person("operator").go("overrides")
    answered(operator, "Revoke", "the scanner was broken")
    operator.page.locator(".chip").get_by_text("Revoked").wait_for()


def test_a_case_is_handed_to_a_person_beside_the_answer(world: Near, person: Person) -> None:
    world.cases(1)
    eve = person("eve").go("reviews/digits")
    eve.page.get_by_text("Hand on", exact=True).click()
    answered(eve, "Hand to a person", "ada")
    eve.page.get_by_text("Handed to ada").wait_for()
    assert world.do(world.call("POST", "/v1/queues/digits/claim", world.keys["ada"])).status_code == 200


def test_a_case_that_cannot_be_shown_goes_back(world: Near, person: Person) -> None:
    world.cases(1)
    eve = person("eve").go("reviews/digits")
    eve.page.get_by_text("Hand on", exact=True).click()
    answered(eve, "Report: cannot be shown", "all pixels are zero")
    eve.page.get_by_text("Reported: the case went back to its queue").wait_for()


def test_automation_of_a_task_is_stopped_with_a_reason(world: Near, person: Person) -> None:
    operator = person("operator").go("policies/digits")
    answered(operator, "Stop automation", "the scanner is broken")
    operator.page.get_by_text("Automation is stopped for all").wait_for()


def test_a_session_is_ended_from_the_settings(world: Near, person: Person) -> None:
    first, second = person("eve"), person("eve").go("settings")
    second.page.get_by_role("button", name="End session").nth(1).wait_for()
    assert second.page.get_by_role("button", name="End session").count() == 2
    assert second.page.get_by_role("row").filter(has_text="this one").count() == 1
    second.page.get_by_role("button", name="End session").first.click()
    second.page.get_by_text("The session is over").wait_for()
    first.page.reload()
    first.page.get_by_label("Key").wait_for()


def test_an_admin_rotates_a_key_and_sees_the_new_one_once(world: Near, person: Person) -> None:
    world.add_admin()
    page = person("root").go("people").page
    page.get_by_role("row").filter(has_text="eve").get_by_role("button", name="Rotate").first.click()
    shown = page.locator("code.key")
    shown.wait_for()
    assert world.knows(shown.inner_text())


def test_an_approver_notes_an_absence(world: Near, person: Person) -> None:
    kim = person("kim").go("approvals")
    kim.page.get_by_text("Absence", exact=True).click()
    kim.page.get_by_label("Away until").fill("2090-01-31")
    kim.page.get_by_label("Deputy").fill("lee")
    kim.page.get_by_role("button", name="Record the absence").click()
    kim.page.get_by_text("The absence is recorded").wait_for()


def test_staffing_says_what_each_queue_needs_and_how_people_answer(world: Near, person: Person) -> None:
    world.cases(2)
    decide(world, "ada", "3")
    page = person("operator").go("staffing/digits").page
    page.get_by_role("region", name="People needed by queue").get_by_text("digits", exact=True).wait_for()
    page.get_by_role("region", name="Quality of reviewers").get_by_role("link", name="ada").wait_for()


def test_a_step_of_a_pipeline_is_cancelled(world: Near, person: Person) -> None:
    step = {"pattern": "review_and_approve", "config": {"assignees": ["eve"]}, "data": {"rows": 3}}
    opened = world.do(world.call("POST", "/v1/interactions", world.keys["client"], step, idempotency_key="s")).json()
    operator = person("operator").go(f"workflows/{opened['interaction_id']}")
    answered(operator, "Cancel this step", "the pipeline was wrong")
    operator.page.get_by_text("The step is cancelled").wait_for()


ROWS = "age,job,verdict\n" + '20,"clerk, a",bad\n31,smith,good\n44,"clerk, a",good\n' * 4


def test_a_task_file_that_is_drafted_in_the_page_is_one_that_the_service_takes(world: Near, person: Person) -> None:
    page = person("operator").go("new-task").page
    file = {"name": "credit.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    page.get_by_label("Example rows").set_input_files([file])  # type: ignore[list-item]
    page.get_by_label("What do people decide?").fill('Will they "pay"?\nrisk: uncertified')
    page.get_by_label("Column with the label").select_option("verdict")
    drafted = page.get_by_label("Task file").inner_text()
    spec = load_task(drafted, "credit")
    assert (spec.task, spec.labels, spec.risk.level) == ("credit", ["bad", "good"], 0.05)  # type: ignore[union-attr]


def test_the_sessions_and_messages_of_others_are_not_offered_to_a_reviewer(world: Near, person: Person) -> None:
    rail = person("ada").page.get_by_role("navigation", name="Pages")
    rail.get_by_role("link", name="Overview").wait_for()
    assert [name for name in ("Messages", "New task") if rail.get_by_role("link", name=name).count()] == []


def test_what_holds_nothing_sealed_is_not_offered_for_erasure(world: Near, person: Person) -> None:
    operator = person("operator").go(f"approvals/{ask(world, 'Which plan?', 'plan')}")
    operator.page.get_by_role("heading", name="Which plan?").wait_for()
    assert operator.page.get_by_role("button", name="Erase the content").count() == 0
