"""Send signed webhooks over HTTP, to an address that is resolved once and checked.

A name that is resolved again by the HTTP client could lead elsewhere the second time; so the request is sent to the address,
with the name in its Host header and in TLS, where the certificate is checked against it. Redirects are not followed.
"""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx2

from hitl.adapters.notify.kind import ChannelKind, Surroundings
from hitl.canonical import canonical
from hitl.errors import DeliveryFailed, ForbiddenDestination, Undeliverable
from hitl.outbox.cloud_events import MEDIA_TYPE, cloud_event
from hitl.outbox.delivery import Delivery
from hitl.outbox.destination import Network, check_address, host_and_port, networks_of
from hitl.outbox.ports import Sender
from hitl.outbox.rules import Channel
from hitl.outbox.signature import secret_of, signed

TIMEOUT_S = 10.0
"""For the whole of it, the name's resolution included."""

MAX_BODY_BYTES = 256 * 1024
MAX_ANSWER_BYTES = 64 * 1024
"""A receiver that says more is not listened to any longer."""

TRY_AGAIN = frozenset({408, 409, 423, 425, 429})
"""Refusals that pass; every other 4xx stays."""

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of ``host``. Raises DeliveryFailed."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise DeliveryFailed(f"the name is not resolved: {error.strerror}") from error
    return [str(address[4][0]) for address in found]


class NoConnection(DeliveryFailed):
    """No connection was made: nothing was sent."""


class Guard:
    """Callable: the addresses of a URL, in the resolver's order. Raises ForbiddenDestination, DeliveryFailed."""

    def __init__(self, allowed: Sequence[Network], allow_http: bool, look_up: Resolve = resolve) -> None:
        self._allowed, self._allow_http, self._look_up = allowed, allow_http, look_up

    async def __call__(self, url: str) -> list[str]:
        host, port = host_and_port(url)
        if not self._allow_http and not url.lower().startswith("https:"):
            raise ForbiddenDestination("expected https")
        addresses = await self._look_up(host, port)
        for address in addresses:  # one forbidden address among them is enough: a name does not get to choose
            check_address(address, self._allowed)
        return list(dict.fromkeys(addresses))


class WebhookSender:
    """A hitl.outbox.Sender for one receiver. ``is_cloud_event``: it gets CloudEvents, with the same signature."""

    def __init__(
        self,
        url: str,
        secrets: Sequence[bytes],
        guard: Guard,
        wall: Callable[[], float] = time.time,
        is_cloud_event: bool = False,
    ) -> None:
        self._url, self._secrets, self._guard, self._wall = url, tuple(secrets), guard, wall
        self._is_cloud_event = is_cloud_event

    async def send(self, delivery: Delivery) -> None:
        body = canonical(cloud_event(delivery) if self._is_cloud_event else _plain(delivery))
        if len(body) > MAX_BODY_BYTES:
            raise Undeliverable(f"{len(body)} bytes, at most {MAX_BODY_BYTES} are sent")
        headers = signed(delivery.id, self._wall(), body, self._secrets)
        headers |= {"content-type": MEDIA_TYPE} if self._is_cloud_event else {}
        headers |= delivery.trace.headers if delivery.trace else {}
        try:
            async with asyncio.timeout(TIMEOUT_S):
                status = await post_to_first(self._url, await self._guard(self._url), body, headers)
        except TimeoutError as error:
            raise DeliveryFailed(f"no answer within {TIMEOUT_S:g} s") from error
        judge(status)


def _plain(delivery: Delivery) -> dict[str, Any]:
    return {**delivery.body, "id": delivery.id, "title": delivery.title}


async def post_to_first(url: str, addresses: Sequence[str], body: bytes, headers: dict[str, str]) -> int:
    """As post, to the first of ``addresses`` that takes a connection. Nothing is sent twice: once connected, it is the one."""
    for address in addresses[:-1]:
        try:
            return await post(url, address, body, headers, TIMEOUT_S / len(addresses))
        except NoConnection:
            continue  # an address without a route, as IPv6 often is: the next one may have one
    return await post(url, addresses[-1], body, headers)


async def post(url: str, address: str, body: bytes, headers: dict[str, str], connect_s: float = TIMEOUT_S) -> int:
    """Send JSON to ``url`` at the IP ``address`` that was checked, so that a second look-up of the name cannot lead elsewhere;
    the status. The caller limits the whole time. Raises NoConnection within ``connect_s``, DeliveryFailed,
    ForbiddenDestination for a URL that is neither http nor https."""
    host, _ = host_and_port(url)
    timeout = httpx2.Timeout(TIMEOUT_S, connect=connect_s)
    pinned, host_header = _pinned(url, address)
    all_headers = {"host": host_header, "content-type": "application/json", "user-agent": "ray-hitl", **headers}
    transport = httpx2.AsyncHTTPTransport(trust_env=False, retries=0)
    async with httpx2.AsyncClient(transport=transport, follow_redirects=False, trust_env=False, timeout=timeout) as client:
        request = client.build_request("POST", pinned, content=body, headers=all_headers, extensions={"sni_hostname": host})
        try:
            answer = await client.send(request, stream=True)
            await _read_some(answer)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise NoConnection(type(error).__name__) from error
        except (httpx2.HTTPError, OSError) as error:
            raise DeliveryFailed(type(error).__name__) from error
    return int(answer.status_code)


async def _read_some(answer: httpx2.Response) -> None:
    size = 0
    async for part in answer.aiter_raw():
        size += len(part)
        if size > MAX_ANSWER_BYTES:
            break
    await answer.aclose()


def _pinned(url: str, address: str) -> tuple[str, str]:
    """Return the URL with the address in place of its name, and the Host header that it had."""
    parts = urlsplit(url)
    host = f"[{address}]" if ip_address(address.partition("%")[0]).version == 6 else address
    port = f":{parts.port}" if parts.port else ""
    name, _ = host_and_port(url)
    return urlunsplit((parts.scheme, host + port, parts.path or "/", parts.query, "")), (
        f"[{name}]" if ":" in name else name
    ) + port


def judge(status: int) -> None:
    """Raises Undeliverable, DeliveryFailed for what is no success."""
    if 200 <= status < 300:
        return
    if status == 410 or (400 <= status < 500 and status not in TRY_AGAIN):
        raise Undeliverable(f"the receiver answered {status}")
    if 300 <= status < 400:
        raise Undeliverable(f"the receiver answered {status}, and redirects are not followed")
    raise DeliveryFailed(f"the receiver answered {status}")


def _check(channel: Channel) -> None:
    if channel.url and not channel.secrets:
        raise ValueError("a webhook needs a secret to sign with")


def _open_sender(name: str, channel: Channel, around: Surroundings) -> Sender:
    guard = Guard(networks_of(around.config.allow_networks), around.config.allow_http)
    secrets = [secret_of(secret) for secret in channel.secrets]
    return WebhookSender(channel.url, secrets, guard, is_cloud_event=channel.format == "cloudevents")


WEBHOOK = ChannelKind("webhook", _open_sender, _check)
