"""The requests that docs/approvals.md shows work as they stand there."""

import json
import re
from pathlib import Path

from tests.review_app.conftest import World

PAGE = Path("docs/approvals.md").read_text()
BODIES = [json.loads(body) for body in re.findall(r"-d '(\{.*?\})'", PAGE, re.DOTALL)]


async def test_the_page_of_approvals_asks_and_votes_as_it_shows(world: World) -> None:
    request, *_, vote = BODIES
    made = await world.call("POST", "/v1/approvals", "client", request, idempotency_key="refund-7")
    assert made.json()["approval_id"] == "ai_decision-1"
    vote["digest"] = made.json()["digest"]
    told = await world.call("POST", "/v1/approvals/ai_decision-1/votes", "approver", vote, idempotency_key="my-vote")
    assert told.json()["status"] == "approved"


async def test_every_route_of_the_page_exists(world: World) -> None:
    paths = (await world.http.get("/openapi.json")).json()["paths"]
    shown = set(re.findall(r"`(?:GET|POST) (/v1/[^`?]*)", PAGE))
    assert {path.replace("{id}", "{approval_id}") for path in shown} <= set(paths)
