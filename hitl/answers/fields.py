"""The answer that is a document's fields: vendor, date, total."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hitl.answers.field_types import FieldTerms, FieldValue
from hitl.canonical import canonical
from hitl.errors import InvalidInput

Fields: TypeAlias = dict[str, FieldValue]
"""A value of every field by its name, each in the form in which it is compared."""


class FieldsAnswer(BaseModel):
    """An answer is one value for each of ``fields``, or null where the document has none. Two answers are the same where all of
    their fields are. With ``none`` people may answer in its place that the case is no such document."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: Literal["fields"]
    fields: Annotated[list[FieldTerms], Field(min_length=1, max_length=50)]
    none: bool = True

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        if len({each.name for each in self.fields}) < len(self.fields):
            raise ValueError("fields: each name once")
        return self

    @property
    def max_bytes(self) -> int:
        """The longest JSON of a value: each character may be escaped."""
        return sum(64 + len(each.name) + 6 * max(each.max_chars, *map(len, each.values), 32) for each in self.fields)

    def check(self, value: object, place: str = "/value") -> Fields:
        """``value`` in the form in which answers are compared. Raises InvalidInput that names the field."""
        names = [each.name for each in self.fields]
        if not isinstance(value, Mapping) or set(value) != set(names):
            raise InvalidInput(place, f"an object with {', '.join(names)}; null where the document has none")
        return {each.name: each.normalise(value[each.name], f"{place}/{each.name}") for each in self.fields}

    def canon(self, value: Fields) -> bytes:
        """Return the one text of a checked value: equal for what is the same, and for nothing else."""
        return canonical([value[each.name] for each in self.fields])

    def same(self, one: Fields, other: Fields) -> bool:
        """Tell whether two checked values are the same answer."""
        return self.canon(one) == self.canon(other)

    def differing(self, one: Fields, other: Fields) -> list[str]:
        """The names of the fields in which two checked values differ, in the order of the task's file."""
        return [each.name for each in self.fields if canonical(one[each.name]) != canonical(other[each.name])]
