"""What is sealed of a case: shown to who must see it, with a word in the history, and erased for ever."""

import json

from fastapi import APIRouter

from hitl.access import HoldCase, HoldOf, RevealsOf
from hitl.access.views import ErasedCase, HeldCase, HoldFound
from hitl.errors import Forbidden, NotFound
from hitl.identity import Role
from hitl.intake import StoredCase
from hitl.machine.shards import ACCESS, shard_of_case
from hitl.review import CancelCase, Leases
from hitl.review.views import WithdrawnReviews
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, KeyedCaller, PortsOf
from serve_app.api.services.erasing import erase_case
from serve_app.api.services.finding import kept_case, visible_case, works_on
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.seals import CaseReveals, RevealedCase
from serve_app.http.described_answer import described
from serve_app.http.strict_body import HoldBody, WhyBody
from serve_app.setup.case_words import words_of_case

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["cases"], route_class=StrictRoute)

WAITS = described(409, "the case does not wait for people: says why")
GONE = described(410, "the input was erased")


@router.post("/reveal", summary="The whole input, on the record (who holds the case's review, operator)", responses=GONE)
async def reveal_case(case_id: str, body: WhyBody, ports: PortsOf, caller: KeyedCaller) -> RevealedCase:
    """Answers once the access journal says who asked and why; a repeated request is told again."""
    case = await _of_callers_task(ports, caller, case_id)
    await require_hands_on_it(ports, caller, case_id)
    opened = json.loads(await ports.clear_values.reveal_case(case, caller.reading(body.reason)))
    return RevealedCase(case_id, opened["features"], opened["metadata"])


@router.get("/reveals", summary="Who was shown the whole input, when and why (operator)")
async def list_case_reveals(case_id: str, ports: PortsOf, caller: AnyCaller) -> CaseReveals:
    caller.principal.require("see who was shown a case", Role.OPERATOR)
    await _of_callers_task(ports, caller, case_id)
    return CaseReveals(case_id, (await ports.shards.ask(ACCESS, RevealsOf(case_id))).reveals)


@router.post("/erase", summary="Forget the input for ever; the chain still verifies (operator)")
async def erase_case_input(case_id: str, body: WhyBody, ports: PortsOf, caller: KeyedCaller) -> ErasedCase:
    """Open reviews of the case are withdrawn. What a crash leaves undone, the reconciler does."""
    caller.principal.require("erase cases", Role.OPERATOR)
    return await erase_case(ports, caller, await _of_callers_task(ports, caller, case_id), body)


@router.post("/cancel", summary="End the reviews of a case that nobody needs decided (its client, operator)", responses=WAITS)
async def cancel_case(case_id: str, body: WhyBody, ports: PortsOf, caller: KeyedCaller) -> WithdrawnReviews:
    """The case is ``withdrawn`` from then on. Refused once it has a decision, also one that can still be undone."""
    await visible_case(ports, caller.principal, case_id)
    case = await kept_case(ports, case_id)
    if case is None:
        raise NotFound("case", case_id)
    if case.record.client != caller.principal.id:
        caller.principal.require("cancel another's case", Role.OPERATOR)
    command = CancelCase(case_id, caller.principal.id, words_of_case(ports.vault, case).seal(body.reason))
    return await ports.shards.submit(shard_of_case(case_id, ports.partitioning), caller.envelope(command, body.model_dump()))


@router.get("/hold", summary="Until when the case must be kept, and who said so (operator, admin)")
async def show_hold(case_id: str, ports: PortsOf, caller: AnyCaller) -> HoldFound:
    await _held_case(ports, caller, case_id)
    return await ports.shards.ask(ACCESS, HoldOf(case_id))


@router.post("/hold", summary="Keep everything of the case until then, on the record (operator; an admin may shorten it)")
async def set_hold(case_id: str, body: HoldBody, ports: PortsOf, caller: KeyedCaller) -> HeldCase:
    """Erasing a held case is refused with 409 ``on-hold``. An ``until`` in the past ends the hold."""
    record = (await _held_case(ports, caller, case_id)).record
    standing = (await ports.shards.ask(ACCESS, HoldOf(case_id))).hold
    if standing is not None and body.until < standing.until:
        caller.principal.require("shorten a hold", Role.ADMIN)
    command = HoldCase(case_id, record.task, body.until, caller.principal.id, body.reason)
    return await ports.shards.submit(ACCESS, caller.envelope(command, body.model_dump()))


async def _held_case(ports: ApiPorts, caller: Caller, case_id: str) -> StoredCase:
    """Raises Forbidden, and NotFound for a case of another task than the caller's."""
    caller.principal.require("keep cases", Role.OPERATOR, Role.ADMIN)
    found = await kept_case(ports, case_id)
    if found is None or not works_on(caller.principal, found.record.task):
        raise NotFound("case", case_id)
    return found


async def _of_callers_task(ports: ApiPorts, caller: Caller, case_id: str) -> StoredCase:
    """Return the case as it is stored. Raises Forbidden for who has nothing to do with cases, NotFound for another task's."""
    caller.principal.require("see whole inputs", Role.REVIEWER, Role.EXPERT, Role.OPERATOR)
    await visible_case(ports, caller.principal, case_id)
    found = await kept_case(ports, case_id)
    if found is None or not caller.principal.sees(found.record.task):
        raise NotFound("case", case_id)
    return found


async def require_hands_on_it(ports: ApiPorts, caller: Caller, case_id: str) -> None:
    """Raises Forbidden for a reviewer who holds no review of the case now."""
    if caller.principal.may(Role.OPERATOR):
        return
    mine = await ports.shards.ask(shard_of_case(case_id, ports.partitioning), Leases(caller.principal.id))
    if all(review.case_id != case_id for review in mine.reviews):
        raise Forbidden(caller.principal.id, "see the whole input without the lease of a review of the case")
