"""Slips, losses and dead ends: one failing part, no network, a wrong press, a case that is given to somebody else."""

from collections.abc import Callable

import pytest

from tests.console.browser import Console
from tests.console.near import Near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


def admin(world: Near) -> None:
    world.add_admin()


def test_a_part_that_cannot_be_had_leaves_the_others_on_the_page(world: Near, person: Person) -> None:
    world.cases(2)
    eve = person("eve")
    eve.page.route("**/v1/interactions/pending", lambda route: route.fulfill(status=500, body="{}"))
    eve.go("reviews").go("overview")
    eve.page.get_by_text("Waiting for review").wait_for()
    eve.page.get_by_text("Deployed models").wait_for()
    eve.page.get_by_text("The service cannot answer now.").first.wait_for()


def test_the_page_lives_again_when_the_network_is_back(world: Near, person: Person) -> None:
    eve = person("eve")
    eve.page.get_by_text("● live").wait_for()
    eve.context.set_offline(True)
    eve.page.get_by_text("■ offline").wait_for()
    eve.context.set_offline(False)
    eve.page.get_by_text("● live").wait_for()


def test_a_dialog_is_sent_by_the_same_keys_as_everything_else(world: Near, person: Person) -> None:
    world.cases(1)
    eve = person("eve").go("reviews/digits")
    eve.page.locator("article").wait_for()
    eve.page.keyboard.press("e")
    eve.page.get_by_role("dialog").get_by_role("textbox").fill("it is smudged")
    eve.page.keyboard.press("Control+Enter")
    eve.page.get_by_text("Handed to the experts").wait_for()


def test_a_key_is_revoked_only_after_its_owner_was_named(world: Near, person: Person) -> None:
    admin(world)
    page = person("root").go("people").page
    page.get_by_role("row").filter(has_text="eve").get_by_role("button", name="Revoke").first.click()
    dialog = page.get_by_role("dialog")
    assert dialog.get_by_role("button", name="Revoke").is_disabled()
    dialog.get_by_role("textbox").fill("ada")
    assert dialog.get_by_role("button", name="Revoke").is_disabled()
    dialog.get_by_role("textbox").fill("eve")
    dialog.get_by_role("button", name="Revoke").click()
    page.get_by_text("A key of eve is revoked").wait_for()


def test_the_roles_of_an_account_that_exists_are_not_replaced_by_a_slip(world: Near, person: Person) -> None:
    admin(world)
    page = person("root").go("people").page
    page.get_by_role("row").filter(has_text="eve").first.wait_for()
    page.get_by_label("Account", exact=True).fill("eve")
    page.get_by_label("approver").check()
    page.get_by_role("button", name="Create account").click()
    page.get_by_text("eve exists already").wait_for()
    accounts = world.do(world.call("GET", "/v1/accounts", world.keys["root"])).json()["accounts"]
    assert all("approver" not in each["roles"] for each in accounts if each["account"] == "eve")


def test_the_list_is_searched_in_any_case_of_letters_and_not_in_field_names(world: Near, person: Person) -> None:
    world.cases(3)
    eve = person("eve").go("reviews/digits/list")
    eve.page.locator("tbody tr").nth(2).wait_for()
    for typed, left in (("NORMAL", 3), ("confidence_level", 0)):
        eve.page.locator("#search").fill(typed)
        eve.page.get_by_text(f"{left} of the 3 most pressing").wait_for()


def test_the_newest_requests_are_listed_however_many_there_are(world: Near, person: Person) -> None:
    for number in range(3):
        body = {"kind": "custom", "title": f"request {number}"}
        world.do(world.call("POST", "/v1/approvals", world.keys["client"], body, idempotency_key=str(number)))
    kim = person("kim")
    kim.page.route("**/v1/approvals?*", lambda route: route.continue_(url=route.request.url.replace("limit=500", "limit=1")))
    kim.go("approvals").page.get_by_role("link", name="request 2").wait_for()
    assert kim.page.get_by_role("link", name="request 0").count() == 1


def test_the_export_holds_what_the_filter_shows(world: Near, person: Person) -> None:
    operator = person("operator").go("audit").page
    operator.get_by_label("Who", exact=True).fill("kim")
    operator.keyboard.press("Enter")
    operator.wait_for_url("**/audit?by=kim")
    assert operator.get_by_role("link", name="Export matching entries").get_attribute("href") == "/v1/audit?by=kim"
