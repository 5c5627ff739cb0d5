"""The models of a task, and how they are tuned and calibrated."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hitl.tasks.fine_tune_terms import FineTune
from hitl.tasks.strict import Digest, Strict


class IntRange(Strict):
    type: Literal["int"]
    low: int
    high: int
    log: bool = False

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        _check_range(self.low, self.high, self.log)
        return self


class FloatRange(Strict):
    type: Literal["float"]
    low: float
    high: float
    log: bool = False

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        _check_range(self.low, self.high, self.log)
        return self


class SearchChoice(Strict):
    type: Literal["choice"]
    values: Annotated[list[str | int | float | bool], Field(min_length=1)]


Range = Annotated[IntRange | FloatRange | SearchChoice, Field(discriminator="type")]


class CalibrationTerms(Strict):
    """Terms of calibration: ``share`` of the training rows is kept back for it. ``auto`` is a
    temperature, or for scikit-learn with rows enough an isotonic map."""

    method: Literal["auto", "temperature", "isotonic", "none"] = "auto"
    share: Annotated[float, Field(gt=0, lt=0.5)] = 0.15


class ModelSpec(Strict):
    """``family`` is ``torch_mlp`` or a scikit-learn classifier by its import path (``sklearn.linear_model.LogisticRegression``,
    the one that also reads text), ``sentence_mlp`` for texts, with the parameters of ``torch_mlp``, ``onnx`` for an imported
    model, ``encoder_head`` for pictures and texts, or ``declared`` for one whose predictions clients bring; ``encoder`` is the
    SHA-256 of the encoder under the head of an ``encoder_head``, or ``fine_tune`` says how an encoder is trained with the head;
    ``params`` are fixed hyper-parameters, ``search`` the space that tuning explores in ``trials`` trials."""

    family: str
    encoder: Digest | None = None
    fine_tune: FineTune | None = None
    params: dict[str, str | int | float | bool] = {}
    search: dict[str, Range] = {}
    trials: Annotated[int, Field(ge=1, le=1000)] = 6
    calibration: CalibrationTerms = CalibrationTerms()


def _check_range(low: float, high: float, is_log: bool) -> None:
    if low > high:
        raise ValueError(f"expected low <= high, came {low:g} and {high:g}")
    if is_log and low <= 0:
        raise ValueError(f"expected low > 0, since log: true; came {low:g}")
