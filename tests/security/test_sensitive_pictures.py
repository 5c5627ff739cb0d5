"""Attempts on pictures of sensitive cases: without a reason, without the review in hand, through what answers show."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.review_app.picture_world import PictureWorld

REASON = {"reason": "to answer it"}


@pytest.fixture
async def pictures(tmp_path: Path) -> AsyncIterator[PictureWorld]:
    made = PictureWorld(tmp_path, sensitive=True)
    await made.shards.start()
    yield made
    await made.leave()


async def reveal(world: PictureWorld, review: dict[str, Any], who: str = "reviewer") -> int:
    path = f"/v1/cases/{review['case_id']}/reveal"
    return int((await world.call("POST", path, who, REASON, idempotency_key=f"r-{who}")).status_code)


async def notes(world: PictureWorld, review: dict[str, Any]) -> list[tuple[str, str]]:
    found = (await world.call("GET", f"/v1/cases/{review['case_id']}/reveals", "operator")).json()["reveals"]
    return [(note["by"], note["reason"]) for note in found]


async def test_answers_show_neither_handle_nor_digest(pictures: PictureWorld) -> None:
    case_id = await pictures.picture_case("a")
    review = await pictures.claim()
    told = (await pictures.call("GET", f"/v1/decisions/{case_id}", "client")).text
    assert review["payload"]["features"] == "***"
    assert "sha256" not in told


async def test_nobody_sees_it_without_saying_why_before(pictures: PictureWorld) -> None:
    await pictures.picture_case("a")
    review = await pictures.claim()
    for who in ("reviewer", "operator"):
        answer = await pictures.image(review, who)
        assert (answer.status_code, "reveal" in answer.json()["detail"]) == (403, True)
    assert await notes(pictures, review) == []


async def test_each_time_that_it_is_shown_stands_on_record(pictures: PictureWorld) -> None:
    await pictures.picture_case("a")
    review = await pictures.claim()
    assert await reveal(pictures, review) == 200
    assert [(await pictures.image(review)).status_code for _ in range(2)] == [200, 200]
    shown = ("reviewer", "its picture: to answer it")
    assert await notes(pictures, review) == [("reviewer", "to answer it"), shown, shown]


async def test_a_reveal_of_somebody_else_opens_nothing(pictures: PictureWorld) -> None:
    await pictures.picture_case("a")
    review = await pictures.claim()
    await reveal(pictures, review, "operator")
    assert (await pictures.image(review)).status_code == 403


async def test_who_gave_the_review_back_sees_it_no_more(pictures: PictureWorld) -> None:
    await pictures.picture_case("a")
    review = await pictures.claim()
    await reveal(pictures, review)
    body = {"lease": review["lease"]["id"], "reason": "lunch"}
    assert (await pictures.call("POST", f"/v1/reviews/{review['review_id']}/release", "reviewer", body)).status_code == 200
    assert (await pictures.image(review)).status_code == 403


async def test_it_is_not_shown_while_nobody_can_note_it(pictures: PictureWorld) -> None:
    await pictures.picture_case("a")
    review = await pictures.claim()
    await reveal(pictures, review)
    pictures.shards.away.add("access")
    assert (await pictures.image(review)).status_code == 503
