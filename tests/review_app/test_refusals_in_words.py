"""A refusal says the place and the rule in words, never a library's code, and never what came."""

import re
from typing import Any

import pytest

from serve_app.http.expected import OTHERWISE, WORDS, expected_in_words, place_in_words
from tests.review_app.conftest import World

BODY = {"lease": 1, "label": "3"}


@pytest.mark.parametrize(
    ("change", "pointer", "expected"),
    [
        ({"label": "x" * 201}, "/label", "at most 200 characters"),
        ({"lease": "1"}, "/lease", "a whole number"),
        ({"lease": 0}, "/lease", "at least 1"),
        ({"confidence": 1.5}, "/confidence", "at most 1.0"),
        ({"label": None}, "/label", "a text"),
        ({"colour": 1}, "/colour", "no such field"),
        ({"<b>\n": 1}, "/?", "no such field"),
        ({"x" * 100: 1}, "/?", "no such field"),
        ({"__proto__": {"x": 1}}, "/?", "no such field"),
    ],
)
async def test_a_wrong_body_is_told_its_place_and_rule(world: World, change: dict[str, Any], pointer: str, expected: str) -> None:
    answer = await world.call("POST", "/v1/reviews/none/decision", "reviewer", {**BODY, **change}, idempotency_key="a")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": pointer, "expected": expected}]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/v1/approvals?status=odd", "query status"),
        ("/v1/interactions?limit=0", "query limit: expected at least 1"),
        ("/v1/interactions?limit=x", "query limit: expected a whole number"),
        ("/v1/audit?from=soon", "a date such as 2026-01-31"),
        ("/v1/audit?colour=1", "colour: expected no such field"),
    ],
)
async def test_a_wrong_query_is_told_its_rule(world: World, path: str, words: str) -> None:
    answer = await world.call("GET", path, "operator")
    assert answer.status_code == 400
    assert words in answer.json()["detail"]
    assert not re.search(r"[a-z]+_[a-z]+_[a-z]+", answer.json()["detail"])


@pytest.mark.parametrize("code", [*WORDS, "a_code_of_tomorrow"])
def test_no_code_of_a_library_is_shown(code: str) -> None:
    assert not re.fullmatch(r"[a-z]+(_[a-z]+)+", expected_in_words({"type": code}))


def test_a_check_of_ours_speaks_for_itself() -> None:
    assert expected_in_words({"type": "value_error", "ctx": {"error": ValueError("a rising list")}}) == "a rising list"
    assert expected_in_words({"type": "a_code_of_tomorrow"}) == OTHERWISE


def test_places_within_arrays_keep_their_numbers() -> None:
    assert place_in_words(("body", "rows", 3)) == ["body", "rows", "3"]
