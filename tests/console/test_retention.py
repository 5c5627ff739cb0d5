"""Legal holds on the days of a task: set, shown and ended in the console, in a real browser."""

from collections.abc import Callable

import pytest

from hitl.access import Holds
from hitl.machine.shards import ACCESS
from tests.console.browser import Console
from tests.console.near import Near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


def held(world: Near) -> list[tuple[str, str, str, str]]:
    found = world.do(world.shards.ask(ACCESS, Holds())).days
    return [(each.task, each.first_day, each.last_day, each.reason) for each in found]


def hold(operator: Console) -> None:
    page = operator.page
    page.get_by_role("combobox", name="Task").select_option(label="Handwritten digits")
    page.get_by_label("First day").fill("2026-01-01")
    page.get_by_label("Last day").fill("2026-01-31")
    page.get_by_label("Hold until").fill("2099-12-31")
    page.get_by_role("button", name="Hold these days").click()
    dialog = page.get_by_role("dialog", name="Hold all cases of digits from 2026-01-01 to 2026-01-31, until 2099-12-31?")
    dialog.get_by_role("textbox").fill("a court asked")
    dialog.get_by_role("button", name="Hold these days").click()
    page.get_by_role("table", name="Days on hold").get_by_text("a court asked").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_operator_holds_days_with_a_reason_and_cannot_end_them(world: Near, person: Person, scheme: str) -> None:
    operator = person("operator", scheme).go("retention")
    operator.page.get_by_text("No days are on hold.").wait_for()
    hold(operator)
    assert held(world) == [("digits", "2026-01-01", "2026-01-31", "a court asked")]
    assert operator.page.get_by_role("button", name="End the hold").count() == 0
    assert operator.serious() == []


def test_an_admin_ends_a_hold_only_after_the_reason_and_the_name_of_the_task(world: Near, person: Person) -> None:
    world.add_admin()
    hold(person("operator").go("retention"))
    page = person("root").go("retention").page
    page.get_by_role("button", name="End the hold of digits, 2026-01-01 to 2026-01-31").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("the court is done")
    page.keyboard.press("Control+Enter")
    dialog.get_by_text("Type digits to confirm").wait_for()
    assert held(world) != []
    dialog.get_by_role("textbox").fill("digits")
    page.keyboard.press("Control+Enter")
    page.get_by_text("No days are on hold.").wait_for()
    assert held(world) == []


def test_holds_are_not_offered_to_a_reviewer(world: Near, person: Person) -> None:
    assert person("eve").page.get_by_role("link", name="Retention").count() == 0
