"""The evidence of a model's approval as a page for people, made of what the journals hold and nothing else."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from hitl.approval.questions import ApprovalOf
from hitl.canonical import JsonObject, digest_of, fingerprint
from hitl.errors import InvalidInput, NotFound
from hitl.identity import Role
from hitl.learning.journalled.questions import ShadowsOf
from hitl.learning.promotion_page import Live, StepOnTrial, promotion_page
from hitl.machine.events import names_of
from hitl.machine.shards import APPROVAL, LEARNING
from hitl.quality.shadow import model_figures
from hitl.serving.events import Deployed, RolledBack, SharesSet
from hitl.serving.questions import History
from serve_app.api.services.context import AnyCaller, ApiPorts, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.http.documents import document

router = APIRouter(prefix="/v1/approvals", tags=["approvals"], route_class=StrictRoute)

SHARING = names_of(Deployed, SharesSet, RolledBack)


@router.get(
    "/{approval_id}/evidence",
    summary="The evidence as an HTML page (approver, trainer, operator)",
    response_class=HTMLResponse,
)
async def show_evidence(approval_id: str, ports: PortsOf, caller: AnyCaller) -> HTMLResponse:
    """``x-evidence-digest`` is the digest of the evidence's JSON, ``etag`` that of the page. 404 without a pack."""
    caller.principal.require("see approvals", Role.APPROVER, Role.TRAINER, Role.OPERATOR)
    found = (await ports.shards.ask(APPROVAL, ApprovalOf(approval_id))).approval
    pack = found.evidence.get("promotion")
    if not caller.principal.sees(found.task) or not isinstance(pack, dict):
        raise NotFound("evidence", approval_id)
    page = render_evidence(found.title, found.digest, pack, await _live(ports, found.task, found.digest))
    return document(page, {"x-evidence-digest": fingerprint(pack), "etag": f'"{digest_of(page.encode())}"'})


def render_evidence(title: str, digest: str, pack: JsonObject, live: Live) -> str:
    """Raises InvalidInput for evidence that is no pack: anybody who may ask for an approval wrote it."""
    try:
        return promotion_page(title, digest, pack, live)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput("/evidence/promotion", "a pack as training makes it") from error


async def _live(ports: ApiPorts, task: str, digest: str) -> Live:
    """Return what the journals say of the model on live cases."""
    counts = (await ports.shards.ask(LEARNING, ShadowsOf(task))).models.get(digest)
    lines = (await ports.shards.ask(APPROVAL, History(task))).history
    shares = [(line, dict(line.versions).get(digest)) for line in lines if line.cause in SHARING]
    return Live(
        None if counts is None else model_figures(counts),
        [StepOnTrial(share, line.cause, line.reason) for line, share in shares if share is not None],
    )
