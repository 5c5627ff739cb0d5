"""The picture of a review's case, as people see it."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Response

from hitl.access import RevealsOf
from hitl.canonical import Json
from hitl.errors import Erased, Forbidden, NotFound
from hitl.intake import StoredCase
from hitl.machine.shards import ACCESS
from serve_app.api.routes.cases import require_hands_on_it
from serve_app.api.routes.reviews import visible
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, PortsOf
from serve_app.api.services.finding import kept_case
from serve_app.api.services.strict_route import StrictRoute
from serve_app.http.described_answer import DescribedAnswers, described
from serve_app.http.documents import PICTURE_HEADERS

router = APIRouter(prefix="/v1/reviews/{review_id}", tags=["reviews"], route_class=StrictRoute)

Page = Annotated[int, Query(ge=1, le=1000)]

SHOWN: DescribedAnswers = {200: {"description": "The picture", "content": {"image/png": {}, "image/jpeg": {}}}}
GONE = described(410, "the input was erased")


@router.get(
    "/image",
    summary="The picture of its case, or a page of its document (who may see the review)",
    response_class=Response,
    responses={**SHOWN, **GONE},
)
async def show_picture(review_id: str, ports: PortsOf, caller: AnyCaller, page: Page = 1) -> Response:
    """Decoded and made anew: never the file that the client sent, and nothing of it but its pixels. That of a sensitive case is
    for who revealed the case before (`POST /v1/cases/{case_id}/reveal`) and still works on it; each time stands on record."""
    review = (await visible(ports, caller, review_id)).review
    case = await kept_case(ports, review.case_id)
    spec = None if case is None else ports.vault.defined(case.record)
    if case is None or spec is None or spec.input.files is None or ports.files is None:
        raise NotFound("picture", review_id)
    picture = await ports.files.picture(spec, await _features(ports, caller, case), page)
    if picture is None:
        raise NotFound("picture", review_id)
    return Response(picture.data, media_type=f"image/{picture.kind}", headers=PICTURE_HEADERS)


async def _features(ports: ApiPorts, caller: Caller, case: StoredCase) -> Json:
    """Raises Erased; Forbidden for a sensitive case that the caller did not reveal before."""
    record = case.record
    if not ports.vault.defined(record).input.masks:
        found: Json = json.loads(ports.vault.shown_of(case))["features"]
        if found is None:
            raise Erased(record.case_id)
        return found
    await require_hands_on_it(ports, caller, record.case_id)
    reading = caller.reading(f"its picture: {await _reason(ports, caller, record.case_id)}")
    clear: Json = json.loads(await ports.clear_values.reveal_case(case, reading))["features"]
    return clear


async def _reason(ports: ApiPorts, caller: Caller, case_id: str) -> str:
    """Return why the caller had the case revealed. Raises Forbidden where they had not."""
    notes = (await ports.shards.ask(ACCESS, RevealsOf(case_id))).reveals
    mine = [note.reason for note in notes if note.by == caller.principal.id]
    if not mine:
        raise Forbidden(caller.principal.id, f"see the picture before POST /v1/cases/{case_id}/reveal, which says why")
    return mine[0]
