"""The outcome of a case, at once or when there is one."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query

from hitl.errors import NotFound
from hitl.intake import StoredCase
from hitl.machine.shards import review_shards, shard_of_case
from hitl.review import Ahead, OutcomeOf
from hitl.review.pace import Rates, together, wait_s
from hitl.routing.route import Action
from serve_app.api.services.client_view import for_client
from serve_app.api.services.context import AnyCaller, Ports, PortsOf
from serve_app.api.services.finding import viewer_of, visible_case
from serve_app.api.services.strict_route import StrictRoute
from serve_app.http.answers import answer as answer_of

router = APIRouter(tags=["decisions"], route_class=StrictRoute)

SAID_BY_PEOPLE = ("review_id", "status", "outcome", "outcomes", "version", "history")

Wait = Annotated[float, Query(ge=0, le=60, allow_inf_nan=False, description="seconds to wait for an outcome")]
After = Annotated[int, Query(ge=0, le=1_000, description="the version that is known: wait for a later outcome")]


@router.get("/v1/decisions/{case_id}", summary="A case and its outcome (its client, or a person of its task)")
async def decision(case_id: str, ports: PortsOf, caller: AnyCaller, wait: Wait = 0.0, after: After = 0) -> dict[str, Any]:
    """``outcome`` stands now, ``outcomes`` are all that the case has had and ``version`` their number: a check or an amendment
    supersedes. Who may still answer its blind review is told neither the model's suggestion nor any outcome."""
    case = await visible_case(ports, caller.principal, case_id)
    answer = answer_of(case.record, case.payload)
    if not case.record.is_for_people:
        return answer | _NOBODY_LOOKS | {"outcomes": [answer["outcome"]], "version": 1}
    viewer = None if case.record.client == caller.principal.id else viewer_of(caller.principal)
    said = await _reviewed(ports, case, OutcomeOf(case_id, after, viewer), wait)
    if said.get("is_blind"):
        return _blinded(answer | said)
    told = {name: said[name] for name in SAID_BY_PEOPLE if name in said}
    return (
        answer
        | (for_client(told) if case.record.client == caller.principal.id else told)
        | {"in_line": await in_line(ports, said.get("place"))}
    )


async def in_line(ports: Ports, place: dict[str, Any] | None) -> dict[str, Any] | None:
    """Where the review stands over all shards: ``{"queue", "position", "time_in_queue_s", "estimated_wait_s"}``, position 1 being
    the next; the wait is at the queue's measured rate, None without one. None for what does not wait."""
    if place is None:
        return None
    question = Ahead(place["queue"], place["priority"], place["opened_at"])
    parts = await asyncio.gather(*(ports.shards.ask(shard, question) for shard in review_shards(ports.partitions)))
    ahead, measured = sum(part["ahead"] for part in parts), together(Rates(**part["rates"]) for part in parts)
    names = ("queue", "time_in_queue_s")
    return {**{name: place[name] for name in names}, "position": ahead + 1, "estimated_wait_s": wait_s(ahead, measured)}


_NOBODY_LOOKS: dict[str, Any] = {"review_id": None, "history": []}


async def _reviewed(ports: Ports, case: StoredCase, question: OutcomeOf, wait_s: float) -> dict[str, Any]:
    """What the people say of ``case``."""
    shard = shard_of_case(question.case_id, ports.partitions)
    try:
        return await ports.shards.wait(shard, question.case_id, question, wait_s)
    except NotFound:
        # Acknowledged, and its review is not queued yet: milliseconds, or as long as the shard recovers.
        outcomes = [{"label": case.record.prediction, "by": "model"}] if case.record.action == Action.AUTOMATIC else []
        return _NOBODY_LOOKS | {"outcomes": outcomes, "version": len(outcomes)}


def _blinded(answer: dict[str, Any]) -> dict[str, Any]:
    names = ("case_id", "request_id", "task", "review_id", "features", "metadata", "decision_url")
    open_: dict[str, Any] = {"status": "pending_human", "outcome": None, "outcomes": [], "version": 0, "history": []}
    return {name: answer[name] for name in names if name in answer} | open_
