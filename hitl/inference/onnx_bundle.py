"""The artifact of an imported model: one safetensors file that holds the ONNX graph's bytes and says how to read its answer.

The container has no code and no paths. The header says which column of the graph's output belongs to which label, since a
library sorts its classes and a task does not.
"""

from dataclasses import asdict, dataclass, field
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from hitl.canonical import canonical
from hitl.inference.safetensors_header import HEADER_KEY, header_of
from hitl.quality.calibration import Calibrator, calibrator_from, plain_of

FAMILY = "onnx"
GRAPH = "graph.onnx"
MAX_LABELS = 100_000

Form = Literal["probabilities", "logits", "positive", "positive_logit"]
"""What the graph's output is: ``(n, classes)`` probabilities or logits; or one number a row, about the second label of two: its
probability, or its logit."""


@dataclass(frozen=True, slots=True)
class GraphSource:
    """Where the graph came from, for people: ``format`` names libraries and versions, ``digest`` the original file (SHA-256, or
    empty where there was none)."""

    format: str = "onnx"
    digest: str = ""


@dataclass(frozen=True, slots=True)
class OnnxBundle:
    """``graph`` is ONNX bytes over rows of ``width`` float32 numbers. ``labels[i]`` is column ``columns[i]`` of ``output``."""

    graph: bytes
    labels: tuple[str, ...]
    width: int
    output: str
    form: Form
    columns: tuple[int, ...]
    source: GraphSource = field(default_factory=GraphSource)
    calibration: Calibrator | None = None

    def to_bytes(self) -> bytes:
        """The same bundle always gives the same bytes."""
        header = {
            "family": FAMILY,
            "labels": list(self.labels),
            "width": self.width,
            "output": self.output,
            "form": self.form,
            "columns": list(self.columns),
            "source": asdict(self.source),
        }
        if self.calibration is not None:
            header["calibration"] = plain_of(self.calibration)
        tensors = {GRAPH: np.frombuffer(self.graph, dtype=np.uint8)}
        return bytes(save_tensors(tensors, metadata={HEADER_KEY: canonical(header).decode()}))


def bundle_from(data: bytes) -> OnnxBundle:
    """Return the bundle in ``data``. Raises ValueError for bytes that are none, or whose header contradicts itself."""
    try:
        header, tensors = _Header.model_validate(header_of(data)), load_tensors(data)
    except (ValidationError, SafetensorError) as error:
        raise ValueError(f"not a bundle of an imported model: {error}") from error
    if set(tensors) != {GRAPH} or tensors[GRAPH].dtype != np.uint8 or tensors[GRAPH].ndim != 1:
        raise ValueError(f"expected one tensor {GRAPH} of bytes")
    if sorted(header.columns) != list(range(len(header.labels))):
        raise ValueError("expected one column of the output for each label")
    return OnnxBundle(
        tensors[GRAPH].tobytes(),
        tuple(header.labels),
        header.width,
        header.output,
        header.form,
        tuple(header.columns),
        GraphSource(header.source.format, header.source.digest),
        None if header.calibration is None else calibrator_from(header.calibration),
    )


class SourceHeader(BaseModel):
    """GraphSource in a header."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format: Annotated[str, Field(max_length=500)]
    digest: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class _Header(BaseModel):
    """Strict: the file may be anybody's."""

    model_config = ConfigDict(extra="forbid", strict=True)

    family: Literal["onnx"]
    labels: Annotated[list[str], Field(min_length=2, max_length=MAX_LABELS)]
    width: Annotated[int, Field(ge=1, le=1_000_000)]
    output: Annotated[str, Field(min_length=1, max_length=500)]
    form: Form
    columns: Annotated[list[int], Field(max_length=MAX_LABELS)]
    source: SourceHeader
    calibration: dict[str, object] | None = None
