"""The outcome of a case, at once or when there is one."""

import asyncio
from dataclasses import fields, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query

from hitl.canonical import JsonObject
from hitl.errors import NotFound
from hitl.intake import StoredCase
from hitl.machine.shards import review_shards, shard_of_case
from hitl.review import CountAhead, OutcomeOf
from hitl.review.case_status import CaseStatus
from hitl.review.pace import together, wait_s
from hitl.review.views import CaseOutcome, ModelOutcome, QueuePlace
from hitl.routing.route import Action, Priority
from hitl.tasks import TaskSpec
from hitl.tasks.answer_terms import NONE_OF_THESE
from serve_app.api.services.client_view import for_client
from serve_app.api.services.context import AnyCaller, ApiPorts, PortsOf
from serve_app.api.services.finding import viewer_of, visible_case
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.decisions import BlindCase, CaseDecision, DecidedPart, PlaceInLine, TakenRoute
from serve_app.http.answers import answer as answer_of
from serve_app.setup.case_words import words_of_case

router = APIRouter(tags=["decisions"], route_class=StrictRoute)

_OF_PEOPLE = (
    "status",
    "outcome",
    "route",
    "review_id",
    "outcomes",
    "version",
    "history",
    "in_line",
    "is_sealed",
    "declared_by",
    "parts",
)
_AS_TOLD = tuple(each.name for each in fields(CaseDecision) if each.name not in _OF_PEOPLE)

Wait = Annotated[float, Query(ge=0, le=60, allow_inf_nan=False, description="seconds to wait for an outcome")]
After = Annotated[int, Query(ge=0, le=1_000, description="the version that is known: wait for a later outcome")]


@router.get("/v1/decisions/{case_id}", summary="A case and its outcome (its client, or a person of its task)")
async def show_decision(
    case_id: str, ports: PortsOf, caller: AnyCaller, wait: Wait = 0.0, after: After = 0
) -> CaseDecision | BlindCase:
    """``outcome`` stands now, ``outcomes`` are all that the case has had and ``version`` their number: a check or an amendment
    supersedes. Who may still answer its blind review is told neither the model's suggestion nor any outcome."""
    case = await visible_case(ports, caller.principal, case_id)
    answer = _first_answer(case)
    if not case.record.is_for_people:
        return answer
    is_client = case.record.client == caller.principal.id
    said = await _reviewed(ports, case, OutcomeOf(case_id, after, None if is_client else viewer_of(caller.principal)), wait)
    if said is None:
        return answer
    if said.is_blind:
        return _blinded(answer, said.review_id)
    told = replace(
        answer,
        review_id=said.review_id,
        status=said.status,
        outcome=said.outcome,
        outcomes=[*said.outcomes],
        version=said.version,
        history=said.history,
        in_line=await in_line(ports, said.place),
    )
    words = words_of_case(ports.vault, case)
    value = words.shown(_standing(said, answer.value))
    told = replace(told, value=value, parts=_decided_parts(ports.tasks.get(told.task), told, answer.value, value))
    return for_client(told) if is_client else words.shown(told)


def _standing(said: CaseOutcome, declared: JsonObject | None) -> JsonObject | None:
    """Return the fields that stand: those that people corrected, else the declared ones, but where people found that none fit."""
    if said.outcome is not None and said.outcome.label == NONE_OF_THESE:
        return None
    return declared if said.value is None else said.value


def _decided_parts(
    spec: TaskSpec | None, told: CaseDecision, declared: JsonObject | None, value: JsonObject | None
) -> dict[str, DecidedPart] | None:
    """Return who decided each part, once people have answered; before, and where no part went by itself, what was ``told``. A
    part is overridden where its ``value`` is not the ``declared`` one, as it is where people found that no value fits."""
    by_people = told.outcome is not None and told.outcome.by == "person"
    if told.parts is None or not by_people or spec is None or spec.fields is None:
        return told.parts
    differs = spec.fields.differing_of(declared, value)
    return {
        name: DecidedPart("person" if part.by is None or name in differs else "model", part.by == "model" and name in differs)
        for name, part in told.parts.items()
    }


async def in_line(ports: ApiPorts, place: QueuePlace | None) -> PlaceInLine | None:
    """Where the review stands over all shards, None for what does not wait."""
    if place is None:
        return None
    question = CountAhead(place.queue, place.priority.value, place.turn_at)
    parts = await asyncio.gather(*(ports.shards.ask(shard, question) for shard in review_shards(ports.partitions)))
    ahead, measured = sum(part.ahead for part in parts), together(part.rates for part in parts)
    return PlaceInLine(place.queue, ahead + 1, place.time_in_queue_s, wait_s(ahead, measured))


def _first_answer(case: StoredCase) -> CaseDecision:
    """Return what was told when the case came: all that there is while nobody looks."""
    told: dict[str, Any] = {
        "features": None,
        "metadata": None,
        "value": None,
        "boxes": None,
        **answer_of(case.record, case.payload),
    }
    outcomes = [ModelOutcome(**told["outcome"])] if told["outcome"] else []
    given: dict[str, Any] = {name: told[name] for name in _AS_TOLD}
    route = TakenRoute(Action(case.record.action), case.record.reason, _priority(case.record.priority))
    return CaseDecision(
        **given,
        status=CaseStatus(told["status"]),
        outcome=outcomes[0] if outcomes else None,
        route=route,
        review_id=None,
        outcomes=list(outcomes),
        version=len(outcomes),
        history=[],
        in_line=None,
        is_sealed=case.wrapped_key is not None,
        declared_by=case.record.declared_by,
        parts={name: DecidedPart(**part) for name, part in told["parts"].items()} if "parts" in told else None,
    )


def _priority(priority: str | None) -> Priority | None:
    return None if priority is None else Priority(priority)


async def _reviewed(ports: ApiPorts, case: StoredCase, question: OutcomeOf, wait_s: float) -> CaseOutcome | None:
    """Return what the people say of ``case``; None for one that was acknowledged and whose review is not queued yet: for
    milliseconds, or as long as the shard recovers."""
    shard = shard_of_case(question.case_id, ports.partitioning)
    try:
        found = await ports.shards.wait(shard, question.case_id, question, wait_s)
    except NotFound:
        return None
    return found


def _blinded(answer: CaseDecision, review_id: str) -> BlindCase:
    return BlindCase(
        case_id=answer.case_id,
        request_id=answer.request_id,
        task=answer.task,
        review_id=review_id,
        features=answer.features,
        metadata=answer.metadata,
        decision_url=answer.decision_url,
        status="pending_human",
        outcome=None,
        outcomes=[],
        version=0,
        history=[],
        is_sealed=answer.is_sealed,
    )
