"""The evidence of a model's approval as a page for people, made of what the journal holds and nothing else."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from hitl.approval.questions import ApprovalOf
from hitl.canonical import digest_of, fingerprint
from hitl.errors import NotFound
from hitl.identity import Role
from hitl.learning.promotion_page import promotion_page
from serve_app.edge.strict_route import StrictRoute
from serve_app.review.context import AnyCaller, PortsOf
from serve_app.review.shards import APPROVAL

router = APIRouter(prefix="/v1/approvals", tags=["approvals"], route_class=StrictRoute)

CLOSED = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Nothing is loaded, run or framed: the page is a document."""


@router.get("/{approval_id}/evidence", summary="The evidence as an HTML page (approver, trainer, operator)")
async def evidence_page(approval_id: str, ports: PortsOf, caller: AnyCaller) -> HTMLResponse:
    """``x-evidence-digest`` is the digest of the evidence's JSON, ``etag`` that of the page. 404 without a pack."""
    caller.principal.require("see approvals", Role.APPROVER, Role.TRAINER, Role.OPERATOR)
    found: dict[str, Any] = (await ports.shards.ask(APPROVAL, ApprovalOf(approval_id)))["approval"]
    pack = (found.get("evidence") or {}).get("promotion")
    if not caller.principal.sees(found["task"]) or not isinstance(pack, dict):
        raise NotFound("evidence", approval_id)
    page = promotion_page(found["title"], found["digest"], pack)
    headers = {"x-evidence-digest": fingerprint(pack), "etag": f'"{digest_of(page.encode())}"', "content-security-policy": CLOSED}
    return HTMLResponse(page, headers=headers)
