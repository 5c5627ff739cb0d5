"""What Label Studio sends to an ML backend. Its versions send more and more members: those that nobody reads are let through."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[int | str, Field(union_mode="left_to_right")]


class LenientBody(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


class SetupBody(LenientBody):
    """``label_config`` of the project is called ``schema`` here."""

    project: str = ""


class VersionsBody(LenientBody):
    """Whose versions: the task of the path says it."""

    project: Id | None = None


class LabelTask(LenientBody):
    id: Id | None = None
    data: dict[str, Any] = Field(default_factory=dict)


class PredictBody(LenientBody):
    tasks: Annotated[list[LabelTask], Field(max_length=1_000)]
    label_config: Annotated[str, Field(max_length=200_000)] | None = None


class LabelAnnotation(LenientBody):
    """``completed_by`` is Label Studio's own number of the person, or an object with it."""

    id: Id
    result: Annotated[list[dict[str, Any]], Field(max_length=10_000)] = Field(default_factory=list)
    was_cancelled: bool = False
    completed_by: Any = None


class WebhookBody(LenientBody):
    action: Annotated[str, Field(max_length=64)]
    task: LabelTask | None = None
    annotation: LabelAnnotation | None = None
