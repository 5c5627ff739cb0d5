"""One table from errors to HTTP, and documents that say no more than they should."""

import inspect
import json
import runpy
from pathlib import Path

import pytest

from hitl import errors
from serve_app.http.errors import INTERNAL, TABLE, answer_for
from serve_app.http.problems import problem

ROOT = Path(__file__).parents[2]

AT_THE_EDGE = {
    errors.JobFailed,
    errors.NotStarted,
    errors.TrainingRuns,
}
"""Raised by the command line and the keeper, which answer nobody over HTTP."""

NEVER_AN_ANSWER = {
    errors.HitlError,
    errors.ChainBroken,
    errors.EntryForged,
    errors.SnapshotDamaged,
    errors.InvalidConfig,
    errors.CaseExists,
} | AT_THE_EDGE
"""Broken history and wrong configuration are nobody's request; CaseExists is settled by the gateway."""


def _classes() -> list[type[Exception]]:
    return [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.HitlError)]


@pytest.mark.covers("D22")
@pytest.mark.parametrize("kind", [kind for kind in _classes() if kind not in NEVER_AN_ANSWER])
def test_every_error_has_a_status_that_is_no_success(kind: type[Exception]) -> None:
    row = next(TABLE[each] for each in kind.__mro__ if each in TABLE)
    assert row.status >= 400


@pytest.mark.covers("003-43")
def test_a_problem_carries_the_request_id_a_status_a_reason_and_a_time() -> None:
    document = json.loads(problem(errors.InvalidInput("/features/3", "a number in [0, 16]"), "r-1", 0.0).body)
    assert document == {
        "type": "urn:ray-hitl:problem:invalid-input",
        "title": "The request does not fit its schema",
        "status": 422,
        "detail": "/features/3: expected a number in [0, 16]",
        "instance": "urn:ray-hitl:request:r-1",
        "request_id": "r-1",
        "timestamp": "1970-01-01T00:00:00.000+00:00",
        "errors": [{"pointer": "/features/3", "expected": "a number in [0, 16]"}],
    }


@pytest.mark.parametrize(
    "error",
    [
        errors.NotFound("task", "s3cret"),
        errors.IdempotencyConflict("s3cret"),
        errors.DigestMismatch("d", "s3cret"),
        errors.NeverDeployed("t", "s3cret"),
        errors.StoreUnavailable("s3cret"),
        ValueError("s3cret"),
    ],
)
def test_neither_the_input_nor_the_inside_is_repeated(error: Exception) -> None:
    assert b"s3cret" not in problem(error, "r", 0.0).body


@pytest.mark.parametrize("error", [errors.Recovering("s"), errors.Overloaded("q", 1), errors.StaleGeneration("t", 1, 2)])
def test_what_passes_by_itself_says_when_to_come_again(error: Exception) -> None:
    assert problem(error, "r", 0.0).headers["retry-after"] == "1"


def test_what_nobody_foresaw_is_an_internal_failure() -> None:
    assert answer_for(KeyError("x")) is INTERNAL


def test_a_missing_key_names_the_scheme() -> None:
    assert problem(errors.Unauthenticated("no key"), "r", 0.0).headers["www-authenticate"] == "Bearer"


def test_the_page_of_the_errors_is_up_to_date() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_errors.py"))
    assert made["FILE"].read_text(encoding="utf-8") == made["page"](), "run python docs/make_errors.py"
    assert all(f"`{row.slug}`" in made["page"]() for row in [*TABLE.values(), INTERNAL])
