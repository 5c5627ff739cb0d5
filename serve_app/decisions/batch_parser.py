"""Parse the cases of a batch one by one, as strictly as one body, and let other requests go on in between.

A body of many megabytes as one JSON value would hold the event loop for seconds, whether or not any case in it is valid.
"""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from hitl.errors import InvalidInput, MalformedBody, TooManyRows
from serve_app.http.parse import check_values, decode_text, parse_json, strict_decoder

CHARACTERS_AT_A_TIME = 256 * 1024
ROWS_AT_A_TIME = 32
"""What is parsed before others get their turn: a few milliseconds."""

SHORT = 64 * 1024
"""A body of another form is parsed for its exact fault up to here; beyond, its form is fault enough."""

BLANK = r"[ \t\n\r]*"
OPENING = re.compile(rf'{BLANK}\{{{BLANK}"cases"{BLANK}:{BLANK}\[{BLANK}')
NEXT = re.compile(rf"{BLANK}([,\]]){BLANK}")
CLOSING = re.compile(rf"\}}{BLANK}")

_DECODER = strict_decoder()


@dataclass(frozen=True, slots=True)
class RowLimits:
    """The most ``rows``, and the most ``characters`` and JSON ``values`` of each; ``advice`` says where more goes."""

    rows: int
    characters: int
    values: int
    advice: str = ""

    @property
    def expected(self) -> str:
        return f"an array of 1 to {self.rows} cases and nothing beside it"

    @property
    def expected_of_one(self) -> str:
        return f"JSON, and at most {self.characters} characters of one case{self.advice}"


async def parse_rows(body: bytes, limits: RowLimits) -> list[Any]:
    """Parse the elements of ``{"cases": […]}``. In the place of one that holds what no case may, its InvalidInput. Raises
    MalformedBody, TooManyRows, or InvalidInput for a body of another form."""
    text = decode_text(body)
    opening = OPENING.match(text)
    if opening is None or text.startswith("]", opening.end()):
        _refuse_form(body, limits)
    rows, at, turn_at = list[Any](), opening.end(), opening.end()
    while True:
        if len(rows) == limits.rows:
            raise TooManyRows(limits.rows)
        row, end = _row(text, at, len(rows), limits)
        rows.append(row)
        after = NEXT.match(text, end)
        if after is None:
            raise MalformedBody(f"not JSON at character {end}")
        at = after.end()
        if after[1] == "]":
            _check_end(text, at, limits)
            return rows
        if len(rows) % ROWS_AT_A_TIME == 0 or at - turn_at > CHARACTERS_AT_A_TIME:
            turn_at = at
            await asyncio.sleep(0)


def _refuse_form(body: bytes, limits: RowLimits) -> NoReturn:
    """Raises what is wrong with a body that is no list of cases."""
    if len(body) <= SHORT:
        parse_json(body)
    raise InvalidInput("/cases", limits.expected)


def _row(text: str, at: int, number: int, limits: RowLimits) -> tuple[Any, int]:
    """Return the element that begins at ``at``, and where it ends."""
    is_whole = len(text) - at <= limits.characters
    piece = text[at : at + limits.characters] if len(text) > limits.characters else text
    begins = 0 if piece is not text else at
    try:
        row, end = _DECODER.raw_decode(piece, begins)
    except RecursionError as error:
        raise MalformedBody("nested too deeply") from error
    except json.JSONDecodeError as error:
        if not is_whole:
            raise InvalidInput(f"/cases/{number}", limits.expected_of_one) from error
        raise MalformedBody(f"not JSON at character {at - begins + error.pos}") from error
    except ValueError as error:
        raise MalformedBody("an integer with too many digits") from error
    return _checked(row, "\\u" in piece[begins:end], limits), at - begins + end


def _checked(row: Any, may_hold_odd_text: bool, limits: RowLimits) -> Any:
    try:
        check_values(row, may_hold_odd_text, limits.values)
    except InvalidInput as error:
        return error
    return row


def _check_end(text: str, at: int, limits: RowLimits) -> None:
    if CLOSING.fullmatch(text, at) is None:
        if text.startswith(",", at):
            raise InvalidInput("/cases", limits.expected)
        raise MalformedBody(f"not JSON at character {at}")
