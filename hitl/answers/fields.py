"""The answer that is a document's fields: vendor, date, total."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from hitl.answers.field_types import FieldTerms, FieldValue
from hitl.answers.kind import AnswerKind
from hitl.canonical import canonical
from hitl.errors import InvalidInput

Fields: TypeAlias = dict[str, FieldValue]
"""A value of every field by its name, each in the form in which it is compared."""


class FieldsAnswer(AnswerKind):
    """An answer is one value for each of ``fields``, or null where the document has none. Two answers are the same where all of
    their fields are. With ``none`` people may answer in its place that the case is no such document."""

    kind: Literal["fields"] = "fields"
    fields: Annotated[list[FieldTerms], Field(min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        if len({each.name for each in self.fields}) < len(self.fields):
            raise ValueError("fields: each name once")
        return self

    @property
    def values(self) -> Self:
        return self

    @property
    def max_bytes(self) -> int:
        """The longest JSON of a value."""
        return sum(each.max_bytes for each in self.fields)

    @property
    def most_values(self) -> int:
        """The most JSON values in a value, beside the object around them; names counted."""
        return sum(2 + len(each.values) * (each.type == "choices") for each in self.fields)

    @property
    def names(self) -> list[str]:
        """The names of the fields, in the order of the task's file."""
        return [each.name for each in self.fields]

    @property
    def parts(self) -> list[str]:
        """The names of what can be right by itself: the fields."""
        return self.names

    def corrected(self, declared: Fields | None, given: Fields | None) -> dict[str, FieldValue]:
        """Return what was ``given`` in each part that is not as ``declared``, both checked values; None: no such document, or
        nothing was declared. Two people agree on a part where theirs is equal, or where neither corrected it."""
        if declared is None or given is None:
            return {name: None if given is None else given[name] for name in self.names}
        return {name: given[name] for name in self.differing(declared, given)}

    def check(self, value: object, place: str = "/value") -> Fields:
        """``value`` in the form in which answers are compared. Raises InvalidInput that names the field."""
        names = self.names
        if not isinstance(value, Mapping) or set(value) != set(names):
            raise InvalidInput(place, f"an object with {', '.join(names)}; null where the document has none")
        return {each.name: each.normalise(value[each.name], f"{place}/{each.name}") for each in self.fields}

    def filled(self, value: Mapping[str, object]) -> dict[str, object]:
        """``value`` with null for each field that it lacks."""
        return {**dict.fromkeys(each.name for each in self.fields), **value}

    def canon(self, value: Fields) -> bytes:
        """Return the one text of a checked value: two people agree where theirs is equal."""
        return canonical([value[each.name] for each in self.fields])

    def same(self, declared: Fields, given: Fields) -> bool:
        """Tell whether what was ``declared`` is what a person gave, each field within its tolerance; both are checked values."""
        return not self.differing(declared, given)

    def differing_of(self, declared: Mapping[str, object] | None, given: Mapping[str, object] | None) -> list[str]:
        """The same of two values as they are stored; all of the fields where one of them is missing, or fits the task no more."""
        if declared is None or given is None:
            return self.names
        try:
            return self.differing(self.check(declared), self.check(given))
        except InvalidInput:
            return self.names

    def differing(self, declared: Fields, given: Fields) -> list[str]:
        """The names of the fields in which two checked values differ, in the order of the task's file."""
        return [each.name for each in self.fields if not each.same(declared[each.name], given[each.name])]
