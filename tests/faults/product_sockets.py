"""Row 26: people whose live connections take nothing, while much is to be told. They are dropped; nobody else notices."""

import base64
import json
import os
import socket
from urllib.parse import urlsplit

import httpx2
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.faults.product import Back, Product, resident

SLOW, FRESH = 60, 10
"""Sockets of one person: a replica keeps 64 at most, so that the fresh ones fit only when slow ones were dropped."""

SLOW_STREAMS = 4
INTERACTIONS, LETTERS = 40, 40_000
"""More for each socket than the buffers on the way hold."""

SMALL_WINDOW = 4096
MAX_GROWTH_BYTES = 64 * 2**20


def slow_readers(product: Product) -> Back:
    """Back when new connections of the same person are taken again."""
    before = _memory(product)
    path, stream = "/ws/hitl/ada", "/v1/interactions/events"
    slow = [_silent(product, path, _UPGRADE) for _ in range(SLOW)] + [_silent(product, stream) for _ in range(SLOW_STREAMS)]
    heard = _told_to_somebody_who_listens(product)
    assert len(heard) == INTERACTIONS, f"somebody who listens heard {len(heard)} of {INTERACTIONS}"
    grown = _memory(product) - before
    assert grown < MAX_GROWTH_BYTES, f"the review replicas grew by {grown >> 20} MiB"

    def back() -> bool:
        if not (takes_more(product) and product.is_whole()):
            return False
        for each in slow:
            each.close()
        withdraw(product, heard)
        return True

    return back


_UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}


def _silent(product: Product, path: str, upgrade: dict[str, str] | None = None) -> socket.socket:
    """A connection that asks and never reads the answer."""
    host, port = urlsplit(product.url).netloc.split(":")
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_WINDOW)
    made.connect((host, int(port)))
    headers = {"Host": f"{host}:{port}", "Authorization": f"Bearer {product.service.keys['ada']}", **(upgrade or {})}
    if upgrade:
        headers["Sec-WebSocket-Key"] = base64.b64encode(os.urandom(16)).decode()
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    made.sendall("\r\n".join([*lines, "", ""]).encode())
    return made


def _told_to_somebody_who_listens(product: Product) -> set[str]:
    """Opens the interactions; which of them ben's socket told of."""
    bearer = {"Authorization": f"Bearer {product.service.keys['ben']}"}
    with connect(socket_url(product, "ben"), additional_headers=bearer, max_size=None, open_timeout=20) as listening:
        json.loads(listening.recv(timeout=20))  # what is pending already
        opened = {open_interaction(product) for _ in range(INTERACTIONS)}
        heard: set[str] = set()
        while heard != opened:
            message = json.loads(listening.recv(timeout=20))
            if message["type"] == "new_interaction":
                heard.add(message["data"]["interaction_id"])
    return heard


def open_interaction(product: Product, letters: int = LETTERS) -> str:
    """The id of one that is for ada and ben."""
    body = {
        "pattern": "review_and_approve",
        "config": {"assignees": ["ada", "ben"]},
        "data": {"generated_content": "x" * letters},
    }
    headers = _headers(product)
    made = httpx2.post(f"{product.url}/v1/interactions", json=body, headers=headers, timeout=30)
    assert made.status_code == 201, made.text
    return str(made.json()["interaction_id"])


def takes_more(product: Product) -> bool:
    """Whether FRESH sockets more of the same person are accepted at once, and told what waits."""
    bearer = {"Authorization": f"Bearer {product.service.keys['ada']}"}
    opened = []
    try:
        for _ in range(FRESH):
            opened.append(connect(socket_url(product, "ada"), additional_headers=bearer, max_size=None, open_timeout=10))
        return all(json.loads(each.recv(timeout=10))["type"] == "pending_interactions" for each in opened)
    except (OSError, TimeoutError, WebSocketException):
        return False
    finally:
        for each in opened:
            each.close()


def withdraw(product: Product, interactions: set[str]) -> None:
    for each in interactions:
        url = f"{product.url}/v1/interactions/{each}/cancel"
        assert httpx2.post(url, json={"reason": "over"}, headers=_headers(product), timeout=30).status_code == 200


def _headers(product: Product) -> dict[str, str]:
    return {
        "authorization": f"Bearer {product.service.keys['client']}",
        "idempotency-key": f"slow-{product.rng.random()}-{product.next_number()}",
    }


def socket_url(product: Product, person: str) -> str:
    return f"ws://{urlsplit(product.url).netloc}/ws/hitl/{person}"


def _memory(product: Product) -> int:
    """Resident bytes of all review replicas."""
    return sum(resident(pid) for pid in product.pids("review"))
