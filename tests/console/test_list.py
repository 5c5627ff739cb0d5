"""The list of what waits in a queue, in a real browser over the application in process."""

from collections.abc import Callable

import pytest

from tests.console.browser import Console
from tests.console.near import Near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


def rows(console: Console) -> list[str]:
    return [str(each.get_attribute("title")) for each in console.page.locator("tbody tr td:nth-child(2) a").all()]


def test_rows_are_selected_by_keys_and_assigned_together(world: Near, person: Person) -> None:
    world.cases(4)
    eve = person("eve").go("reviews/digits/list")
    eve.page.locator("tbody tr").nth(3).wait_for()
    for key in ("x", "j", "j", "Shift+X"):
        eve.page.keyboard.press(key)
        eve.page.wait_for_timeout(100)
    eve.page.get_by_text("3 selected").wait_for()
    assert eve.serious() == []
    eve.page.get_by_role("button", name="Assign", exact=True).click()
    eve.page.get_by_role("textbox").last.fill("person:ben")
    eve.page.get_by_role("dialog").get_by_role("button", name="Assign").click()
    eve.page.get_by_text("3 reviews are assigned to person:ben").wait_for()


def test_the_slash_searches_and_the_sort_is_kept_in_the_address(world: Near, person: Person) -> None:
    cases = world.cases(3)
    eve = person("eve").go("reviews/digits/list")
    eve.page.locator("tbody tr").nth(2).wait_for()
    eve.page.keyboard.press("/")
    eve.page.keyboard.type(cases[1])
    eve.page.get_by_text("1 of the 3 most pressing").wait_for()
    assert rows(eve) == [cases[1]]
    eve.page.get_by_label("Sort by").select_option("uncertainty")
    assert "sort=uncertainty" in eve.page.url


TYPE_AND_RENDER = """async text => {
  const field = document.getElementById("search");
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  document.querySelector("tbody input[type=checkbox]").click();
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  return field.value;
}"""
"""Types, and has the page rendered for another reason before the browser tells of the changed address."""


def test_a_rendering_takes_nothing_back_of_what_was_typed(world: Near, person: Person) -> None:
    world.cases(3)
    eve = person("eve").go("reviews/digits/list")
    eve.page.locator("tbody tr").nth(2).wait_for()
    assert eve.page.evaluate(TYPE_AND_RENDER, "case") == "case"


def test_what_waits_behind_the_first_page_is_a_press_away(world: Near, person: Person) -> None:
    world.cases(60)
    eve = person("eve").go("reviews/digits/list")
    eve.page.get_by_role("button", name="Show 50 more").click()
    eve.page.get_by_text("60 of the 60 most pressing").wait_for()
    assert len(set(rows(eve))) == 60
