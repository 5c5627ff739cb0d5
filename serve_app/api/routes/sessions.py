"""Sessions of people, and tickets for their sockets."""

from typing import TypeVar

from fastapi import APIRouter, Request, Response

from hitl.access import NoteSignIn, NoteSignOut
from hitl.errors import NotFound, SessionOver
from hitl.identity import Principal, Role
from hitl.identity.sessions import Session, open_for_key
from hitl.identity.views import CallerView, OpenedSession
from hitl.machine.shards import ACCESS
from serve_app.api.services.account_rights import known_accounts
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, PortsOf
from serve_app.api.services.permissions import permissions_of
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.identity import EndedSession, PermissionsView, Sessions, SocketTicket
from serve_app.http.authentication import key_of
from serve_app.http.session_cookie import COOKIE, SECURE_COOKIE
from serve_app.http.sessions import OF_KEY, OF_SESSION, TICKET_S

Told = TypeVar("Told", bound=Response)

router = APIRouter(prefix="/v1", tags=["sessions"], route_class=StrictRoute)


@router.post("/session", status_code=201, summary="Sign in with a key in the header: a session in a cookie (any account)")
async def sign_in(request: Request, response: Response, ports: PortsOf, caller: AnyCaller) -> OpenedSession:
    """The key itself is not needed in the browser again. Changes by cookie need an Origin of ours, or `X-Hitl-Request: 1`. The
    same request with the same Idempotency-Key has the same session, and 409 once that is over."""
    if not caller.principal.session.startswith(OF_KEY):
        raise NotFound("key", "")
    key_id = caller.principal.session.removeprefix(OF_KEY)
    secret, now = key_of(request.headers.get("authorization"))[1], ports.the_door.wall()
    token, fresh = open_for_key(caller.principal.id, key_id, secret, caller.key, now)
    session = await ports.the_door.opened(token) or await _open(ports, caller, token, fresh)
    with_session(response, token, is_secure(request, ports))
    terms, me = ports.the_door.terms, _who(caller.principal)
    rights = (me.roles, me.tasks, me.queues, me.skills)
    return OpenedSession(me.account, *rights, session.name, terms.idle_s, session.ends_at(terms))


@router.get("/session", summary="Who the caller is, and what they may do (any account)")
async def show_session(caller: AnyCaller) -> CallerView:
    return _who(caller.principal)


@router.get("/permissions", summary="What the caller's roles allow, by name (any account)")
async def show_permissions(caller: AnyCaller) -> PermissionsView:
    return PermissionsView(permissions_of(caller.principal))


@router.delete("/session", status_code=204, summary="Sign out (who has a session)")
async def sign_out(request: Request, ports: PortsOf, caller: AnyCaller) -> Response:
    if not caller.principal.session.startswith(OF_SESSION):
        raise NotFound("session", "")
    digest = caller.principal.session.removeprefix(OF_SESSION)
    session = await ports.the_door.sessions.find(digest)
    if session is not None:
        await _end(ports, caller, digest, session)
    answer = Response(status_code=204)
    for name in (COOKIE, SECURE_COOKIE):
        answer.delete_cookie(name, path="/", secure=name == SECURE_COOKIE, httponly=True, samesite="strict")
    return answer


@router.get("/sessions", summary="The caller's own sessions; an admin sees all (any account)")
async def list_sessions(ports: PortsOf, caller: AnyCaller) -> Sessions:
    """An admin who is bound to tasks or queues sees those of the accounts within them."""
    mine = sorted((await _kept(ports, caller)).items(), key=lambda each: each[1].created_at)
    terms, own = ports.the_door.terms, caller.principal.session.removeprefix(OF_SESSION)
    return Sessions([session.view(terms, digest == own) for digest, session in mine])


@router.delete("/sessions/{name}", summary="End a session (its owner, admin)")
async def end_session(name: str, ports: PortsOf, caller: AnyCaller) -> EndedSession:
    for digest, session in (await _kept(ports, caller)).items():
        if session.name == name:
            await _end(ports, caller, digest, session)
            return EndedSession(name)
    raise NotFound("session", name)


@router.post("/tickets", status_code=201, summary="A ticket that opens one socket within 30 seconds (any account)")
async def issue_ticket(ports: PortsOf, caller: AnyCaller) -> SocketTicket:
    """Offer the subprotocols `hitl` and `ticket.<ticket>`, or `?ticket=`: no lasting secret ever stands in a URL."""
    return SocketTicket(await ports.the_door.issue_ticket(caller.principal), TICKET_S)


async def _kept(ports: ApiPorts, caller: Caller) -> dict[str, Session]:
    """The sessions that the caller may see and end, by their digests: their own; an admin's also those of accounts they keep."""
    found, who = await ports.the_door.sessions.all(), caller.principal
    kept = await known_accounts(ports) if who.may(Role.ADMIN) else {}
    reached = {account.id for account in kept.values() if who.manages(account.principal())}
    return {digest: each for digest, each in found.items() if each.account == who.id or each.account in reached}


async def _open(ports: ApiPorts, caller: Caller, token: str, session: Session) -> Session:
    """Told first. Raises SessionOver for what was told before, TooManyRequests."""
    await ports.the_door.check_room(session.account)
    command = NoteSignIn(session.account, "key", session.name, session.created_at)
    if (await ports.shards.submit(ACCESS, caller.envelope(command, session.key_id))).at != session.created_at:
        raise SessionOver(session.name)
    await ports.the_door.keep(token, session)
    return session


def with_session(answer: Told, token: str, secure: bool) -> Told:
    """``answer`` with the cookie; it ends with the browser at the latest, and on the server by its own terms."""
    name = SECURE_COOKIE if secure else COOKIE
    answer.set_cookie(name, token, path="/", secure=secure, httponly=True, samesite="strict")
    return answer


def is_secure(request: Request, ports: ApiPorts) -> bool:
    """Tell whether the browser talks TLS to us, or to the proxy that the public URL names."""
    return request.url.scheme == "https" or (ports.public_url or "").startswith("https://")


async def _end(ports: ApiPorts, caller: Caller, digest: str, session: Session) -> None:
    """Worthless first, then told."""
    await ports.the_door.sessions.remove(digest)
    command = NoteSignOut(session.account, session.name, caller.principal.id)
    await ports.shards.submit(ACCESS, caller.envelope(command, session.name))


def _who(who: Principal) -> CallerView:
    return CallerView(who.id, sorted(who.roles), sorted(who.tasks), sorted(who.queues), sorted(who.skills))
