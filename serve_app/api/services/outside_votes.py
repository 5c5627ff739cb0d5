"""Cast a vote that comes by a link or from chat: as the account that it stands for, by the command that every vote is."""

from dataclasses import dataclass

from fastapi import Request

from hitl.approval.commands import Vote
from hitl.approval.questions import ApprovalOf
from hitl.approval.views import ApprovalStanding, ApprovalView
from hitl.canonical import digest_of
from hitl.chat.vote_links import VoteLink, read_link
from hitl.errors import NotFound
from hitl.identity import Principal, Role
from hitl.machine.shards import APPROVAL
from serve_app.api.services.chat_ports import Chat
from serve_app.api.services.context import ApiPorts, Caller
from serve_app.http.asgi import head


@dataclass(frozen=True, slots=True)
class OutsideVote:
    """``key`` is the same for every repetition of one click or message."""

    approval_id: str
    digest: str
    vote: str
    via: str
    key: str
    comment: str = ""


def chat_of(ports: ApiPorts) -> Chat:
    """Raises NotFound where no chat is configured."""
    if ports.chat is None:
        raise NotFound("route", "votes from outside: HITL_CHAT_FILE names their configuration")
    return ports.chat


def read_token(ports: ApiPorts, token: str) -> VoteLink:
    """Raises NotFound, TooManyRequests after too many wrong ones."""
    chat = chat_of(ports)
    try:
        return read_link(token, chat.terms.link_keys, ports.wall())
    except NotFound:
        chat.guesses.take("")
        raise


def key_of_token(token: str) -> str:
    return digest_of(token.encode())


async def voter_of(ports: ApiPorts, account: str, sent: bytes = b"") -> Principal:
    """Return the account with its rights of now, counted as a caller who ``sent`` this. Raises Unauthenticated, Forbidden,
    TooManyRequests."""
    who = await ports.the_door.keys.of_account(account)
    if ports.limits is not None:
        await ports.limits.check(who)
        await ports.limits.check_bytes(who, len(sent))
    who.require("vote", Role.APPROVER)
    return who


async def approval_of(ports: ApiPorts, who: Principal, approval_id: str) -> ApprovalView:
    """Raises NotFound for what the voter may not see."""
    return (await ports.shards.ask(APPROVAL, ApprovalOf(approval_id, who))).approval


async def cast_vote(ports: ApiPorts, request: Request, who: Principal, given: OutsideVote) -> ApprovalStanding:
    """Raises what any vote may raise, and SignInNeeded."""
    await approval_of(ports, who, given.approval_id)
    caller = Caller(who, head(request.scope).request_id, f"vote by {given.via}", given.key)
    command = Vote(given.approval_id, who.id, given.vote, given.digest, given.comment, via=given.via)
    return await ports.shards.submit(APPROVAL, caller.envelope(command, [given.vote, given.comment]))
