"""Documents show what they are given as text: nobody's words become a form, a refresh or a script."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hitl.audit.report import ReportLine, as_html
from hitl.canonical import canonical
from hitl.learning.promotion_pack import promotion_pack
from hitl.learning.promotion_page import Live, StepOnTrial, promotion_page
from serve_app.http.docs_page import docs_page
from tests.learning.test_promotion_pack import TERMS, answers, rows
from tests.review_app.conftest import World
from tests.review_app.conftest import world as world  # the fixture

ROOT = Path(__file__).parents[2]
FORM = "<form action=https://evil.example><button>vote</button></form>"
REFRESH = '"><meta http-equiv=refresh content="0;url=https://evil.example">'
HOSTILE = [FORM, REFRESH, "<script>alert(1)</script>", "'><img src=x onerror=alert(1)>"]
NO_PACK = (LookupError, TypeError, ValueError, AttributeError)


def a_pack() -> dict[str, Any]:
    pack = promotion_pack(rows(), answers(slice(0, 30)), answers(slice(20, 40)), TERMS)
    found: dict[str, Any] = json.loads(canonical(pack))
    found["comparison"]["new_errors"] = found["comparison"]["new_errors"][:1]
    found["comparison"]["fixes"] = found["comparison"]["fixes"][:1]
    for model in found["models"].values():
        model["calibration"]["reliability"] = model["calibration"]["reliability"][:1]
    return found


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each container with a key in it."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


def is_harmless(page: str) -> bool:
    return not any(sign in page for sign in ("<form", "<meta http", "<script", "<img", "<button"))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_value_of_the_evidence_becomes_markup(hostile: str) -> None:
    shown, pack = 0, a_pack()
    for container, key in list(places(pack)):
        kept, container[key] = container[key], hostile
        try:
            page = promotion_page("a model", "d" * 64, pack)
        except NO_PACK:
            page = ""
        container[key] = kept
        assert is_harmless(page), key
        shown += "evil.example" in page or "alert(1)" in page
    assert shown > 20


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_name_in_the_evidence_becomes_markup(hostile: str) -> None:
    pack = a_pack()
    segments = pack["comparison"]["segments"]
    segments[hostile] = segments.pop("all")
    certificates = pack["models"]["challenger"]["automatic"]["certificates"]
    certificates[hostile] = certificates.pop("all")
    page = promotion_page(hostile, hostile, pack, Live(shares=[StepOnTrial(0.5, hostile, hostile)]))
    assert is_harmless(page)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_value_of_a_report_becomes_markup(hostile: str) -> None:
    line = ReportLine(hostile, None, None, hostile)  # type: ignore[arg-type]
    assert is_harmless(as_html({hostile: {hostile: line}}, hostile))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_value_of_the_api_document_becomes_markup(hostile: str) -> None:
    parameter = {"name": hostile, "in": hostile, "description": hostile}
    route = {"tags": [hostile], "summary": hostile, "description": hostile, "parameters": [parameter]}
    route |= {"responses": {hostile: {"description": hostile}}}
    info = {"title": hostile, "version": hostile, "description": hostile}
    assert is_harmless(docs_page({"info": info, "paths": {hostile: {hostile: route}}}))


@pytest.mark.parametrize("template", sorted(ROOT.glob("*/*/templates/*.html")), ids=lambda path: path.name)
def test_no_template_says_that_a_value_is_safe(template: Path) -> None:
    text = template.read_text()
    assert not any(word in text for word in ("safe", "autoescape", "<script"))


async def _shown(world: World, promotion: dict[str, Any]) -> Any:
    evidence = {"promotion": promotion}
    body = {"kind": "model_deployment", "task": "digits", "digest": "a" * 64, "title": "two", "evidence": evidence}
    asked = await world.call("POST", "/v1/approvals", "trainer", body, idempotency_key="k")
    return await world.call("GET", f"/v1/approvals/{asked.json()['approval_id']}/evidence", "approver")


async def _evidence(world: World) -> Any:
    return await _shown(world, a_pack())


async def _api(world: World) -> Any:
    return await world.call("GET", "/api/docs/", "approver")


@pytest.mark.parametrize("get", [_evidence, _api])
async def test_a_document_sends_nothing_and_leads_nowhere(world: World, get: Callable[[World], Any]) -> None:
    answer = await get(world)
    policy = {part.strip() for part in answer.headers["content-security-policy"].split(";")}
    assert answer.status_code == 200
    assert {"default-src 'none'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'", "sandbox"} <= policy
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_evidence_that_is_no_pack_is_refused(world: World) -> None:
    answer = await _shown(world, {"n": FORM})
    assert answer.status_code == 422
    assert "evil" not in answer.text
