"""Authenticate the caller of a request or socket: a key in the header, or a session in a cookie with a CSRF check."""

from fastapi import Request, WebSocket

from hitl.errors import Unauthenticated
from hitl.identity import Principal
from serve_app.api.services.context import ApiPorts, ports_of
from serve_app.http.same_site import check_same_site, own_sites
from serve_app.http.session_cookie import person_of_session, session_token

OF_SOCKET = {"ws": "http", "wss": "https"}
"""The scheme of the page that opens a socket."""

BEARER, TICKET = "bearer.", "ticket."
"""A browser cannot set a socket's headers. It offers the subprotocol ``ticket.<ticket>`` or ``bearer.<key>``, and ``hitl``."""


async def counted_caller_of(request: Request) -> Principal:
    """As caller_of, with this request counted. Raises TooManyRequests beside."""
    who, limits = await caller_of(request), ports_of(request).limits
    if limits is not None:
        await limits.check(who)
    return who


async def caller_of(request: Request) -> Principal:
    """Raises Unauthenticated; for a request by cookie InvalidRequest where ``Host`` is not ours, CrossSite for a change that
    another site may have made."""
    ports, header = ports_of(request), request.headers.get("authorization")
    token = session_token(request.headers)
    if header is not None or token is None or ports.door is None:
        return await ports.authenticate(header)
    scheme: str = request.scope["scheme"]
    return await person_of_session(ports.door, token, request.method, request.headers, scheme, ports.own_urls)


async def caller_of_socket(socket: WebSocket, ports: ApiPorts) -> Principal:
    """As caller_of; also by a ticket, in a subprotocol or as ``?ticket=``. A handshake by cookie must be same-site."""
    header, offered = socket.headers.get("authorization"), list(socket.scope.get("subprotocols", ()))
    ticket = _offered(offered, TICKET) or socket.query_params.get("ticket")
    if ports.door is not None and ticket:
        return await ports.door.by_ticket(ticket)
    key, token = _offered(offered, BEARER), session_token(socket.headers)
    if header is None and key is None and token is not None and ports.door is not None:
        check_same_site(socket.headers, own_sites(socket.headers, OF_SOCKET[socket.scope["scheme"]], ports.own_urls))
        return await ports.door.by_cookie(token)
    return await ports.authenticate(header if header is not None or key is None else f"Bearer {key}")


async def reauthenticate(ports: ApiPorts, who: Principal, header: str | None) -> Principal:
    """``who`` with the rights of now, for a connection that stays open. Raises Unauthenticated if their access ended, or became
    somebody else's."""
    if ports.door is None or not who.session:
        found = await ports.authenticate(header)
    else:
        found = await ports.door.reauthenticate(who.session)
    if found.id != who.id:
        raise Unauthenticated("the key has another owner now")
    return found


def _offered(protocols: list[str], prefix: str) -> str | None:
    return next((each.removeprefix(prefix) for each in protocols if each.startswith(prefix)), None)
