"""/docs is served with a policy that lets it load from here alone."""

from pathlib import Path

import pytest

from serve_app.console import pages
from tests.review_app.conftest import World


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pages, "DIST", tmp_path)
    (tmp_path / "docs.html").write_text("<!doctype html>", encoding="utf-8")
    return tmp_path


async def test_its_policy_allows_no_script_but_ours(world: World, built: Path) -> None:
    answer = await world.call("GET", "/docs")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert (answer.status_code, policy["default-src"], policy["img-src"]) == (200, "'self'", "'self' data:")
    assert not [part for part in policy.values() if "unsafe" in part or "http" in part]


async def test_where_it_is_not_built_the_text_is_shown(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "DIST", tmp_path)
    answer = await world.call("GET", "/docs")
    assert (answer.status_code, answer.headers["location"]) == (307, "/api/docs/")
