"""The picture and the sound of a review's case, as people see and hear them."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Query, Request, Response

from hitl.access import RevealsOf
from hitl.adapters.checkers.decoder import DecodedFile
from hitl.canonical import Json
from hitl.errors import Erased, Forbidden, NotFound
from hitl.intake import StoredCase
from hitl.machine.shards import ACCESS
from hitl.tasks import TaskSpec
from hitl.text_limits import MAX_REASON
from serve_app.api.routes.cases import require_hands_on_it
from serve_app.api.routes.reviews import visible
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, PortsOf
from serve_app.api.services.finding import kept_case
from serve_app.api.services.strict_route import StrictRoute
from serve_app.http.described_answer import DescribedAnswers, described
from serve_app.http.documents import FILE_HEADERS
from serve_app.http.ranges import ranged_answer
from serve_app.setup.case_files import CaseFiles

router = APIRouter(prefix="/v1/reviews/{review_id}", tags=["reviews"], route_class=StrictRoute)

Page = Annotated[int, Query(ge=1, le=1000)]

SHOWN: DescribedAnswers = {200: {"description": "The picture", "content": {"image/png": {}, "image/jpeg": {}}}}
HEARD: DescribedAnswers = {
    200: {"description": "The recording", "content": {"audio/flac": {}}},
    206: {"description": "The part of it that the Range header asks for", "content": {"audio/flac": {}}},
}
PICTURE, RECORDING = "picture", "recording"
Make: TypeAlias = Callable[[CaseFiles, TaskSpec, Json], Awaitable[DecodedFile | None]]
GONE = described(410, "the input was erased")


@router.get(
    "/image",
    summary="The picture of its case, or a page of its document (who may see the review)",
    response_class=Response,
    responses={**SHOWN, **GONE},
)
async def show_picture(review_id: str, ports: PortsOf, caller: AnyCaller, page: Page = 1) -> Response:
    """Decoded and made anew: never the file that the client sent, and nothing of it but its pixels. Of a recording it shows how
    loud it is, from its start to its end. That of a sensitive case is for who revealed the case before
    (`POST /v1/cases/{case_id}/reveal`) and still works on it; each time stands on record."""
    picture = await _made(ports, caller, (PICTURE, review_id), lambda files, spec, found: files.picture(spec, found, page))
    return Response(picture.data, media_type=f"image/{picture.kind}", headers=FILE_HEADERS)


@router.get(
    "/sound",
    summary="The recording of its case (who may see the review)",
    response_class=Response,
    responses={**HEARD, **GONE},
)
async def show_recording(review_id: str, request: Request, ports: PortsOf, caller: AnyCaller) -> Response:
    """Decoded and made anew: never the file that the client sent, and nothing of it but its sound. A `Range` header of one range
    gets that part. That of a sensitive case is for who revealed the case before, as its picture is."""
    sound = await _made(ports, caller, (RECORDING, review_id), lambda files, spec, found: files.sound(spec, found))
    return ranged_answer(sound.data, f"audio/{sound.kind}", FILE_HEADERS, request.headers.get("range"))


async def _made(ports: ApiPorts, caller: Caller, wanted: tuple[str, str], make: Make) -> DecodedFile:
    """``wanted`` is what the caller asks for, in a word, and the id of the review. Raises NotFound where there is none."""
    what, review_id = wanted
    review = (await visible(ports, caller, review_id)).review
    case = await kept_case(ports, review.case_id)
    spec = None if case is None else ports.vault.defined(case.record)
    if case is None or spec is None or spec.input.files is None or ports.files is None:
        raise NotFound(what, review_id)
    found = await make(ports.files, spec, await _features(ports, caller, case, what))
    if found is None:
        raise NotFound(what, review_id)
    return found


async def _features(ports: ApiPorts, caller: Caller, case: StoredCase, what: str) -> Json:
    """Raises Erased; Forbidden for a sensitive case that the caller did not reveal before."""
    record = case.record
    if not ports.vault.defined(record).input.masks:
        found: Json = json.loads(ports.vault.shown_of(case))["features"]
        if found is None:
            raise Erased(record.case_id)
        return found
    await require_hands_on_it(ports, caller, record.case_id)
    why = f"its {what}: {await _reason(ports, caller, record.case_id, what)}"
    reading = caller.reading(why[:MAX_REASON])  # the whole reason stands where the case was revealed
    clear: Json = json.loads(await ports.clear_values.reveal_case(case, reading))["features"]
    return clear


async def _reason(ports: ApiPorts, caller: Caller, case_id: str, what: str) -> str:
    """Return why the caller had the case revealed. Raises Forbidden where they had not."""
    notes = (await ports.shards.ask(ACCESS, RevealsOf(case_id))).reveals
    mine = [note.reason for note in notes if note.by == caller.principal.id]
    if not mine:
        raise Forbidden(caller.principal.id, f"get the {what} before POST /v1/cases/{case_id}/reveal, which says why")
    return mine[0]
