"""The documentation as a site: every page is in its index, every link leads somewhere."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.clients.hosting import environment_of
from tests.running import ROOT

FOLDERS = ("docs", "deploy")


def pages(node: Any) -> set[str]:
    if isinstance(node, str):
        return {node}
    children = node.values() if isinstance(node, dict) else node
    return {page for child in children for page in pages(child)}


def test_every_page_has_its_place() -> None:
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text())
    there = {str(file.relative_to(ROOT / "docs")) for file in (ROOT / "docs").rglob("*.md")}
    assert pages(site["nav"]) - {"overview.md", "CONTRIBUTING.md", "CHANGELOG.md"} == there


def built(folder: Path) -> subprocess.CompletedProcess[str]:
    python = environment_of("site", "mkdocs-material==9.8.2")
    argv = [str(python.with_name("mkdocs")), "build", "--strict", "--site-dir", str(folder / "site")]
    return subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name)
    for file in ("mkdocs.yml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        shutil.copy(ROOT / file, tmp_path)
    for folder in ("configs", "examples", "tests/adapters"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.wide
def test_the_site_is_built_without_a_warning_and_loads_nothing_from_elsewhere(copy: Path) -> None:
    done = built(copy)
    assert done.returncode == 0, done.stderr
    page = (copy / "site" / "operations" / "index.html").read_text()
    assert "Runbook" in page
    assert "fonts.googleapis.com" not in page


@pytest.mark.wide
def test_a_broken_link_ends_the_build(copy: Path) -> None:
    with (copy / "docs" / "audit.md").open("a") as page:
        page.write("\n[nowhere](nosuch.md)\n")
    assert built(copy).returncode != 0
