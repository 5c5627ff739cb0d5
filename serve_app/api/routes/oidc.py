"""The two redirects of a sign-in at the identity provider. Open to everybody: who comes has no key yet."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hitl.access import ChangeAccount, NoteSignIn
from hitl.errors import NotFound
from hitl.identity.accounts import Account
from hitl.identity.claims import LOOPBACK
from hitl.identity.sessions import digest_of_token
from hitl.machine import Envelope
from hitl.machine.asked import A, Command
from hitl.machine.shards import ACCESS
from serve_app.api.routes.sessions import is_secure, with_session
from serve_app.api.services.account_rights import follow_journal
from serve_app.api.services.context import ApiPorts, PortsOf
from serve_app.http.asgi import check_request, head
from serve_app.http.documents import HEADERS
from serve_app.http.oidc import WITHIN_S, Oidc

router = APIRouter(prefix="/v1/oidc", tags=["sessions"])

STATE_COOKIE = "hitl_oidc"
Text = Annotated[str, Query(max_length=4096)]
BACK = '<!doctype html><html lang="en"><title>In</title><meta http-equiv="refresh" content="0; url=/"><a href="/">Go on</a>'
"""A page and not a redirect: the browser sends a Strict cookie only where one of our own pages leads."""


@router.get("/login", summary="Sign in at the identity provider (anybody)", response_class=RedirectResponse, status_code=302)
async def begin_sign_in(request: Request, ports: PortsOf) -> RedirectResponse:
    check_request(request.scope)
    url, state = await _oidc(ports).begin(address_of(request))
    answer = RedirectResponse(url, 302, {"cache-control": "no-store"})
    secure = is_secure(request, ports)
    answer.set_cookie(STATE_COOKIE, state, max_age=int(WITHIN_S), path="/v1/oidc", secure=secure, httponly=True, samesite="lax")
    return answer


@router.get("/callback", summary="Back from the identity provider, with a session (anybody)", response_class=HTMLResponse)
async def finish_sign_in(request: Request, ports: PortsOf, state: Text = "", code: Text = "") -> HTMLResponse:
    """The account gets the rights that its groups give now; nothing else has changed when this is refused."""
    check_request(request.scope)
    account = await _oidc(ports).finish(state, request.cookies.get(STATE_COOKIE), code)
    await _keep(request, ports, account, f"rights:{digest_of_token(state)}")
    token, session = await ports.the_door.sign_in(account.id)
    told = NoteSignIn(account.id, "oidc", session.name)
    await ports.shards.submit(ACCESS, _by(request, account, told, f"sign-in:{session.name}"))
    answer = HTMLResponse(BACK, headers=HEADERS | {"cache-control": "no-store"})
    answer.delete_cookie(STATE_COOKIE, path="/v1/oidc")
    return with_session(answer, token, is_secure(request, ports))


def address_of(request: Request) -> str:
    """Return where the request comes from. The proxy on this machine adds the address that it sees as the last one; what stands
    before it, and what comes without a proxy, anybody may have written."""
    peer = request.client.host if request.client else ""
    told = request.headers.getlist("x-forwarded-for")
    return told[-1].rpartition(",")[2].strip() if told and peer in LOOPBACK else peer


async def _keep(request: Request, ports: ApiPorts, account: Account, command_id: str) -> None:
    """The rights of now, in place of those of the last time; who was disabled here stays so. ``command_id`` is of this sign-in
    alone: a request's id may be the browser's own words, and repeat."""
    known = {each.id: each for each in await ports.directory.accounts()}.get(account.id)
    if known is not None and known.is_out:
        raise NotFound("account", account.id)
    if known != account:
        command = ChangeAccount(account.view(), "oidc")
        await ports.shards.submit(ACCESS, _by(request, account, command, command_id))
        await follow_journal(ports, account.id)


def _by(request: Request, account: Account, command: Command[A], command_id: str) -> Envelope[A]:
    return Envelope(command, command_id, "", account.id, head(request.scope).request_id)


def _oidc(ports: ApiPorts) -> Oidc:
    """Raises NotFound where people sign in with keys alone."""
    if ports.oidc is None:
        raise NotFound("route", "/v1/oidc")
    return ports.oidc
