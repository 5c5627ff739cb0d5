"""The policy of a task edited in its form, in a real browser over the application in process."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.console.browser import PATIENCE_MS, Console
from tests.console.near import Near
from tests.console.test_steering import adopt

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

LARGE = {"name": "large", "when": "has(metadata.amount) && metadata.amount > 10000", "effect": "high_risk", "reason": "large"}
WARD = {"name": "ward-7", "when": "metadata.ward == '7'", "effect": "expert"}
HIDDEN = {"by_segment": {"3": {"automatic": 0.99, "normal": 0.9, "high": 0.8}}, "segments": {"by_label": True}}


def changes(page: Page) -> Locator:
    """What the service says that the policy changes."""
    return page.get_by_role("table", name="Changes", exact=True)


def shows_change(page: Page, path: str, before: str, after: str) -> None:
    """The service lists changes a moment after each edit: until then the list is that of the edit before."""
    row = changes(page).get_by_role("row").filter(has=page.get_by_role("cell", name=path, exact=True))
    expect(row.get_by_role("cell")).to_have_text([path, before, after], timeout=PATIENCE_MS)


def proposed(world: Near) -> Any:
    """The policy of the one request that waits."""
    [found] = world.do(world.call("GET", "/v1/approvals?status=pending", world.keys["kim"])).json()["approvals"]
    shown = world.do(world.call("GET", f"/v1/approvals/{found['approval_id']}", world.keys["kim"])).json()
    return shown["approval"]["evidence"]["policy"]


def test_a_policy_is_changed_in_its_form_and_what_the_form_does_not_show_stays(world: Near, person: Person) -> None:
    adopt(world, {**HIDDEN, "rules": [LARGE, WARD]})
    operator = person("operator").go("policies/digits")
    page = operator.page
    page.get_by_text("kept as it is: by_segment, segments, uncertainty").wait_for()
    page.get_by_label("Automatic above").fill("0.97")
    shows_change(page, "automatic", "0.95", "0.97")
    page.get_by_label("Certified: nothing is automatic").check()
    page.get_by_label("Level", exact=True).fill("0.02")
    page.get_by_label("Audit", exact=True).fill("0.2")
    page.get_by_role("button", name="Move rule ward-7 up").press("Enter")
    page.get_by_text("Rule ward-7 is now rule 1 of 2").wait_for()
    shows_change(page, "rules.(order)", '["large","ward-7"]', '["ward-7","large"]')
    assert operator.serious() == []
    page.get_by_label("What the change is for").fill("fewer errors")
    page.get_by_role("button", name="Ask for approval").click()
    page.get_by_text("Sent for approval").wait_for()
    told = proposed(world)
    assert [rule["name"] for rule in told["rules"]] == ["ward-7", "large"]
    assert (told["automatic"], told["risk"]["level"], told["risk"]["confidence"]) == (0.97, 0.02, 0.9)
    assert (told["sampling"]["audit"], told["by_segment"], told["segments"]["by_label"]) == (0.2, HIDDEN["by_segment"], True)


def test_a_rule_is_refused_at_its_field_and_mended_by_the_keyboard_alone(world: Near, person: Person) -> None:
    page = person("operator").go("policies/digits").page
    page.get_by_role("button", name="Add a rule").press("Enter")
    page.locator('[data-do="name"]:focus').wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.type("large")
    when = page.get_by_label("When", exact=True)
    when.press_sequentially("metadata.amount >")
    page.get_by_text("The reason stands at the field").wait_for()
    page.locator('textarea[aria-invalid="true"]').wait_for()
    why = page.locator(f'[id="{str(when.get_attribute("aria-describedby")).split()[1]}"]').inner_text()
    assert "Syntax error" in why
    assert page.get_by_role("button", name="Ask for approval").is_disabled()
    when.press_sequentially(" 10000")
    shows_change(page, "rules.large.when", "not set", "metadata.amount > 10000")
    page.get_by_role("button", name="Remove rule large").press("Enter")
    page.get_by_text("This policy has no rules.").wait_for()
    page.get_by_role("button", name="Undo").click()
    assert page.get_by_label("When", exact=True).input_value() == "metadata.amount > 10000"


def test_form_and_json_are_two_views_of_one_value(world: Near, person: Person) -> None:
    page = person("operator").go("policies/digits").page
    page.get_by_label("High priority above").fill("0.4")
    page.get_by_role("tab", name="Form").press("ArrowRight")
    editor = page.get_by_role("textbox", name="Policy of digits")
    assert '"high": 0.4' in editor.input_value()
    editor.fill(editor.input_value().replace('"high": 0.4,', '"high": 0.45'))
    page.get_by_role("tab", name="Form").click()
    page.get_by_text("Invalid JSON").wait_for()
    editor.fill(editor.input_value().replace('"high": 0.45', '"high": 0.45,'))
    page.get_by_role("tab", name="Form").click()
    assert page.get_by_label("High priority above").input_value() == "0.45"
    shows_change(page, "high", "0.5", "0.45")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_fits_a_small_screen_and_has_no_barrier(world: Near, person: Person, scheme: str) -> None:
    adopt(world, {"rules": [LARGE, WARD]})
    operator = person("operator", scheme)
    operator.page.set_viewport_size({"width": 390, "height": 844})
    page = operator.go("policies/digits").page
    page.get_by_label("Normal priority above").fill("0.99")
    page.get_by_text("A band must not be above the one before it.").wait_for()
    page.get_by_text("The reason stands at the field").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert operator.serious() == []
    assert operator.complaints == []
