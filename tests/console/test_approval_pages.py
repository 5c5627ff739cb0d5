"""What an approver sees of code, a model and a policy, in a real browser over the application in process."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.console.browser import Console
from tests.console.near import Near

pytestmark = pytest.mark.slow

Person = Callable[..., Console]

CODE = 'import subprocess\n\n\ndef clean(path):\n    if path:\n        return subprocess.call("rm -rf " + path, shell=True)\n'


def ask(world: Near, who: str, body: dict[str, Any]) -> str:
    answer = world.do(world.call("POST", "/v1/approvals", world.keys[who], body, idempotency_key=body["title"]))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["approval_id"])


def code(world: Near, text: str = CODE) -> str:
    context = {"code": text, "language": "python"}
    return ask(world, "client", {"kind": "code_execution", "task": "digits", "title": "Clean up", "context": context})


def share(value: float, n: int) -> dict[str, Any]:
    return {"value": value, "n": n, "correct": round(value * n), "interval_95": [value - 0.02, value + 0.01], "method": "wilson"}


def model(world: Near, digest: str = "b" * 64) -> str:
    evidence = {
        "candidate": {"accuracy": share(0.975, 400), "log_loss": 0.123456789012345, "recall": {"3": share(0.0, 0)}},
        "champion": {"accuracy": share(0.95, 400), "log_loss": 0.2},
        "comparison": {"only_candidate_right": 14, "only_champion_right": 4, "mcnemar_exact_p": 4.2e-7},
    }
    body = {"kind": "model_deployment", "task": "digits", "digest": digest, "title": "Version 2", "evidence": evidence}
    return ask(world, "operator", body)


def test_every_finding_stands_at_its_line_with_severity_rule_and_reason(world: Near, person: Person) -> None:
    page = person("kim").go(f"approvals/{code(world)}").page
    line = page.locator("#line-code-6")
    line.get_by_text("removes a whole tree of files").wait_for()
    assert "High:" in line.inner_text()
    assert "shell-remove-tree" in line.inner_text()


def test_code_keeps_its_indentation_under_its_line_number(world: Near, person: Person) -> None:
    page = person("kim").go(f"approvals/{code(world)}").page
    shown = page.locator("#line-code-6 > code")
    assert shown.inner_text().startswith("        return subprocess")
    assert page.locator("article").get_by_text("def clean(path)").count() == 1


def test_code_with_findings_of_high_severity_is_approved_only_by_who_has_read_them(world: Near, person: Person) -> None:
    page = person("kim").go(f"approvals/{code(world)}").page
    approve = page.get_by_role("button", name="Approve")
    assert approve.is_disabled()
    page.get_by_label("of high severity").check()
    assert approve.is_enabled()


def test_a_character_that_reverses_text_is_marked(world: Near, person: Person) -> None:
    hidden = code(world, "name = 1  # \u202egpj.exe")
    page = person("kim").go(f"approvals/{hidden}").page
    page.get_by_text("U+202E").wait_for()


def test_the_verdict_on_a_model_stands_on_the_first_screen_in_words(world: Near, person: Person) -> None:
    kim = person("kim")
    kim.page.set_viewport_size({"width": 1440, "height": 800})
    page = kim.go(f"approvals/{model(world)}").page
    verdict = page.get_by_text("Version 2 is better than the current model")
    verdict.wait_for()
    box = verdict.bounding_box()
    assert box is not None
    assert box["y"] < 400
    assert page.get_by_text("14 cases fixed, 4 newly wrong").is_visible()
    assert page.get_by_text("p = 4.2 × 10⁻⁷").is_visible()


def test_the_figures_of_a_model_have_units_and_none_without_a_case(world: Near, person: Person) -> None:
    page = person("kim").go(f"approvals/{model(world)}").page
    figures = page.get_by_role("table", name="Key figures")
    assert "97.5%" in figures.inner_text()
    assert "0.123 nats" in figures.inner_text()
    row = page.get_by_role("table", name="Recall by label").locator("tbody tr")
    assert row.inner_text().split() == ["3", "–", "–", "–", "0"]


def test_raw_evidence_is_drawn_only_on_request(world: Near, person: Person) -> None:
    page = person("kim").go(f"approvals/{model(world)}").page
    page.get_by_text("Raw JSON").wait_for()
    assert "0.123456789012345" not in page.locator("main").inner_text()
    page.get_by_text("Raw JSON").click()
    page.get_by_text("0.123456789012345").wait_for()


def test_a_policy_shows_the_fields_that_change_before_and_after(world: Near, person: Person) -> None:
    operator = world.keys["operator"]
    policy = world.do(world.call("GET", "/v1/policies/digits", operator)).json()["policy"] | {"automatic": 0.85}
    asked = world.do(
        world.call("POST", "/v1/policies/digits", operator, {"policy": policy, "title": "more"}, idempotency_key="p")
    )
    page = person("kim").go(f"approvals/{asked.json()['approval_id']}").page
    rows = page.get_by_role("table", name="Changes").locator("tbody tr")
    rows.first.wait_for()
    assert [row.split() for row in rows.all_inner_texts()] == [["automatic", "0.95", "0.85"]]


def test_a_policy_that_is_decided_names_what_was_in_force_when_it_was_asked(world: Near, person: Person) -> None:
    operator = world.keys["operator"]
    policy = world.do(world.call("GET", "/v1/policies/digits", operator)).json()["policy"] | {"automatic": 0.85}
    body = {"policy": policy, "title": "less"}
    asked = world.do(world.call("POST", "/v1/policies/digits", operator, body, idempotency_key="q")).json()["approval_id"]
    page = person("kim").go(f"approvals/{asked}").page
    page.get_by_role("columnheader", name="In force", exact=True).first.wait_for()
    page.get_by_role("button", name="Reject").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("too few")
    page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    page.get_by_role("columnheader", name="In force when asked").wait_for()


def test_the_rule_the_deadline_and_silence_stand_in_words_beside_the_vote(world: Near, person: Person) -> None:
    page = person("kim").go(f"approvals/{model(world)}").page
    rule = page.get_by_role("region", name="Approval rule")
    rule.get_by_text("It is approved by 2 approving votes").wait_for()
    rule.get_by_text("nothing is approved").wait_for()
    page.get_by_role("region", name="Your vote").get_by_text("0 of 2 approvals given").wait_for()


def test_a_vote_appears_in_a_page_that_is_open_elsewhere(world: Near, person: Person) -> None:
    approval = model(world)
    lee = person("lee").go(f"approvals/{approval}")
    lee.page.get_by_text("● live").wait_for()
    vote = {"vote": "approve", "digest": "b" * 64}
    world.do(world.call("POST", f"/v1/approvals/{approval}/votes", world.keys["kim"], vote, idempotency_key="v"))
    lee.page.get_by_role("region", name="Your vote").get_by_text("1 of 2 approvals given").wait_for(timeout=10_000)


def test_the_pages_of_approvals_have_no_barrier_and_no_width_beyond_a_phone(world: Near, person: Person) -> None:
    kim = person("kim")
    for approval in (code(world), model(world)):
        kim.go(f"approvals/{approval}").page.get_by_role("region", name="Your vote").wait_for()
        assert kim.serious() == []
        kim.page.set_viewport_size({"width": 390, "height": 844})
        assert kim.page.evaluate("document.documentElement.scrollWidth") <= 390
        kim.page.set_viewport_size({"width": 1280, "height": 900})
    assert kim.complaints == []
