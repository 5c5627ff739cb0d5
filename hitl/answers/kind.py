"""The interface of a kind of answer: what people may say of a case, and in which form it is compared."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from hitl.answers.field_types import FieldTerms
    from hitl.answers.fields import FieldsAnswer


class AnswerKind(BaseModel):
    """One kind of answer, as a task file declares it under ``answer``. Subclasses have a field ``kind`` that names them. With
    ``none`` people may answer in its place that the case is none of what the task asks for."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    none: bool = True

    @property
    def own_labels(self) -> list[str] | None:
        """The labels that the kind itself fixes; None where the task's file lists them, and where an answer is a value."""
        return None

    @property
    def values(self) -> "FieldsAnswer | None":
        """The fields of a value where an answer is one, None where it is a label."""
        return None

    @property
    def right_within(self) -> int:
        """How many points a prediction may be away from a person's and count as right; 0 where only the same one does."""
        return 0

    @property
    def is_ordered(self) -> bool:
        """Whether its labels are points of a scale, of which two are more or less far apart."""
        return False

    @property
    def number(self) -> "FieldTerms | None":
        """The terms of the one number that an answer is, None where an answer is anything else."""
        return None

    def beside(self, label: str) -> "FieldsAnswer | None":
        """What a person may add to ``label``, and what never decides whether two answers are the same. None where they add
        nothing but a comment."""
        return None

    @property
    def contents(self) -> list[str]:
        """Paths of the parts of a case that the answer is about: the content of a verdict, the two contents of a pair."""
        return []
