"""The evidence says who is better and where, is the same every time, and its page runs and loads nothing."""

import json
import re
from typing import Any

import numpy as np
import pytest

from hitl.canonical import canonical
from hitl.learning.promotion_pack import Model, PromotionTerms, Rows, promotion_pack
from hitl.learning.promotion_page import promotion_page
from hitl.quality.certificate import RiskLevel
from tests.review_app.conftest import World
from tests.review_app.conftest import world as world  # the fixture

LABELS = ("ham", "spam")
N = 1000


def answers(wrong: Any, confidence: float = 0.97) -> Model:
    """A model that answers 0 where it is right (the truth is 0 everywhere), and 1 where ``wrong``."""
    probabilities = np.full((N, 2), [confidence, 1 - confidence])
    probabilities[wrong] = [1 - confidence, confidence]
    return Model("d" * 64, probabilities, 1.5)


def rows(segments: list[str] | None = None) -> Rows:
    ids = [f"case-{i}" for i in range(N)]
    return Rows(LABELS, np.zeros(N, dtype=np.int64), ids, segments or ["all"] * N, "simulated")


TERMS = PromotionTerms(RiskLevel(0.05, 0.9), 0.95)


@pytest.mark.parametrize(
    ("new", "old", "verdict"),
    [
        (slice(0, 10), slice(0, 60), "better"),
        (slice(0, 60), slice(0, 10), "harms a segment"),
        (slice(0, 10), slice(0, 10), "not worse"),
        (slice(0, 40), slice(38, 78), "not enough evidence"),
    ],
)
def test_the_verdict_follows_the_discordant_rows(new: slice, old: slice, verdict: str) -> None:
    assert promotion_pack(rows(), answers(new), answers(old), TERMS)["comparison"]["verdict"] == verdict


def test_harm_in_one_segment_is_seen_under_a_better_whole() -> None:
    segments = ["vip"] * 150 + ["rest"] * 850
    pack = promotion_pack(rows(segments), answers(slice(0, 30)), answers(slice(400, 500)), TERMS)["comparison"]
    assert (pack["verdict"], pack["segments"]["vip"]["verdict"]) == ("harms a segment", "harmed")


def test_each_model_has_a_certificate_of_its_own() -> None:
    models = promotion_pack(rows(), answers(slice(0, 10)), answers(slice(0, 120)), TERMS)["models"]
    good, bad = (models[name]["automatic"]["certificates"]["all"] for name in ("challenger", "champion"))
    assert (good["threshold"] is not None, bad["threshold"]) == (True, None)
    assert models["champion"]["per_decision"]["reviews"] == 1.0


def test_a_pack_is_json_the_same_every_time_and_shows_the_surest_new_errors() -> None:
    made = [promotion_pack(rows(), answers(slice(0, 30)), answers(slice(20, 40)), TERMS) for _ in range(2)]
    assert canonical(made[0]) == canonical(made[1])
    assert len(made[0]["comparison"]["new_errors"]) == 20
    assert made[0]["comparison"]["new_errors"][0]["truth"] == "ham"


def test_without_a_champion_there_is_nothing_to_compare() -> None:
    pack = promotion_pack(rows(), answers(slice(0, 30)), None, PromotionTerms(None, 0.95))
    assert (pack["comparison"], list(pack["models"])) == (None, ["challenger"])
    assert "nothing to compare" in promotion_page("first", "d" * 64, pack)


def test_the_page_is_one_document_and_escapes_what_it_shows() -> None:
    pack = promotion_pack(rows(), answers(slice(0, 30)), answers(slice(20, 40)), TERMS)
    page = promotion_page("<script>alert(1)</script>", "d" * 64, json.loads(canonical(pack)))
    assert "<script" not in page
    assert not re.search(r"(src|href|url)\s*[=(]", page)
    assert page.count("<svg") == 1


async def test_the_page_of_an_approval_is_served_to_approvers_alone(world: World) -> None:
    pack = promotion_pack(rows(), answers(slice(0, 30)), answers(slice(20, 40)), TERMS)
    body = {"kind": "model_deployment", "task": "digits", "digest": "a" * 64, "title": "two", "evidence": {"promotion": pack}}
    asked = await world.call("POST", "/v1/approvals", "trainer", body, idempotency_key="k")
    path = f"/v1/approvals/{asked.json()['approval_id']}/evidence"
    page = await world.call("GET", path, "approver")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert (await world.call("GET", path, "reviewer")).status_code == 403
    assert (await world.call("GET", "/v1/approvals/none-1/evidence", "approver")).status_code == 404
