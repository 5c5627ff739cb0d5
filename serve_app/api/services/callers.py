"""Authenticate the caller of a request or socket: a key in the header, or a session in a cookie with a CSRF check.

A browser sends the cookie with whatever any page makes it send. So a change by cookie must say where it comes from: an ``Origin``
of our own, or, without one, a mark that only a page of ours can set.
"""

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from fastapi import Request, WebSocket

from hitl.errors import CrossSite, Unauthenticated
from hitl.identity import Principal
from serve_app.api.services.context import ApiPorts, ports_of
from serve_app.http.sessions import NO_SESSION

COOKIE, SECURE_COOKIE = "hitl_session", "__Host-hitl_session"
MARK = "x-hitl-request"
READS = frozenset({"GET", "HEAD", "OPTIONS"})
BEARER, TICKET = "bearer.", "ticket."
"""A browser cannot set a socket's headers. It offers the subprotocol ``ticket.<ticket>`` or ``bearer.<key>``, and ``hitl``."""


async def counted_caller_of(request: Request) -> Principal:
    """As caller_of, with this request counted. Raises TooManyRequests beside."""
    who, limits = await caller_of(request), ports_of(request).limits
    if limits is not None:
        await limits.check(who)
    return who


async def caller_of(request: Request) -> Principal:
    """Raises Unauthenticated; CrossSite for a change by cookie that another site may have made."""
    ports, header = ports_of(request), request.headers.get("authorization")
    token = session_token(request.headers)
    if header is not None or token is None or ports.door is None:
        return await ports.authenticate(header)
    if request.method not in READS:
        check_same_site(request.headers, ports.public_url)
    return await ports.door.by_cookie(token)


async def caller_of_socket(socket: WebSocket, ports: ApiPorts) -> Principal:
    """As caller_of; also by a ticket, in a subprotocol or as ``?ticket=``. A handshake by cookie must be same-site."""
    header, offered = socket.headers.get("authorization"), list(socket.scope.get("subprotocols", ()))
    ticket = _offered(offered, TICKET) or socket.query_params.get("ticket")
    if ports.door is not None and ticket:
        return await ports.door.by_ticket(ticket)
    key, token = _offered(offered, BEARER), session_token(socket.headers)
    if header is None and key is None and token is not None and ports.door is not None:
        check_same_site(socket.headers, ports.public_url)
        return await ports.door.by_cookie(token)
    return await ports.authenticate(header if header is not None or key is None else f"Bearer {key}")


async def again(ports: ApiPorts, who: Principal, header: str | None) -> Principal:
    """Tell whether ``who`` may still hear what they came for. Raises Unauthenticated."""
    if ports.door is None or not who.session:
        return await ports.authenticate(header)
    return await ports.door.again(who.session)


def session_token(headers: Mapping[str, str]) -> str | None:
    """The token in the cookie, or None."""
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError as error:
        raise Unauthenticated(NO_SESSION) from error
    found = cookies.get(SECURE_COOKIE) or cookies.get(COOKIE)
    return found.value if found and found.value else None


def check_same_site(headers: Mapping[str, str], public_url: str | None) -> None:
    """Raises CrossSite."""
    origin = headers.get("origin")
    if origin is None:
        if headers.get(MARK) or headers.get("sec-fetch-site") == "same-origin":
            return
        raise CrossSite
    own = {headers.get("host"), urlsplit(public_url or "").netloc or None}
    if urlsplit(origin).netloc not in own - {None}:
        raise CrossSite


def _offered(protocols: list[str], prefix: str) -> str | None:
    return next((each.removeprefix(prefix) for each in protocols if each.startswith(prefix)), None)
