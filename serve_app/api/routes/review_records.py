"""What is done to a review without holding it: undo, amend, reopen, assign, let out of quarantine."""

from fastapi import APIRouter

from hitl.identity import Role
from hitl.review import Amend, Assign, Reopen, Requeue, Undo
from hitl.review.views import AmendedDecision, AssignedReview, ReopenedReview, RequeuedReview, UndoneDecision
from serve_app.api.bodies.reviews import AmendBody, AssignBody, ReopenBody, RequeueBody, UndoBody
from serve_app.api.routes.reviews import CONFLICT, visible
from serve_app.api.services.assignable import require_takers
from serve_app.api.services.context import AnyCaller, KeyedCaller, PortsOf
from serve_app.api.services.strict_route import StrictRoute

router = APIRouter(prefix="/v1/reviews/{review_id}", tags=["reviews"], route_class=StrictRoute)


@router.post("/undo", summary="Take back one's own answer inside the undo window (its giver)", responses=CONFLICT)
async def undo_decision(review_id: str, ports: PortsOf, caller: KeyedCaller, body: UndoBody) -> UndoneDecision:
    """The caller holds the review again, under the answer's ``lease``."""
    found = await visible(ports, caller, review_id)
    command = Undo(review_id, caller.principal.id, found.words.seal(body.reason))
    return await found.submit(ports, caller, command, body)


@router.post("/amend", summary="Replace a final decision by a superseding one (expert, operator)", responses=CONFLICT)
async def amend_decision(review_id: str, body: AmendBody, ports: PortsOf, caller: KeyedCaller) -> AmendedDecision:
    """Counters, training examples and the case's outcome follow; the earlier record stays."""
    found = await visible(ports, caller, review_id)
    caller.principal.require("amend a decision", Role.EXPERT, Role.OPERATOR)
    command = Amend(review_id, caller.principal.id, body.label, found.words.seal(body.reason))
    return await found.submit(ports, caller, command, body)


@router.post("/reopen", summary="Open a new review of a decided case (expert, operator)", responses=CONFLICT)
async def reopen_review(review_id: str, body: ReopenBody, ports: PortsOf, caller: KeyedCaller) -> ReopenedReview:
    """The present outcome stands until the new review is final."""
    found = await visible(ports, caller, review_id)
    caller.principal.require("reopen a review", Role.EXPERT, Role.OPERATOR)
    await require_takers(ports, found.review.task, body.to)
    command = Reopen(review_id, caller.principal.id, found.words.seal(body.reason), body.to, body.to_experts)
    return await found.submit(ports, caller, command, body)


@router.post("/assign", summary="Let only one person, role or skill take the review (expert, operator)", responses=CONFLICT)
async def assign_review(review_id: str, body: AssignBody, ports: PortsOf, caller: AnyCaller) -> AssignedReview:
    """Whoever holds it loses the lease."""
    found = await visible(ports, caller, review_id)
    caller.principal.require("assign a review", Role.EXPERT, Role.OPERATOR)
    await require_takers(ports, found.review.task, body.to)
    command = Assign(review_id, body.to, caller.principal.id, found.words.seal(body.reason))
    return await found.submit(ports, caller, command, body)


@router.post("/requeue", summary="Let a review out of quarantine (operator)", responses=CONFLICT)
async def requeue_review(review_id: str, body: RequeueBody, ports: PortsOf, caller: AnyCaller) -> RequeuedReview:
    found = await visible(ports, caller, review_id)
    caller.principal.require("let a review out of quarantine", Role.OPERATOR)
    command = Requeue(review_id, caller.principal.id, found.words.seal(body.reason))
    return await found.submit(ports, caller, command, body)
