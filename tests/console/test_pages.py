"""The console's page: served by the service itself, and allowed to talk to nobody else."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from serve_app.console import pages

PAGE = '<script type="module" src="/assets/console-1.js"></script>'


@pytest.fixture
async def http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx2.AsyncClient]:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "build.json").write_text("{}")
    (tmp_path / "assets" / "console-1.js").write_text("1")
    monkeypatch.setattr(pages, "DIST", tmp_path)
    app = FastAPI()
    app.include_router(pages.router)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app, raise_app_exceptions=False), base_url="http://hitl"
    ) as client:
        yield client


async def test_the_page_may_talk_to_its_own_service_alone(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/")
    policy = answer.headers["content-security-policy"]
    assert answer.text == PAGE
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy


async def test_an_asset_is_kept_for_ever_since_its_name_is_its_content(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/assets/console-1.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", ["other.js", "..%2fbuild.json", "%2e%2e%2findex.html", "build.json"])
async def test_no_name_leads_out_of_the_assets(http: httpx2.AsyncClient, name: str) -> None:
    assert (await http.get(f"/assets/{name}")).status_code != 200


async def test_without_a_build_the_page_says_how_to_make_one(http: httpx2.AsyncClient, tmp_path: Path) -> None:
    (tmp_path / "index.html").unlink()
    answer = await http.get("/")
    assert answer.status_code == 503
    assert "make console" in answer.text


def test_every_page_of_the_console_can_be_reloaded_at_its_address() -> None:
    main = Path("serve_app/console/web/src/main.tsx").read_text(encoding="utf-8")
    named = re.findall(r'^  "?([a-z-]+)"?: (?:[A-Z]\w+,|\(\) => import)', main, re.MULTILINE)
    assert len(named) > 15
    assert sorted(named) == sorted(pages.PLACES)
