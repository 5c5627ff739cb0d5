"""The types of a field: which values one takes, and the one form in which equal values are written alike."""

import math
import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hitl.errors import InvalidInput

FieldValue: TypeAlias = str | float | None
"""None: the document has no such field."""

MOST_MONEY = Decimal("1e15")
_CENT = Decimal("0.01")
_MONEY = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class FieldTerms(BaseModel):
    """One field of an answer. ``text`` is compared without white space at its ends and with single spaces inside; ``number`` as a
    number; ``money`` in hundredths, given as a number or as a text such as ``"1234.50"``; ``date`` as ``YYYY-MM-DD``; ``choice``
    is one of ``values``. ``title`` is what people read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    type: Literal["text", "number", "money", "date", "choice"]
    title: str = ""
    values: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=200)] = []
    max_chars: Annotated[int, Field(ge=1, le=4000)] = 500

    @model_validator(mode="after")
    def _a_choice_has_values(self) -> Self:
        if (self.type == "choice") != bool(self.values):
            raise ValueError("values: a field of type choice has them, and no other")
        if len(set(self.values)) < len(self.values):
            raise ValueError("values: each of them once")
        return self

    def normalise(self, said: object, place: str) -> FieldValue:
        """Bring ``said`` into the form in which it is compared. Raises InvalidInput that names the ``place``."""
        if said is None:
            return None
        match self.type:
            case "text":
                return self._text(said, place)
            case "number":
                return _number(said, place)
            case "money":
                return _money(said, place)
            case "date":
                return _day(said, place)
            case "choice":
                return self._choice(said, place)

    def _text(self, said: object, place: str) -> str | None:
        if not isinstance(said, str) or len(said) > self.max_chars:
            raise InvalidInput(place, f"a text of at most {self.max_chars} characters, or null")
        return " ".join(said.split()) or None

    def _choice(self, said: object, place: str) -> str:
        if not isinstance(said, str) or said not in self.values:
            raise InvalidInput(place, f"one of the field's {len(self.values)} values, or null")
        return said


def _number(said: object, place: str) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or abs(said) > float(MOST_MONEY) or not math.isfinite(said):
        raise InvalidInput(place, "a number, or null")
    return float(said) + 0.0  # -0.0 is 0.0


def _money(said: object, place: str) -> str:
    """With two decimals, a half to the even one. A number is read to six decimals first: sums are inexact."""
    text = f"{_number(said, place):.6f}" if isinstance(said, int | float) else said
    if not isinstance(text, str) or not _MONEY.fullmatch(text.strip()):
        raise InvalidInput(place, 'an amount such as 1234.5 or "1234.50", or null')
    try:
        amount = Decimal(text.strip()).quantize(_CENT, ROUND_HALF_EVEN)
    except InvalidOperation as error:
        raise InvalidInput(place, f"an amount below {MOST_MONEY}") from error
    return str(abs(amount) if amount == 0 else amount)


def _day(said: object, place: str) -> str:
    if not isinstance(said, str) or not _DAY.fullmatch(said):
        raise InvalidInput(place, "a day as YYYY-MM-DD, or null")
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError as error:
        raise InvalidInput(place, "a day of the calendar as YYYY-MM-DD, or null") from error
