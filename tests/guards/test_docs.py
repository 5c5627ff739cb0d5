"""The pages name what is there: every path, every identifier of the glossary, every page in the index."""

import re
from itertools import product
from pathlib import Path

import pytest

from tests.measure.code_source import PACKAGES
from tests.running import ROOT

PAGES = ["README.md", "CONTRIBUTING.md", *(f"docs/{name}.md" for name in ("README", "architecture", "decisions", "how-to-add"))]
CLIENTS = sorted(
    f"docs/integrations/{path.name}" for path in (ROOT / "docs" / "integrations").glob("*.md") if path.name != "README.md"
)
TOP = r"(?:hitl|serve_app|training|tests|docs|configs|examples)/"
GENERATED = ("serve_app/console/dist/",)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def paths_in(text: str) -> set[str]:
    """Paths in backticks; braces are written out and an asterisk stands for anything."""
    found = re.findall(rf"`({TOP}[^`\s<>…]*)`", text)
    return {each for path in found for each in _written_out(path) if not each.startswith(GENERATED)}


def _written_out(path: str) -> list[str]:
    parts = [part.strip("{}").split(",") if part.startswith("{") else [part] for part in re.split(r"(\{[^}]*\})", path)]
    return ["".join(each) for each in product(*parts)]


def is_there(path: str) -> bool:
    return any(ROOT.glob(path.rstrip("/")))


def is_made_by_a_recipe(path: str, text: str) -> bool:
    """A recipe's step begins with its file in bold letters; a new one's folder is there."""
    return bool(re.search(rf"^\d+\. \*\*`{re.escape(path)}`", text, re.M)) and is_there(path.rpartition("/")[0])


@pytest.mark.parametrize("page", [page for page in PAGES if page != "docs/README.md"])
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    paths = paths_in(text)
    assert paths
    assert [path for path in sorted(paths) if not is_there(path) and not is_made_by_a_recipe(path, text)] == []


@pytest.mark.parametrize("page", CLIENTS)
def test_the_page_of_a_client_shows_an_example_and_says_what_is_not_supported(page: str) -> None:
    """The example is a file of its own or a command, and none of the tests' programs."""
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [path for path in sorted(paths_in(text)) if not is_there(path)] == []
    assert not re.search(r"tests/clients/programs", text)
    assert {"## What you need", "## Not supported"} <= set(text.splitlines())
    assert re.search(r"examples/[\w/]+\.(py|yaml)|`?hitl mlflow", text)


@pytest.mark.parametrize("example", sorted(path.name for path in (ROOT / "examples" / "clients").glob("*.py")))
def test_the_example_of_a_client_is_named_by_its_page_and_run_by_a_test(example: str) -> None:
    pages = [(ROOT / page).read_text(encoding="utf-8") for page in (*CLIENTS, "docs/notifications.md")]
    tests = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")]
    assert any(f"examples/clients/{example}" in page for page in pages)
    assert any(f"clients/{example}" in test or f"from {example[:-3]} import" in test for test in tests)


@pytest.mark.parametrize("page", [*PAGES, *CLIENTS, "docs/integrations/README.md", "docs/glossary.md", "CHANGELOG.md"])
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    links = LINK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (folder / link).exists()] == []


def test_the_index_lists_every_page() -> None:
    pages = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")} - {"README.md"}
    assert pages - set(LINK.findall((ROOT / "docs" / "README.md").read_text(encoding="utf-8"))) == set()


def test_the_glossary_names_classes_that_are_there() -> None:
    rows = re.findall(r"^\|[^|]*\|[^|]*\|([^|]*)\|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.M)
    named = {name for cell in rows for name in re.findall(r"`(\w+)`", cell)}
    files = (path for package in PACKAGES for path in Path(ROOT / package).rglob("*.py"))
    declared = {name for path in files for name in re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), re.M)}
    assert named
    assert named - declared == set()
