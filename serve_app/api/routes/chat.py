"""Votes from Slack and Teams: each signs what it sends and says who acts; the configuration says which account that is."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from hitl.approval.state import RequestStatus
from hitl.approval.views import ApprovalStanding
from hitl.chat.signed_requests import check_slack_request, check_teams_request, check_teams_time
from hitl.chat.slack import ButtonPress, answer_to, read_press
from hitl.chat.teams import SentenceVote, escaped, read_sentence
from hitl.chat.terms import SlackTerms, TeamsTerms
from hitl.errors import DigestMismatch, HitlError, NotFound, Unauthenticated
from serve_app.api.services.context import ApiPorts, PortsOf
from serve_app.api.services.outside_route import OutsideRoute, words_of
from serve_app.api.services.outside_votes import (
    OutsideVote,
    approval_of,
    cast_vote,
    chat_of,
    key_of_token,
    read_token,
    voter_of,
)
from serve_app.api.views.chat import TeamsAnswer

router = APIRouter(prefix="/v1/chat", tags=["votes from outside"], route_class=OutsideRoute)

UNKNOWN = "you are no account here: the operator names you in the file of HITL_CHAT_FILE"


@router.post("/slack", summary="A button of a Slack message was pressed (Slack, signed)", response_class=Response)
async def send_slack_press(request: Request, ports: PortsOf) -> Response:
    """What became of it is told in Slack, to who pressed alone until the request is decided."""
    terms = _slack(ports)
    _checked(ports, lambda: check_slack_request(request.headers, request.state.raw, terms.signing_secret, ports.wall()))
    press = read_press(request.state.raw)
    if press.team != terms.team:
        raise Unauthenticated("the request comes from another workspace")
    text, is_over = await _told_of_press(ports, request, press)
    telling = BackgroundTask(chat_of(ports).reply, press.response_url, answer_to(text, is_over)) if press.response_url else None
    return Response(status_code=200, background=telling)


@router.post("/teams", summary="A vote in words, from Teams' outgoing webhook (Teams, signed)")
async def send_teams_vote(request: Request, ports: PortsOf) -> TeamsAnswer:
    terms = _teams(ports)
    _checked(ports, lambda: check_teams_request(request.headers.get("authorization", ""), request.state.raw, terms.key))
    try:
        said = read_sentence(request.state.raw)
        standing = await _vote_of_sentence(ports, request, terms, said)
    except HitlError as error:
        return TeamsAnswer("message", escaped(words_of(error, request)))
    return TeamsAnswer("message", _stands(standing))


async def _told_of_press(ports: ApiPorts, request: Request, press: ButtonPress) -> tuple[str, bool]:
    """Return the words for Slack, and whether nobody needs the buttons any more."""
    try:
        standing = await _vote_of_press(ports, request, press)
    except HitlError as error:
        return words_of(error, request), False
    return _stands(standing), standing.status is not RequestStatus.PENDING


async def _vote_of_press(ports: ApiPorts, request: Request, press: ButtonPress) -> ApprovalStanding:
    """The token is the service's own: a message that somebody else posts, with words of their own, has none."""
    link = read_token(ports, press.token)
    who = await voter_of(ports, _known(chat_of(ports).terms.of_slack(press.user)), request.state.raw)
    if link.person:
        raise NotFound("vote link", "that is a button's")
    given = OutsideVote(link.approval_id, link.digest, press.vote, "slack", key_of_token(press.token))
    return await cast_vote(ports, request, who, given)


async def _vote_of_sentence(ports: ApiPorts, request: Request, terms: TeamsTerms, said: SentenceVote) -> ApprovalStanding:
    check_teams_time(said.timestamp, ports.wall())
    if said.tenant != terms.tenant:
        raise Unauthenticated("the request comes from another organisation")
    who = await voter_of(ports, _known(chat_of(ports).terms.of_teams(said.user)), request.state.raw)
    seen = await approval_of(ports, who, said.approval_id)
    if not seen.digest.startswith(said.code):
        raise DigestMismatch(seen.digest, said.code)
    given = OutsideVote(said.approval_id, seen.digest, said.vote, "teams", key_of_token(said.message_id))
    return await cast_vote(ports, request, who, given)


def _checked(ports: ApiPorts, check: Callable[[], None]) -> None:
    """Raises Unauthenticated, TooManyRequests after too many wrong signatures."""
    try:
        check()
    except Unauthenticated:
        chat_of(ports).guesses.take("")
        raise


def _stands(standing: ApprovalStanding) -> str:
    votes = f"{standing.approving} of {standing.quorum} approving votes"
    return f"Your vote counts. {standing.approval_id} is {standing.status.value}: {votes}."


def _known(account: str | None) -> str:
    if account is None:
        raise Unauthenticated(UNKNOWN)
    return account


def _slack(ports: ApiPorts) -> SlackTerms:
    terms = chat_of(ports).terms.slack
    if terms is None:
        raise NotFound("route", "Slack is not configured")
    return terms


def _teams(ports: ApiPorts) -> TeamsTerms:
    terms = chat_of(ports).terms.teams
    if terms is None:
        raise NotFound("route", "Teams is not configured")
    return terms
