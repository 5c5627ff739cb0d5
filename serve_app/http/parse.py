"""Parse a request body as one strict JSON value, before anything interprets it.

Refused: more bytes than the limit, other encodings, a byte-order mark, duplicate keys, NaN, numbers beyond a double,
lone surrogates, NUL, deep nesting, too many values. The store would keep what passes here, so nothing doubtful may pass.
"""

import json
from math import isfinite
from typing import Any, NoReturn

from starlette.types import Message, Receive

from hitl.canonical import JsonObject
from hitl.errors import BodyTooLarge, InvalidInput, MalformedBody
from serve_app.http.plain_numbers import plain_numbers

MAX_DEPTH = 32
"""Levels of arrays and objects: no schema of the product needs more than four."""

MAX_VALUES = 100_000
"""Values in one body: the widest task has 65,536 features."""


class ClientGone(Exception):
    """The client closed the connection before its request was complete: nobody waits for an answer."""


async def read_body(receive: Receive, limit_bytes: int, declared_bytes: int | None = None) -> bytes:
    """Read the whole body of an ASGI request. Raises BodyTooLarge as soon as the limit is passed, before reading on;
    ClientGone."""
    if declared_bytes is not None and declared_bytes > limit_bytes:
        raise BodyTooLarge(limit_bytes)
    message = await receive()
    body = bytearray(_chunk(message))  # bytes would be copied whole with every chunk
    while message.get("more_body", False) and len(body) <= limit_bytes:
        message = await receive()
        body += _chunk(message)
    if len(body) > limit_bytes:
        raise BodyTooLarge(limit_bytes)
    return bytes(body)


def parse_json(body: bytes, max_values: int = MAX_VALUES) -> Any:
    """The JSON value of ``body``, of at most ``max_values`` values. Raises MalformedBody, or InvalidInput for JSON that
    nothing of ours may contain."""
    text = decode_text(body)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise MalformedBody(f"not JSON at character {error.pos}") from error
    except RecursionError as error:
        raise MalformedBody("nested too deeply") from error
    except ValueError as error:
        raise MalformedBody("an integer with too many digits") from error
    check_values(value, "\\u" in text, max_values)  # only an escape brings odd characters past the decoders
    return value


def parse_object(body: bytes, max_values: int = MAX_VALUES) -> JsonObject:
    """As parse_json, and the value is an object."""
    value = plain_numbers(body) or parse_json(body, max_values)
    if type(value) is not dict:
        raise InvalidInput("", "an object")
    return value


def _chunk(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise ClientGone
    return bytes(message.get("body", b""))


def decode_text(body: bytes) -> str:
    """Raises MalformedBody."""
    if not body:
        raise MalformedBody("it is empty")
    if body.startswith(b"\xef\xbb\xbf"):
        raise MalformedBody("it starts with a byte-order mark")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedBody(f"not UTF-8 at byte {error.start}") from error


def _without_duplicates(pairs: list[tuple[str, Any]]) -> JsonObject:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise MalformedBody("a key comes twice")
    return result


def _refuse_constant(_: str) -> NoReturn:
    raise MalformedBody("NaN and infinities are not JSON")


def strict_decoder() -> json.JSONDecoder:
    """Refuses duplicate keys, NaN and infinities, with MalformedBody."""
    return json.JSONDecoder(object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)


_DECODER = strict_decoder()


def check_values(root: Any, may_hold_odd_text: bool, max_values: int = MAX_VALUES) -> None:
    """Raises InvalidInput for what nothing of ours may contain.

    One walk, level by level. Raw control characters and surrogates cannot pass the decoders: only escapes can hold them."""
    level, depth, count = [root], 0, 1
    while level:
        below: list[Any] = []
        for value in level:
            kind = type(value)
            if kind is float:
                if not isfinite(value):
                    raise InvalidInput("", "numbers that a double can hold")
            elif kind is list:
                below += value
            elif kind is dict:
                below += value.values()
                if may_hold_odd_text:
                    below += value.keys()
            elif kind is str and may_hold_odd_text:
                _check_text(value)
        count += len(below)
        depth += 1
        if depth > MAX_DEPTH or count > max_values:
            raise InvalidInput("", f"at most {MAX_DEPTH} levels and {max_values} values")
        level = below


def _check_text(text: str) -> None:
    if "\x00" in text or (not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)):
        raise InvalidInput("", "text without NUL and without lone surrogates")
