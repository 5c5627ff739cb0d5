"""docs/security.md names tests that exist, and leaves out no chapter of the standards that it answers."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()


def rows(heading: str) -> list[list[str]]:
    """The cells of each row of the first table below ``heading``."""
    section = PAGE.split(f"\n## {heading}")[1].split("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


ASVS, API = rows("Against OWASP ASVS"), rows("Against the OWASP API")


def test_every_test_file_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(?:tests/)?((?:\w+/)+test_\w+\.py)`", PAGE))
    assert len(named) > 30
    assert sorted(name for name in named if not (ROOT / "tests" / name).exists()) == []


def test_every_module_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:hitl|serve_app)/[\w./]+)`", PAGE))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_every_chapter_is_answered() -> None:
    chapters = {int(number) for row in ASVS for number in re.findall(r"\bV(\d+)", row[0])}
    assert chapters == set(range(1, 18))
    assert [row[0].split()[0] for row in API] == [f"API{number}" for number in range(1, 11)]


@pytest.mark.parametrize("row", ASVS + API, ids=lambda row: row[0][:20])
def test_every_answer_says_how_and_where_it_is_tested(row: list[str]) -> None:
    name, state, how, tests = row
    assert state in ("yes", "met", "partly", "none")
    assert how
    assert tests or state == "none" or "Documentation" in name or "Inventory" in name
