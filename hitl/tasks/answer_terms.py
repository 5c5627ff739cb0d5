"""What people may answer: the kinds of answers, and that none of what the task asks for fits."""

from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Tag

from hitl.answers.fields import FieldsAnswer
from hitl.answers.one_label import LabelAnswer, PairAnswer, ScaleAnswer, VerdictAnswer
from hitl.answers.one_value import LabelsAnswer, NumberAnswer

NONE_OF_THESE = "none_of_these"
"""The answer that no label of the task fits. No model gives it: it counts as the model's error, and no model learns from it."""


def _kind_of(given: Any) -> str:
    if isinstance(given, dict):
        return str(given.get("kind", "label"))
    return str(getattr(given, "kind", "label"))


AnswerTerms: TypeAlias = Annotated[
    Annotated[LabelAnswer, Tag("label")]
    | Annotated[LabelsAnswer, Tag("labels")]
    | Annotated[FieldsAnswer, Tag("fields")]
    | Annotated[NumberAnswer, Tag("number")]
    | Annotated[ScaleAnswer, Tag("scale")]
    | Annotated[VerdictAnswer, Tag("verdict")]
    | Annotated[PairAnswer, Tag("pair")],
    Discriminator(
        _kind_of,
        custom_error_type="answer_kind",
        custom_error_message=(
            "expected kind label, labels, fields, number, scale, verdict or pair: boxes, polygons, spans of texts or recordings "
            "and video belong in an annotation tool, see docs/integrations/README.md"
        ),
    ),
]
