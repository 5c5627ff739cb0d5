"""What people may answer: one of the task's labels, or the fields of a document; and that none of it fits."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Tag

from hitl.answers.fields import FieldsAnswer
from hitl.tasks.strict import Strict

NONE_OF_THESE = "none_of_these"
"""The answer that no label of the task fits. No model gives it: it counts as the model's error, and no model learns from it."""


class LabelAnswer(Strict):
    """An answer is one of the task's labels. ``none`` offers the answer ``none_of_these`` beside them: the case belongs to
    none of them."""

    kind: Literal["label"] = "label"
    none: bool = True


def _kind_of(given: Any) -> str:
    if isinstance(given, dict):
        return str(given.get("kind", "label"))
    return str(getattr(given, "kind", "label"))


AnswerTerms: TypeAlias = Annotated[
    Annotated[LabelAnswer, Tag("label")] | Annotated[FieldsAnswer, Tag("fields")],
    Discriminator(
        _kind_of,
        custom_error_type="answer_kind",
        custom_error_message="expected kind label or fields: other answers belong in an annotation tool",
    ),
]
