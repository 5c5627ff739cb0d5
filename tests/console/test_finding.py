"""Finding things in the console: the inbox, the palette, the search over cases, two versions side by side."""

from collections.abc import Callable

import pytest

from tests.console.browser import Console
from tests.console.near import Near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]


def decide(world: Near, account: str, label: str) -> str:
    """One case answered by ``account``."""
    review = world.do(world.call("POST", "/v1/queues/digits/claim", world.keys[account])).json()["review"]
    body = {"lease": review["lease"]["id"], "label": label}
    path = f"/v1/reviews/{review['review_id']}/decision"
    assert world.do(world.call("POST", path, world.keys[account], body, idempotency_key=account)).status_code == 200
    return str(review["case_id"])


def ask(world: Near, title: str, key: str, **more: object) -> str:
    body = {"kind": "custom", "title": title, **more}
    answer = world.do(world.call("POST", "/v1/approvals", world.keys["operator"], body, idempotency_key=key))
    return str(answer.json()["approval_id"])


def test_the_inbox_holds_what_waits_for_this_person_and_nothing_of_others(world: Near, person: Person) -> None:
    world.cases(3)
    ask(world, "Which plan runs tonight?", "plan")
    eve, kim = person("eve").go("inbox").page, person("kim").go("inbox").page
    eve.get_by_text("3 items").wait_for()
    assert eve.get_by_role("link", name="digits", exact=True).count() == 1
    assert eve.get_by_text("Which plan runs tonight?").count() == 0
    kim.get_by_role("link", name="Which plan runs tonight?").wait_for()
    assert kim.get_by_role("link", name="digits", exact=True).count() == 0


def test_what_one_has_voted_on_leaves_the_inbox_by_itself(world: Near, person: Person) -> None:
    approval_id = ask(world, "Which plan runs tonight?", "plan")
    page = person("kim").go("inbox").page
    page.get_by_role("link", name="Which plan runs tonight?").wait_for()
    found = world.do(world.call("GET", f"/v1/approvals/{approval_id}", world.keys["kim"])).json()["approval"]
    vote = {"vote": "approve", "digest": found["digest"]}
    path = f"/v1/approvals/{approval_id}/votes"
    assert world.do(world.call("POST", path, world.keys["kim"], vote, idempotency_key="v")).status_code == 200
    page.get_by_role("link", name="Which plan runs tonight?").wait_for(state="detached")


def test_the_palette_leads_to_a_page_by_its_name_and_to_a_case_by_its_id(world: Near, person: Person) -> None:
    [case_id] = world.cases(1)
    eve = person("eve")
    page = eve.page
    eve.palette().fill("rev")
    page.get_by_role("option", name="Reviews Page").wait_for()
    assert page.get_by_role("option", name="Audit").count() == 0
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Reviews").wait_for()
    eve.palette().fill(case_id)
    page.get_by_role("option", name=f"Open case {case_id}").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case_id}")


def test_cases_are_found_by_their_outcome_and_the_address_keeps_the_filter(world: Near, person: Person) -> None:
    world.cases(3)
    case_id = decide(world, "ada", "5")
    operator = person("operator").go("cases").page
    operator.get_by_role("table", name="Cases that people").get_by_role("row").nth(3).wait_for()
    operator.get_by_label("Outcome").fill("5")
    operator.keyboard.press("Enter")
    operator.wait_for_url("**/cases?label=5")
    operator.get_by_role("table", name="Cases that people").get_by_role("row").nth(2).wait_for(state="detached")
    assert operator.get_by_role("link", name=case_id[:8]).count() == 1
    operator.reload()
    operator.get_by_role("link", name=case_id[:8]).wait_for()
    assert operator.get_by_role("table", name="Cases that people").get_by_role("row").count() == 2


def test_two_versions_stand_side_by_side_with_what_changed(world: Near, person: Person) -> None:
    for number, accuracy in ((1, 0.9), (2, 0.95)):
        held = {"accuracy": {"value": accuracy, "low": accuracy - 0.02, "high": accuracy + 0.02, "n": 400}}
        body = {
            "kind": "model_deployment",
            "task": "digits",
            "digest": str(number) * 64,
            "title": f"version {number}",
            "evidence": {"candidate": held},
        }
        assert world.do(world.call("POST", "/v1/approvals", world.keys["operator"], body, idempotency_key=str(number))).is_success
    page = person("operator").go("models/digits/compare").page
    row = page.get_by_role("row").filter(has_text="Accuracy")
    row.wait_for()
    assert [part in row.inner_text() for part in ("90.0%", "95.0%", "+5")] == [True] * 3
