"""Teams' side of a vote: the card that asks, the sentence that votes, and the answer.

A channel's card is posted to a workflow's URL. People answer ``@name approve <request> <code>``, which an outgoing webhook sends.
"""

import re
from html import unescape

import msgspec

from hitl.canonical import Json, JsonObject
from hitl.errors import InvalidInput, MalformedBody

CODE_LENGTH = 16
"""Hexadecimal digits of the digest: the vote is for what the card showed."""

MENTION = re.compile(r"<at>[^<]{0,200}</at>")
SENTENCE = re.compile(r"(approve|reject)\s+(\S{1,200})\s+([0-9a-f]{16,64})", re.IGNORECASE)
MOST_TEXT = 4_000


class _From(msgspec.Struct):
    aad_object_id: str = msgspec.field(name="aadObjectId", default="")


class _Tenant(msgspec.Struct):
    id: str = ""


class _ChannelData(msgspec.Struct):
    tenant: _Tenant = msgspec.field(default_factory=_Tenant)


class _Message(msgspec.Struct):
    id: str
    timestamp: str
    text: str
    sender: _From = msgspec.field(name="from")
    channel: _ChannelData = msgspec.field(name="channelData", default_factory=_ChannelData)


class SentenceVote(msgspec.Struct, frozen=True):
    """Teams says that ``user`` of ``tenant`` wrote it, in the message ``message_id``; ``code`` begins the digest."""

    message_id: str
    timestamp: str
    user: str
    tenant: str
    vote: str
    approval_id: str
    code: str


def read_sentence(body: bytes) -> SentenceVote:
    """Raises MalformedBody, InvalidInput for anything but a vote in words."""
    try:
        message = msgspec.json.decode(body, type=_Message)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise MalformedBody("a message of Teams") from error
    said = unescape(MENTION.sub(" ", message.text[:MOST_TEXT])).strip()
    found = SENTENCE.fullmatch(said)
    if found is None:
        raise InvalidInput("/text", "approve or reject, the request's id, and the code of its card")
    who = (message.sender.aad_object_id, message.channel.tenant.id)
    return SentenceVote(message.id, message.timestamp, *who, found[1].lower(), found[2], found[3].lower())


def code_of(digest: str) -> str:
    """Return what people type so that they vote on what they were shown."""
    return digest[:CODE_LENGTH]


def ask_card(text: str, page: str, how: str | None) -> JsonObject:
    """Return the message of a workflow's webhook: a card with a link to ``page``, and ``how`` to vote in words."""
    lines = [text, *([how] if how else [])]
    body: list[Json] = [{"type": "TextBlock", "text": escaped(line[:MOST_TEXT]), "wrap": True} for line in lines]
    actions: list[Json] = [{"type": "Action.OpenUrl", "title": "Open", "url": page}]
    card: JsonObject = {"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4"}
    content: JsonObject = {**card, "body": body, "actions": actions}
    attachment: JsonObject = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return {"type": "message", "attachments": [attachment]}


def escaped(text: str) -> str:
    """Without the signs of Markdown links and HTML: a title is somebody's words."""
    return re.sub(r"[<>\[\]]", " ", text)
