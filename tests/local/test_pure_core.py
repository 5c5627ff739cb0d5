"""The tests of the pure core run without what the service and its jobs need, as on the other versions of Python."""

import ast
from pathlib import Path

import pytest

from tests.local.test_other_pythons import HEAVY, PURE
from tests.running import ROOT

SHELLS = ("serve_app", "training")


@pytest.mark.parametrize("folder", PURE)
def test_they_import_nothing_of_the_shells(folder: str) -> None:
    imported = {name for file in (ROOT / "tests" / folder).rglob("*.py") for name in _imported(file)}
    assert "hitl" in imported
    assert [name for name in sorted(imported) if name in SHELLS or HEAVY.fullmatch(name)] == []


def _imported(file: Path) -> set[str]:
    """The packages that the file names when it is loaded, or later."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found |= {name.split(".")[0] for name in names}
    return found
