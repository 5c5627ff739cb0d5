"""What the caller holds: the same cases after a reload, a new sign-in, or in a second window."""

import asyncio

from fastapi import APIRouter

from hitl.identity import Role
from hitl.machine.shards import review_shards
from hitl.review import Leases
from serve_app.api.services.at_hand import at_hand
from serve_app.api.services.context import AnyCaller, PortsOf
from serve_app.api.services.finding import reaches
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.queues import HeldAtHand

router = APIRouter(tags=["reviews"], route_class=StrictRoute)


@router.get("/v1/leases", summary="The reviews that the caller holds, in the order in which they got them (reviewer, expert)")
async def list_leases(ports: PortsOf, caller: AnyCaller) -> HeldAtHand:
    caller.principal.require("hold reviews", Role.REVIEWER, Role.EXPERT)
    question = Leases(caller.principal.id)
    parts = await asyncio.gather(*(ports.shards.ask(shard, question) for shard in review_shards(ports.partitions)))
    held = [review for part in parts for review in part.reviews if review.task in ports.tasks]
    mine = [review for review in held if reaches(caller.principal, review)]
    ordered = sorted(mine, key=lambda review: review.lease.granted_at if review.lease else 0.0)
    shown = [await at_hand(ports, caller, ports.tasks[review.task], review) for review in ordered]
    return HeldAtHand([each for each in shown if each is not None])
