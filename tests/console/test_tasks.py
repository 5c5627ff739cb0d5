"""The definition of a task in a real browser: its guidelines are edited, and a new task is asked for, by votes of others."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from hitl.tasks import load_task
from hitl.tasks.definition import body_of
from tests.console.browser import Console
from tests.console.defined import Defined
from tests.console.near import near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

GUIDELINES = {"3": {"text": "Two loops, open to the left."}, "7": {"text": "One bar on top.", "examples": ["with a stroke"]}}
ROWS = "age,job,verdict\n" + '20,"clerk, a",bad\n31,smith,good\n44,"clerk, a",good\n' * 4


@pytest.fixture
def world() -> Iterator[Defined]:
    with near(Defined(guidelines=GUIDELINES)) as found:
        yield found  # type: ignore[misc]


def definition(world: Defined) -> dict[str, Any]:
    found: dict[str, Any] = world.do(world.call("GET", "/v1/approvals/digits-1", world.keys["operator"])).json()["approval"]
    return found


@pytest.mark.parametrize("scheme", ["light", "dark", "light contrast"])
def test_an_operator_sees_what_changes_in_a_guideline_and_asks_for_its_approval(
    world: Defined, person: Person, scheme: str
) -> None:
    operator = person("operator", scheme).go("tasks/digits")
    page = operator.page
    seven = page.locator("details").filter(has=page.locator("summary", has_text="7"))
    assert page.get_by_role("button", name="Request approval").count() == 0
    seven.locator("summary").click()
    seven.get_by_label("When it is right").fill("One bar on top, no loop.")
    seven.get_by_role("button", name="Add an example").click()
    seven.get_by_label("Example 2").fill("a 1 with <b>a hat</b>")
    changes = page.get_by_role("region", name="What changes in the guidelines")
    changes.locator("ins").nth(1).wait_for()
    assert [changes.locator(kind).all_inner_texts() for kind in ("del", "ins")] == [
        ["top."],
        ["top, no loop.", "a 1 with <b>a hat</b>"],
    ]
    assert operator.serious() == []
    changes.get_by_role("button", name="Request approval").click()
    page.get_by_role("link", name="Open digits-1").click()
    page.get_by_role("heading", name="Change the task digits").wait_for()
    guidelines = page.locator("section", has=page.get_by_role("heading", name="Guidelines", exact=True))
    guidelines.locator("ins").first.wait_for()  # the definition in force comes by a request of its own
    assert guidelines.locator("ins").all_inner_texts() == ["top, no loop.", "a 1 with <b>a hat</b>"]
    wanted = {"text": "One bar on top, no loop.", "examples": ["with a stroke", "a 1 with <b>a hat</b>"]}
    asked = definition(world)["evidence"]["definition"]
    assert asked == {**body_of(world.tasks["digits"]), "guidelines": {**GUIDELINES, "7": wanted}}


def test_what_waits_stands_beside_the_definition_and_takes_its_place_once_approved(world: Defined, person: Person) -> None:
    page = person("operator").go("tasks/digits").page
    three = page.locator("details").filter(has=page.locator("summary", has_text="3"))
    three.locator("summary").click()
    three.get_by_label("When it is right").fill("Two bows.")
    page.get_by_role("button", name="Request approval").click()
    page.get_by_role("region", name="Changes that wait for votes").get_by_role("link", name="digits-1").wait_for()
    expect(three.get_by_label("When it is right")).to_have_value("Two loops, open to the left.")
    world.adopt("digits-1", definition(world)["digest"])
    page.get_by_role("region", name="Changes that wait for votes").wait_for(state="detached")
    page.reload()
    three.locator("summary").click()
    expect(three.get_by_label("When it is right")).to_have_value("Two bows.")


def test_a_guideline_that_the_service_would_refuse_is_told_at_its_field_and_cannot_be_sent(
    world: Defined, person: Person
) -> None:
    page = person("operator").go("tasks/digits").page
    seven = page.locator("details").filter(has=page.locator("summary", has_text="7"))
    seven.locator("summary").click()
    seven.get_by_label("When it is right").fill("")
    seven.get_by_text("Say when it is right, or remove the examples").wait_for()
    assert seven.get_by_label("When it is right").get_attribute("aria-invalid") == "true"
    assert page.get_by_role("button", name="Request approval").is_disabled()
    page.get_by_role("button", name="Discard the changes").click()
    expect(seven.get_by_label("When it is right")).to_have_value("One bar on top.")


def test_who_may_not_propose_reads_the_guidelines_and_edits_none(world: Defined, person: Person) -> None:
    page = person("ada").go("tasks/digits").page
    page.get_by_text("One bar on top.").wait_for()
    assert (page.locator("main textarea").count(), page.get_by_role("button", name="Request approval").count()) == (0, 0)


def drafted(person: Person, account: str, name: str = "credit") -> Console:
    found = person(account).go("new-task")
    file = {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    found.page.get_by_label("Example rows").set_input_files([file])  # type: ignore[list-item]
    found.page.get_by_label("What do people decide?").fill('Will they "pay"?')
    found.page.get_by_label("Column with the label").select_option("verdict")
    return found


def test_a_new_task_is_asked_for_by_a_button_that_says_what_comes_next(world: Defined, person: Person) -> None:
    page = drafted(person, "operator").page
    spec = load_task(page.get_by_label("Task file").inner_text(), "credit")
    page.get_by_text("The first training reads credit.csv").wait_for()
    page.get_by_role("button", name="Request approval").click()
    page.get_by_role("link", name="Open credit-1").click()
    page.get_by_role("heading", name="Add the task credit").wait_for()
    asked = world.do(world.call("GET", "/v1/approvals/credit-1", world.keys["operator"])).json()["approval"]
    assert asked["evidence"]["definition"] == body_of(spec)


def test_a_refused_key_of_a_new_task_is_told_at_its_entry(world: Defined, person: Person) -> None:
    page = drafted(person, "operator").page
    page.get_by_label("at most this share").fill("0")
    page.get_by_role("button", name="Request approval").click()
    told = page.get_by_role("alert").filter(has_text="Expected a valid definition")
    told.wait_for()
    assert told.evaluate("element => element.previousElementSibling.textContent").startswith("Of the automatic decisions")
    page.get_by_label("at most this share").fill("5")
    told.wait_for(state="detached")


def test_a_name_that_is_taken_is_told_and_nothing_can_be_asked_for(world: Defined, person: Person) -> None:
    page = drafted(person, "operator", "digits").page
    page.get_by_text("There is a task of this name").wait_for()
    assert page.get_by_role("button", name="Request approval").count() == 0


def test_a_trainer_takes_the_file_to_an_operator(world: Defined, person: Person) -> None:
    page = drafted(person, "trainer").page
    page.get_by_text("An operator requests the approval").wait_for()
    assert page.get_by_role("button", name="Request approval").count() == 0


def test_a_case_is_shown_as_its_task_declares_it_and_nobody_is_signed_out(world: Defined, person: Person) -> None:
    (case,) = world.cases(1)
    eve = person("eve").go(f"cases/{case}")
    eve.page.get_by_role("img").first.wait_for()
    assert eve.page.get_by_label("Key", exact=True).count() == 0
