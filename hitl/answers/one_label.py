"""The answers that are one label: of the task's own list, of a scale, a verdict on a content, the better one of two."""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hitl.answers.field_types import FieldTerms
from hitl.answers.fields import FieldsAnswer
from hitl.answers.kind import AnswerKind
from hitl.member_path import MemberPath

APPROVE, REJECT = "approve", "reject"
FIRST, SECOND, TIE = "first", "second", "tie"
REASONS, CORRECTION = "reasons", "correction"
"""The fields beside a verdict."""

Reason = Annotated[str, Field(min_length=1, max_length=100)]


class LabelAnswer(AnswerKind):
    """An answer is one of the task's labels. ``none`` offers the answer ``none_of_these`` beside them: the case belongs to
    none of them."""

    kind: Literal["label"] = "label"


class ScaleAnswer(AnswerKind):
    """An answer is a point of a scale, ``"1"`` to ``points``; ``low`` and ``high`` say in words what its ends mean. A prediction
    is right at most ``within`` points away from a person's. Several people's come to the point that more than half gave, or
    else to their median where more than half lie at most ``within`` points from it."""

    kind: Literal["scale"]
    points: Annotated[int, Field(ge=2, le=11)]
    within: Annotated[int, Field(ge=0, le=9)] = 0
    low: Annotated[str, Field(max_length=100)] = ""
    high: Annotated[str, Field(max_length=100)] = ""

    @model_validator(mode="after")
    def _some_point_is_wrong(self) -> Self:
        if self.within > self.points - 2:
            raise ValueError(f"within: at most {self.points - 2}, or every point of the scale would be right")
        return self

    @property
    def own_labels(self) -> list[str]:
        return [str(point) for point in range(1, self.points + 1)]

    @property
    def right_within(self) -> int:
        return self.within

    @property
    def is_ordered(self) -> bool:
        return True


class VerdictAnswer(AnswerKind):
    """An answer approves or rejects a content that came with the case, at the path ``content`` of its features. Beside a
    rejection people may give some of the ``reasons``, and a ``correction`` of at most so many characters; neither decides whether
    two answers are the same."""

    kind: Literal["verdict"]
    content: MemberPath
    reasons: list[Reason] = Field(default=[], max_length=20)
    correction: Annotated[int, Field(ge=0, le=20_000)] = 0

    @model_validator(mode="after")
    def _reasons_differ(self) -> Self:
        if len(set(self.reasons)) < len(self.reasons):
            raise ValueError("reasons: each of them once")
        return self

    @property
    def own_labels(self) -> list[str]:
        return [APPROVE, REJECT]

    @cached_property
    def _beside(self) -> FieldsAnswer | None:
        reasons = [FieldTerms(name=REASONS, title="Reasons", type="choices", values=self.reasons)] if self.reasons else []
        correction = (
            [FieldTerms(name=CORRECTION, title="Correction", type="long_text", max_chars=self.correction)]
            if self.correction
            else []
        )
        return FieldsAnswer(fields=[*reasons, *correction]) if reasons or correction else None

    def beside(self, label: str) -> FieldsAnswer | None:
        return self._beside if label == REJECT else None

    @property
    def contents(self) -> list[str]:
        return [self.content]


class PairAnswer(AnswerKind):
    """An answer says which of two contents of the case is better, the one at the path ``first`` or that at ``second``, or with
    ``tie`` that neither is. People see them side by side, in an order that a coin gives each person for each case."""

    kind: Literal["pair"]
    first: MemberPath
    second: MemberPath
    tie: bool = True

    @model_validator(mode="after")
    def _two_contents(self) -> Self:
        if self.first == self.second:
            raise ValueError("second: another path than first")
        return self

    @property
    def own_labels(self) -> list[str]:
        return [FIRST, SECOND, *([TIE] if self.tie else [])]

    @property
    def contents(self) -> list[str]:
        return [self.first, self.second]
