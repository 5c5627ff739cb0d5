"""Post one JSON document to a service that is not ours, with the guard and the limits of webhooks."""

import asyncio

from hitl.adapters.notify.webhook import MAX_BODY_BYTES, TIMEOUT_S, Guard, judge, post_to_first
from hitl.canonical import JsonObject, canonical
from hitl.errors import DeliveryFailed, Undeliverable
from hitl.outbox.destination import networks_of
from hitl.outbox.rules import Notifications


def guard_of(config: Notifications) -> Guard:
    """As strict as the notifications file leaves it."""
    return Guard(networks_of(config.allow_networks), config.allow_http)


async def post_json(url: str, body: JsonObject, guard: Guard) -> None:
    """Return once it is taken. Raises DeliveryFailed, Undeliverable."""
    sent = canonical(body)
    if len(sent) > MAX_BODY_BYTES:
        raise Undeliverable(f"{len(sent)} bytes, at most {MAX_BODY_BYTES} are sent")
    try:
        async with asyncio.timeout(TIMEOUT_S):
            status = await post_to_first(url, await guard(url), sent, {})
    except TimeoutError as error:
        raise DeliveryFailed(f"no answer within {TIMEOUT_S:g} s") from error
    judge(status)
