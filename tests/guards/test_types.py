"""A misspelt field or name of an event, a view, a question or a command fails the type check, wherever it is."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.mutations import (
    Search,
    attribute_of,
    attribute_of_answer,
    either,
    find,
    key_of_fields,
    keyword_of,
    keyword_of_view,
    name_of_event,
)
from tests.measure.code_source import PACKAGES
from tests.running import ROOT

pytestmark = pytest.mark.slow

MUTATIONS: dict[str, tuple[str, Search]] = {
    "the comment of a decision as it is made": (
        "hitl.review",
        either(keyword_of("Event", "ReviewDecided", "comment"), key_of_fields("comment")),
    ),
    "the name of a decision where a report counts it": ("hitl.audit", name_of_event("ReviewDecided")),
    "a field of an event of a review as it is applied": ("hitl.review", attribute_of("event")),
    "the name of an event of an approval": ("hitl.approval", name_of_event()),
    "a field of an event of an approval as it is made": ("hitl.approval", keyword_of("Event")),
    "a field of an event of an approval as it is applied": ("hitl.approval", attribute_of("event")),
    "a field of an event of serving as it is made": ("hitl.serving", keyword_of("Event")),
    "a field of an event of a workflow as it is made": ("hitl.workflow", keyword_of("Event")),
    "a field of an event of a workflow as it is applied": ("hitl.workflow", attribute_of("event")),
    "a field of an event of learning as it is made": ("hitl.learning", keyword_of("Event")),
    "a field of an event of access as it is applied": ("hitl.access", attribute_of("event")),
    "a field of a view as the review queues make it": ("hitl.review", keyword_of_view),
    "a field of a view that a route reads": ("serve_app.api", attribute_of_answer),
    "a field of a question as the review queues answer it": ("hitl.review", attribute_of("question")),
    "a field of a command as the review queues decide": ("hitl.review", attribute_of("command")),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product that passes the type check, with the cache that makes the next ones quick."""
    root = tmp_path_factory.mktemp("tree")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("node_modules", "dist", "web", "__pycache__"))
    shutil.copy2(ROOT / "pyproject.toml", root)
    (root / "docs").mkdir()
    shutil.copy2(ROOT / "docs" / "journal.md", root / "docs")
    cache = Path(os.environ.get("MYPY_CACHE_DIR", ROOT / ".mypy_cache"))
    if cache.is_dir():
        shutil.copytree(cache, root / ".mypy_cache")
    done = check(root)
    assert done.returncode == 0, done.stdout
    return root


@pytest.fixture
def mutated(tree: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The misspelt word's place, while it is misspelt."""
    under, search = MUTATIONS[request.param]
    spot = find(tree, under, search)
    before = spot.misspell()
    yield f"{spot.path.relative_to(tree)}:{spot.line} {spot.word}"
    spot.path.write_bytes(before)


@pytest.mark.parametrize("mutated", MUTATIONS, indirect=True)
def test_a_misspelt_word_fails_the_type_check(tree: Path, mutated: str) -> None:
    done = check(tree)
    assert done.returncode == 1, f"{mutated} was not found: {done.stdout}"
    assert "error:" in done.stdout


def check(root: Path) -> subprocess.CompletedProcess[str]:
    """What ``make check`` says of the product's types under ``root``. An installed copy of the product is not looked at."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MYPYPATH", "MYPY_CACHE_DIR")}
    packages = [option for name in PACKAGES for option in ("-p", name)]
    command = [sys.executable, "-m", "mypy", "--no-color-output", "--cache-dir", ".mypy_cache", *packages]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
