"""Every operation of the service has its place in the console, or a reason why it has none."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "make_console_operations.py"))


def test_no_operation_is_without_a_place_and_without_a_reason(made: dict[str, Any]) -> None:
    assert made["homeless"]() == [], "call it in the console, or say why not in docs/make_console_operations.py"


def test_the_list_is_that_of_the_document_and_the_code(made: dict[str, Any]) -> None:
    written = made["LIST_FILE"].read_text(encoding="utf-8")
    assert written == made["operation_list"](), "run python docs/make_console_operations.py"


def test_every_reason_is_still_needed(made: dict[str, Any]) -> None:
    without = [each for each in made["operations"]() if not made["place_of"](each, made["sources"]())]
    unneeded = [pattern for pattern in made["REASONS"] if not any(re.fullmatch(pattern, each) for each in without)]
    assert unneeded == []


def test_a_call_that_is_not_there_gives_no_place(made: dict[str, Any]) -> None:
    assert made["place_of"]("GET /v1/queues", {"a.ts": 'read("/v1/queues/{queue}")'}) == []
    assert made["place_of"]("POST /v1/reviews/{review_id}/draft", {"a.ts": "post(`/v1/reviews/${id}/draft`, body)"}) == ["a.ts"]
