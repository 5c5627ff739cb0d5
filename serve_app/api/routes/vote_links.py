"""Votes by signed links. Opening one changes nothing: programs open links by themselves, and people forward them."""

import json
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from hitl.approval.questions import SignInFor
from hitl.approval.state import RequestStatus
from hitl.approval.views import ApprovalView
from hitl.errors import InvalidInput, MalformedBody, UnsupportedMediaType
from hitl.machine.shards import APPROVAL
from serve_app.api.services.context import PortsOf
from serve_app.api.services.outside_route import PageRoute, page
from serve_app.api.services.outside_votes import (
    OutsideVote,
    approval_of,
    cast_vote,
    key_of_token,
    read_token,
    voter_of,
)

router = APIRouter(prefix="/v1/votes", tags=["votes from outside"], route_class=PageRoute)

Token = Annotated[str, Path(max_length=1000)]
FORM = "application/x-www-form-urlencoded"
MOST_COMMENT = 4_000


@router.get("/{token}", summary="What the link votes on, with a form (who has the link)", response_class=HTMLResponse)
async def show_vote_form(token: Token, ports: PortsOf) -> HTMLResponse:
    link = read_token(ports, token)
    who = await voter_of(ports, link.person)
    found = await approval_of(ports, who, link.approval_id)
    if (await ports.shards.ask(APPROVAL, SignInFor(link.approval_id, who))).needs_sign_in:
        return page("vote_sign_in.html", title=found.title, approval_id=found.approval_id, person=who.id)
    is_open = found.status is RequestStatus.PENDING and all(vote.voter != who.id for vote in found.votes)
    shown, lines = _shown(found), _lines(found)
    return page("vote_form.html", title=found.title, person=who.id, asked=found, shown=shown, lines=lines, is_open=is_open)


@router.post("/{token}", summary="Vote as the person whom the link names (who has the link)", response_class=HTMLResponse)
async def send_vote_form(token: Token, request: Request, ports: PortsOf) -> HTMLResponse:
    """The link is its own idempotency key: sent twice, it has one effect."""
    link = read_token(ports, token)
    vote, comment = _form(request)
    who = await voter_of(ports, link.person, request.state.raw)
    given = OutsideVote(link.approval_id, link.digest, vote, "link", key_of_token(token), comment)
    standing = await cast_vote(ports, request, who, given)
    text = f"Your vote counts. The request {standing.approval_id} is {standing.status.value}."
    return page("vote_told.html", title="Thank you", text=text)


def _form(request: Request) -> tuple[str, str]:
    """Return the chosen option and the comment. Raises UnsupportedMediaType, MalformedBody, InvalidInput."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise UnsupportedMediaType(FORM)
    try:
        fields = parse_qs(request.state.raw.decode("utf-8"), keep_blank_values=True, max_num_fields=4, errors="strict")
    except ValueError as error:
        raise MalformedBody("a form with the fields vote and comment") from error
    vote, comment = fields.get("vote", [""]), fields.get("comment", [""])
    if len(vote) != 1 or not vote[0]:
        raise InvalidInput("/vote", "one of the options on the page")
    if len(comment) != 1 or len(comment[0]) > MOST_COMMENT:
        raise InvalidInput("/comment", f"at most {MOST_COMMENT} characters")
    return vote[0], comment[0].replace("\r\n", "\n")


def _shown(found: ApprovalView) -> str:
    return json.dumps(found.context, indent=1, ensure_ascii=False)


def _lines(found: ApprovalView) -> list[str]:
    said = found.in_words
    return [*said.options, said.votes, said.silence, said.deadline]
