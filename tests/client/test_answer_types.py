"""The client's answers have the types that the service documents, and each operation names its own."""

import inspect
import re
import runpy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

import pytest

from hitl.client import Api, AsyncClient, Client
from hitl.client.calls import HttpCall
from hitl.client.operations import ApiOperation
from serve_app.api.schema import answer_schemas, openapi_document

ROOT = Path(__file__).parents[2]

OF_EMPTY_TOO = {"claim": ("ReviewsToAnswer", "ReviewsAtHand")}
"""Operations that may be answered without a body: their own type, and the view that it makes optional."""

ARGUMENTS = {"count": 1, "lease": 1, "attempt": 1, "rows": [], "file": b"", "data": b""}


def operations() -> dict[str, ApiOperation[Any, Any]]:
    found = {name: each for kind in reversed(Api.__mro__) for name, each in vars(kind).items()}
    return {name: each for name, each in found.items() if isinstance(each, ApiOperation)}


def described(name: str) -> HttpCall[Any]:
    """The call with some value for each argument that must be given."""
    parameters = list(inspect.signature(inspect.unwrap(operations()[name])).parameters.values())[1:]
    given = {each.name: ARGUMENTS.get(each.name, "x") for each in parameters if each.default is inspect.Parameter.empty}
    mappings = {each.name for each in parameters if "Mapping" in str(each.annotation)} & given.keys()
    call: HttpCall[Any] = getattr(Api, name)(**given | {each: {} for each in mappings})
    return call


def declared(name: str) -> set[str]:
    """The names of the answer's types, from the annotation."""
    (answer,) = get_args(inspect.signature(inspect.unwrap(operations()[name])).return_annotation)
    return {each.__name__ for each in get_args(answer) or (answer,)}


def documented(call: HttpCall[Any]) -> set[str]:
    """The views that the OpenAPI document names for the call's route."""
    return {name for schema in _schemas(call) for name in re.findall(r"#/components/schemas/(\w+)", str(schema))}


@cache
def _paths() -> dict[str, Any]:
    found: dict[str, Any] = openapi_document()["paths"]
    return found


def _schemas(call: HttpCall[Any]) -> Iterator[dict[str, Any]]:
    paths = _paths()
    fitting = [path for path in paths if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), unquote(call.path))]
    closest = min(fitting, key=lambda path: path.count("{"))
    yield from answer_schemas(paths[closest][call.method.lower()])


def test_the_types_are_those_of_the_document() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_client_types.py"))
    written = made["TYPES_FILE"].read_text(encoding="utf-8")
    assert written == made["client_types"](), "run python docs/make_client_types.py"


@pytest.mark.parametrize("name", sorted(operations()))
def test_each_operation_names_the_answer_of_its_route(name: str) -> None:
    if name in OF_EMPTY_TOO:
        own, view = OF_EMPTY_TOO[name]
        assert (declared(name), documented(described(name))) == ({own}, {view})
    else:
        assert declared(name) == documented(described(name))


def test_both_clients_send_every_operation() -> None:
    assert all(callable(getattr(kind, name)) for kind in (Client, AsyncClient) for name in operations())
