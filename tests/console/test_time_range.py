"""Figures of a chosen time, beside those of the time before, with the way to the cases behind them, in a real browser."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from hitl.routing.route import Action
from tests.console.browser import PATIENCE_MS, Console
from tests.console.near import Near, near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


@pytest.fixture
def world() -> Iterator[Near]:
    """Digits, whose answers are final at once: figures count no others."""
    with near(Near()) as found:
        yield found


def figure(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name="Figures").get_by_role("row").filter(has_text=name)


def test_figures_are_of_the_chosen_time_which_stands_in_the_address(world: Near, person: Person) -> None:
    for key in ("a", "b"):
        world.do(world.case(key, Action.AUTOMATIC))  # cases of these tests came in the first second of 1970
    page = person("operator").go("analytics/digits").page
    figure(page, "Automation rate").get_by_text("100%").first.wait_for()
    page.get_by_role("combobox", name="Time", exact=True).select_option(label="Last hour")
    page.wait_for_url("**/analytics/digits?range=hour")
    page.get_by_text("Cases that came from").wait_for()
    figure(page, "Automation rate").get_by_role("cell", name="0", exact=True).wait_for()
    page.get_by_role("combobox", name="Time", exact=True).select_option(label="Choose days")
    page.get_by_label("From", exact=True).fill("1970-01-01")
    page.get_by_label("To", exact=True).fill("1970-01-01")
    figure(page, "Automation rate").get_by_text("100%").first.wait_for()
    page.reload()
    figure(page, "Automation rate").get_by_text("100%").first.wait_for()
    assert "range=custom&from=1970-01-01&to=1970-01-01" in page.url


def test_the_time_before_stands_beside_the_chosen_one(world: Near, person: Person) -> None:
    world.do(world.case("a", Action.AUTOMATIC))
    operator = person("operator")
    page = operator.go("analytics/digits?range=custom&from=1970-01-02&to=1970-01-02").page
    page.get_by_label("Compare with the time before").check()
    page.wait_for_url("**compare=1**")
    page.get_by_role("columnheader", name="Time before").wait_for()
    figure(page, "Automation rate").get_by_text("100%").first.wait_for()
    cells = figure(page, "Automation rate").get_by_role("cell").all_inner_texts()
    assert cells[-2:] == ["100%", "–"]
    assert operator.serious() == []


def test_targets_are_of_the_chosen_time_beside_the_time_before(world: Near, person: Person) -> None:
    world.do(world.case("a", Action.AUTOMATIC))
    operator = person("operator")
    page = operator.go("overview?range=custom&from=1970-01-02&to=1970-01-02&compare=1").page
    targets = page.get_by_role("region", name="Targets", exact=True)
    targets.locator("summary", has_text="digits").click()
    row = targets.get_by_role("row").filter(has_text="Automation rate")
    row.get_by_text("100%").wait_for()
    assert row.get_by_role("cell").all_inner_texts()[4:7] == ["0", "100%", "–"]
    targets.get_by_role("combobox", name="Time", exact=True).select_option(label="All time")
    targets.get_by_role("columnheader", name="Time before").wait_for(state="detached")
    expect(row.get_by_role("cell").nth(2)).to_have_text("100%", timeout=PATIENCE_MS)  # the figures come by themselves
    assert operator.serious() == []


def test_people_are_judged_by_the_cases_of_the_chosen_time(world: Near, person: Person) -> None:
    world.cases(1)
    world.do(world.decide(world.do(world.claim(world.keys["ada"])), world.keys["ada"]))
    page = person("operator").go("staffing/digits?hours=8").page
    people = page.get_by_role("region", name="Quality of reviewers")
    people.get_by_role("link", name="ada").wait_for()
    page.get_by_role("combobox", name="Time", exact=True).select_option(label="Choose days")
    page.get_by_label("From", exact=True).fill("1970-01-01")
    page.get_by_label("To", exact=True).fill("1970-01-01")
    page.get_by_text("Nobody has answered cases of this task.").wait_for()
    page.get_by_role("combobox", name="Time", exact=True).select_option(label="Last day")
    page.get_by_label("Compare with the time before").check()
    people.get_by_role("columnheader", name="Error rate: Change").wait_for()
    people.get_by_role("link", name="ada").wait_for()
    assert "hours=8" in page.url


def test_a_time_leads_to_the_cases_that_people_saw_in_it(world: Near, person: Person) -> None:
    world.cases(2)
    page = person("operator").go("analytics/digits?range=day").page
    page.get_by_role("link", name="Show these cases").click()
    page.get_by_role("table", name="Cases that people").get_by_role("row").nth(2).wait_for()
    assert re.search(r"/cases\?task=digits&since=\d+&until=\d+$", page.url)
    page.get_by_role("button", name="Any time").click()
    page.wait_for_url("**/cases?task=digits")
