"""The types of a field: which values one takes, and the one form in which equal values are written alike."""

import math
import re
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hitl.canonical import Json
from hitl.errors import InvalidInput

FieldValue: TypeAlias = str | float | list[Json] | None
"""None: the document has no such field. A list: the choices that apply, in the order of the task's file."""

FieldType: TypeAlias = Literal["text", "long_text", "number", "money", "date", "choice", "choices"]

MOST_MONEY = Decimal("1e15")
_CENT = Decimal("0.01")
_MONEY = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class NumberTerms(BaseModel):
    """A number lies in [``min``, ``max``], has a ``unit`` for people, and is rounded to a multiple of ``step`` before it is
    compared. A declared number is right within ``tolerance`` of the person's, or within ``relative_tolerance`` times it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    min: float | None = None
    max: float | None = None
    step: Annotated[float, Field(gt=0)] | None = None
    unit: Annotated[str, Field(max_length=40)] = ""
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    relative_tolerance: Annotated[float, Field(ge=0, lt=1)] = 0.0

    @model_validator(mode="after")
    def _some_number_fits(self) -> Self:
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise ValueError("min: less than max")
        return self


class FieldTerms(NumberTerms):
    """One field of an answer. ``text`` is compared without white space at its ends and with single spaces inside, ``long_text``
    without white space at its ends; ``number`` as a number; ``money`` in hundredths, given as a number or as a text such as
    ``"1234.50"``; ``date`` as ``YYYY-MM-DD``; ``choice`` is one of ``values``; ``choices`` are any number of them from ``least``
    to ``most``, in any order. ``title`` is what people read. A ``required`` field is never null. The other terms are those of
    a number."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    type: FieldType
    title: str = ""
    required: bool = False
    values: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=200)] = []
    least: Annotated[int, Field(ge=0)] = 0
    most: Annotated[int, Field(ge=1)] | None = None
    max_chars: Annotated[int, Field(ge=1, le=20_000)] = 500

    @model_validator(mode="after")
    def _a_choice_has_values(self) -> Self:
        if (self.type in ("choice", "choices")) != bool(self.values):
            raise ValueError("values: a field of type choice or choices has them, and no other")
        if len(set(self.values)) < len(self.values):
            raise ValueError("values: each of them once")
        return self

    @model_validator(mode="after")
    def _the_terms_are_those_of_the_type(self) -> Self:
        for owner, names in (("number", NumberTerms.model_fields), ("choices", ("least", "most"))):
            given = [name for name in names if getattr(self, name) != FieldTerms.model_fields[name].default]
            if self.type != owner and given:
                raise ValueError(f"{given[0]}: of a field of type {owner} alone")
        if self.type == "choices" and not self.least <= self.most_choices <= len(self.values):
            raise ValueError(f"most: from least to the number of values, {len(self.values)}")
        return self

    @property
    def most_choices(self) -> int:
        """How many of the values may be chosen."""
        return len(self.values) if self.most is None else self.most

    @property
    def max_bytes(self) -> int:
        """The longest JSON of a value and its name: each character may be escaped."""
        chosen = [6 * len(value) + 4 for value in self.values]
        text = 6 * self.max_chars
        longest = {"text": text, "long_text": text, "choice": max(chosen, default=0), "choices": sum(chosen)}
        return 64 + len(self.name) + max(longest.get(self.type, 0), 192)

    def same(self, declared: FieldValue, given: FieldValue) -> bool:
        """Tell whether what was ``declared`` is what a person gave, within the field's tolerance."""
        if isinstance(declared, float) and isinstance(given, float):
            return math.isclose(declared, given, rel_tol=0.0, abs_tol=max(self.tolerance, self.relative_tolerance * abs(given)))
        return declared == given

    def normalise(self, said: object, place: str) -> FieldValue:
        """Bring ``said`` into the form in which it is compared. Raises InvalidInput that names the ``place``."""
        if said is None and not self.required:
            return None
        match self.type:
            case "text" | "long_text":
                return self._text(said, place)
            case "number":
                return self._number(said, place)
            case "money":
                return _money(said, place)
            case "date":
                return _day(said, place)
            case "choice":
                return self._choice(said, place)
            case "choices":
                return self._choices(said, place)

    def _number(self, said: object, place: str) -> float:
        low, high = -math.inf if self.min is None else self.min, math.inf if self.max is None else self.max
        value = _number(said, place) if self.step is None else _rounded(_number(said, place), self.step)
        if not low <= value <= high:
            raise InvalidInput(place, f"a number from {low:g} to {high:g}")
        return value

    def _choices(self, said: object, place: str) -> list[Json]:
        if not isinstance(said, list) or len(said) != len({*map(str, said)}) or not all(each in self.values for each in said):
            raise InvalidInput(place, f"an array of the field's {len(self.values)} values, each once")
        if not self.least <= len(said) <= self.most_choices:
            raise InvalidInput(place, f"{self.least} to {self.most_choices} of the values")
        return [value for value in self.values if value in said]

    def _text(self, said: object, place: str) -> str | None:
        if not isinstance(said, str) or len(said) > self.max_chars:
            raise InvalidInput(place, f"a text of at most {self.max_chars} characters, or null")
        return (said.strip() if self.type == "long_text" else " ".join(said.split())) or None

    def _choice(self, said: object, place: str) -> str:
        if not isinstance(said, str) or said not in self.values:
            raise InvalidInput(place, f"one of the field's {len(self.values)} values, or null")
        return said


def _number(said: object, place: str) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or abs(said) > float(MOST_MONEY) or not math.isfinite(said):
        raise InvalidInput(place, "a number, or null")
    return float(said) + 0.0  # -0.0 is 0.0


def _rounded(value: float, step: float) -> float:
    """Return the nearest multiple of ``step``, a half to the even one: exactly, so that equal values are written alike."""
    multiple = (Decimal(repr(value)) / Decimal(repr(step))).to_integral_value(ROUND_HALF_EVEN)
    return float(multiple * Decimal(repr(step))) + 0.0


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
