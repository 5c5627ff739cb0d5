"""What the routes of votes from outside need beside the ports of all routes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

from hitl.adapters.notify.posting import post_json
from hitl.adapters.notify.webhook import Guard
from hitl.canonical import JsonObject
from hitl.chat.terms import ChatTerms
from hitl.errors import DeliveryFailed, Undeliverable
from serve_app.http.limits import Buckets
from serve_app.http.telemetry import json_log

log = json_log()

Reply = Callable[[str, JsonObject], Awaitable[None]]

GUESSES_PER_S, GUESSES_AT_ONCE = 1.0, 60.0
"""Wrong links and signatures that a replica answers; a right one is never held up."""


async def send_reply(url: str, body: JsonObject) -> None:
    """To a chat that waits for it; the vote stands without."""
    try:
        await post_json(url, body, Guard((), allow_http=False))
    except (DeliveryFailed, Undeliverable) as error:
        log.warning("a chat did not take the answer", error=str(error))


@dataclass(frozen=True, slots=True)
class Chat:
    """What chat routes need: the terms, and the way back to Slack."""

    terms: ChatTerms
    reply: Reply = send_reply
    guesses: Buckets = field(default_factory=lambda: Buckets(GUESSES_PER_S, GUESSES_AT_ONCE, monotonic, "wrong links a second"))
