"""The answers that are one value: a set of labels, a number."""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hitl.answers.field_types import FieldTerms, FieldValue, NumberTerms
from hitl.answers.fields import Fields, FieldsAnswer
from hitl.answers.kind import AnswerKind

LABELS, NUMBER = "labels", "number"
"""The name of the one field of a value."""


class SetOfLabels(FieldsAnswer):
    """The one field of an answer that is a set of labels. Its parts are the labels: each is in the set, or it is not."""

    @property
    def parts(self) -> list[str]:
        return self.fields[0].values

    def corrected(self, declared: Fields | None, given: Fields | None) -> dict[str, FieldValue]:
        """Who says that the case is nothing the task asks for says no to every label."""
        said = _members(given)
        changed = (
            self.parts if declared is None else [each for each in self.parts if (each in _members(declared)) != (each in said)]
        )
        return {label: "yes" if label in said else "no" for label in changed}


def _members(value: Fields | None) -> frozenset[str]:
    chosen = None if value is None else value[LABELS]
    return frozenset(map(str, chosen)) if isinstance(chosen, list) else frozenset()


class LabelsAnswer(AnswerKind):
    """An answer is a set of ``labels``, of ``least`` to ``most``: ``{"labels": [...]}``, in any order. Two answers are the same
    where the sets are equal. With ``none`` people may say in its place that the case is nothing the task asks for, which is
    another answer than the empty set."""

    kind: Literal["labels"]
    labels: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=2, max_length=200)]
    least: Annotated[int, Field(ge=0)] = 0
    most: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _labels_differ(self) -> Self:
        if len(set(self.labels)) < len(self.labels):
            raise ValueError("labels: each of them once")
        if not self.least <= (len(self.labels) if self.most is None else self.most) <= len(self.labels):
            raise ValueError(f"most: from least to the number of labels, {len(self.labels)}")
        return self

    @cached_property
    def _fields(self) -> SetOfLabels:
        few = {} if self.most is None else {"most": self.most}
        terms = {
            "name": LABELS,
            "title": "Labels",
            "type": "choices",
            "required": True,
            "values": self.labels,
            "least": self.least,
            **few,
        }
        return SetOfLabels.model_validate({"none": self.none, "fields": [terms]})

    @property
    def values(self) -> FieldsAnswer:
        return self._fields


class NumberAnswer(AnswerKind, NumberTerms):
    """An answer is a number in [``min``, ``max``], ``{"number": 12.5}``, in ``unit``, rounded to a multiple of ``step``. The
    declared one is right within ``tolerance`` of the person's, or within ``relative_tolerance`` times it. Several people's come
    to the one that more than half gave, or else to their median where more than half lie as near to it."""

    kind: Literal["number"]

    @cached_property
    def _fields(self) -> FieldsAnswer:
        given = {name: getattr(self, name) for name in NumberTerms.model_fields}
        terms = FieldTerms(name=NUMBER, title="Number", type="number", required=True, **given)
        return FieldsAnswer(none=self.none, fields=[terms])

    @property
    def values(self) -> FieldsAnswer:
        return self._fields

    @property
    def number(self) -> FieldTerms:
        return self._fields.fields[0]
