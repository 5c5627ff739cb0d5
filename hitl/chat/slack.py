"""Slack's side of a vote: the message with its buttons, the press of a button, and the words that come back.

Block Kit and interaction payloads as https://docs.slack.dev/reference documents them.
"""

from urllib.parse import parse_qs, urlsplit

import msgspec

from hitl.canonical import Json, JsonObject
from hitl.errors import InvalidInput, MalformedBody

LABELS = {"approve": "Approve", "reject": "Reject"}
STYLES = {"approve": "primary", "reject": "danger"}
ACTION = "hitl_vote_"
MOST_TEXT = 2_900
"""A section block takes 3,000 characters."""

HOOKS = "hooks.slack.com"
"""Where answers to a press go; a payload may not lead elsewhere."""


class _Id(msgspec.Struct):
    id: str


class _Action(msgspec.Struct):
    action_id: str
    value: str = ""


class _Payload(msgspec.Struct):
    type: str
    user: _Id
    team: _Id | None = None
    actions: list[_Action] = []
    response_url: str = ""


class ButtonPress(msgspec.Struct, frozen=True):
    """Slack says that ``user`` of ``team`` pressed ``vote`` under the message with ``token``."""

    user: str
    team: str
    vote: str
    token: str
    response_url: str


def read_press(body: bytes) -> ButtonPress:
    """Read the press in a form body with one ``payload``. Raises MalformedBody, InvalidInput for anything else."""
    try:
        form = parse_qs(body.decode("ascii"), strict_parsing=True, max_num_fields=3)
        payload = msgspec.json.decode(form["payload"][0], type=_Payload)
    except (ValueError, KeyError) as error:
        raise MalformedBody("a form with the payload of an interaction") from error
    if payload.type != "block_actions" or len(payload.actions) != 1 or payload.team is None:
        raise InvalidInput("/payload/type", "one action of a block of this service's messages")
    vote = payload.actions[0].action_id.removeprefix(ACTION)
    if vote not in LABELS:
        raise InvalidInput("/payload/actions/0/action_id", "a button of this service's messages")
    return ButtonPress(payload.user.id, payload.team.id, vote, payload.actions[0].value, _checked_url(payload.response_url))


def vote_message(text: str, page: str, token: str | None) -> JsonObject:
    """Return a message with a link to ``page``; with a ``token`` also with the two buttons."""
    buttons: list[Json] = [] if token is None else [_button(vote, token) for vote in LABELS]
    opening: JsonObject = {"type": "button", "action_id": "hitl_open", "text": _plain("Open"), "url": page}
    said: JsonObject = {"type": "section", "text": _plain(text[:MOST_TEXT])}
    blocks: list[Json] = [said, {"type": "actions", "elements": [*buttons, opening]}]
    return {"text": _harmless(text), "blocks": blocks}


def plain_message(text: str) -> JsonObject:
    """Return a message of text alone. As plain text nothing in it is a mention or a link."""
    return {"text": _harmless(text), "blocks": [{"type": "section", "text": _plain(text[:MOST_TEXT])}]}


def answer_to(text: str, is_over: bool) -> JsonObject:
    """Shown to who pressed alone; in place of the message and its buttons once the request is decided."""
    if is_over:
        return {"replace_original": True, **plain_message(text)}
    return {"response_type": "ephemeral", "replace_original": False, **plain_message(text)}


def _button(vote: str, token: str) -> JsonObject:
    asked: JsonObject = {
        "title": _plain("Are you sure?"),
        "text": _plain("Your vote counts at once."),
        "confirm": _plain(LABELS[vote]),
        "deny": _plain("Back"),
    }
    look: JsonObject = {"text": _plain(LABELS[vote]), "style": STYLES[vote], "confirm": asked}
    return {"type": "button", "action_id": ACTION + vote, "value": token, **look}


def _harmless(text: str) -> str:
    """Return the text of a notification, which Slack reads as its markup: with its three signs escaped, nobody is mentioned."""
    return text[:MOST_TEXT].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> JsonObject:
    return {"type": "plain_text", "text": text, "emoji": False}


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme != "https" or parts.netloc != HOOKS):
        raise InvalidInput("/payload/response_url", f"a URL of {HOOKS}")
    return url
