"""What a client is not told, and a document that needs nobody else's server."""

import re

import pytest

from tests.review_app.conftest import World


@pytest.mark.covers("000-76")
async def test_a_client_is_told_what_was_decided_and_not_by_whom(world: World) -> None:
    case_id = await world.case("a")
    review = await world.claim()
    body = {"lease": review["lease"]["id"], "label": "7", "comment": "smudged by Ann"}
    await world.call("POST", f"/v1/reviews/{review['review_id']}/decision", "reviewer", body, idempotency_key="k")
    told = await world.call("GET", f"/v1/decisions/{case_id}", "client")
    assert (told.json()["outcome"]["label"], told.json()["outcome"]["by"]) == ("7", "person")
    assert "smudged" not in told.text
    assert '"reviewer"' not in told.text
    colleagues = await world.call("GET", f"/v1/decisions/{case_id}", "operator")
    assert (colleagues.json()["outcome"]["reviewer"], "smudged" in colleagues.text) == ("reviewer", True)


async def test_the_api_document_is_one_page_of_our_own(world: World) -> None:
    answer = await world.http.get("/api/docs/")
    assert answer.status_code == 200
    assert re.findall(r"<script|<link|<img|https?://", answer.text) == []
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    paths = (await world.http.get("/openapi.json")).json()["paths"]
    assert all(path in answer.text for path in paths)
