"""An encoder of pictures from outside: an ONNX graph, and the recipe by which pictures become its numbers, in one file.

It is named by the SHA-256 of that file. The file has no code and no paths, as every imported graph (hitl.inference.onnx_bundle).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from hitl.canonical import canonical, digest_of
from hitl.inference.onnx_bundle import GRAPH, GraphSource, SourceHeader
from hitl.inference.onnx_graph import read_graph
from hitl.inference.onnx_session import open_session
from hitl.inference.pictures import PictureRecipe, Pixels
from hitl.inference.safetensors_header import HEADER_KEY, PICTURE_ENCODER, header_of

MAX_WIDTH = 65_536
"""Numbers of one picture's vector."""

AT_ONCE = 16
"""Pictures in one call of the graph: their tensors stay in tens of megabytes."""

PICTURE_RANK = 4
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EncoderBundle:
    """``output`` of ``graph`` holds ``width`` numbers a picture, whatever its shape."""

    graph: bytes
    recipe: PictureRecipe
    output: str
    width: int
    source: GraphSource = field(default_factory=GraphSource)

    def to_bytes(self) -> bytes:
        """The same bundle always gives the same bytes."""
        header = {
            "family": PICTURE_ENCODER,
            "recipe": self.recipe.model_dump(mode="json"),
            "output": self.output,
            "width": self.width,
            "source": asdict(self.source),
        }
        tensors = {GRAPH: np.frombuffer(self.graph, dtype=np.uint8)}
        return bytes(save_tensors(tensors, metadata={HEADER_KEY: canonical(header).decode()}))


class PictureEncoder:
    """An encoder ready to run. ``digest`` names its file. On a CPU one thread a call. Raises ValueError for a graph that is
    refused or does not take the recipe's pictures."""

    def __init__(self, bundle: EncoderBundle, device: str = "auto") -> None:
        facts = read_graph(bundle.graph, PICTURE_RANK)
        _, *picture = facts.shape
        if any(size not in (None, ours) for size, ours in zip(picture, bundle.recipe.shape, strict=True)):
            raise ValueError(f"the graph takes pictures of {picture}, the recipe makes {list(bundle.recipe.shape)}")
        if facts.shape[0] not in (None, 1):
            raise ValueError(f"the graph takes {facts.shape[0]} pictures at a time; export it for one, or for any number")
        if bundle.output not in facts.outputs:
            raise ValueError(f"the graph gives {facts.outputs}, not {bundle.output!r}")
        self.bundle, self._input = bundle, facts.input
        self._at_once = AT_ONCE if facts.shape[0] is None else 1
        self._session = open_session(bundle.graph, device)
        self.data = bundle.to_bytes()
        self.digest = digest_of(self.data)

    @property
    def recipe(self) -> PictureRecipe:
        return self.bundle.recipe

    @property
    def width(self) -> int:
        return self.bundle.width

    def encode(self, pictures: Sequence[Pixels]) -> Vectors:
        """Return ``(n, width)``. Raises ValueError where the graph gives other shapes or what is not finite."""
        starts = range(0, len(pictures), self._at_once)
        parts = [self._batch(pictures[start : start + self._at_once]) for start in starts]
        return np.concatenate(parts) if parts else np.zeros((0, self.width), dtype=np.float32)

    def _batch(self, pictures: Sequence[Pixels]) -> Vectors:
        given = np.stack([self.recipe.tensor(each) for each in pictures])
        (said,) = self._session.run([self.bundle.output], {self._input: given})
        vectors = np.asarray(said, dtype=np.float32).reshape(len(said), -1)
        if vectors.shape != (len(pictures), self.width):
            raise ValueError(f"expected {self.width} numbers a picture, came {vectors.shape}")
        if not np.isfinite(vectors).all():
            raise ValueError("the graph's vectors are not finite")
        return vectors


def encoder_from(data: bytes, device: str = "auto") -> PictureEncoder:
    """Return the encoder in ``data``. Raises ValueError for bytes that are none, or whose graph is refused."""
    try:
        header, tensors = _Header.model_validate_json(canonical(header_of(data))), load_tensors(data)
    except (ValidationError, SafetensorError) as error:
        raise ValueError(f"not an encoder of pictures: {error}") from error
    if set(tensors) != {GRAPH} or tensors[GRAPH].dtype != np.uint8 or tensors[GRAPH].ndim != 1:
        raise ValueError(f"expected one tensor {GRAPH} of bytes")
    source = GraphSource(header.source.format, header.source.digest)
    return PictureEncoder(EncoderBundle(tensors[GRAPH].tobytes(), header.recipe, header.output, header.width, source), device)


class _Header(BaseModel):
    """Strict: the file may be anybody's."""

    model_config = ConfigDict(extra="forbid")

    family: Literal["picture_encoder"]
    recipe: PictureRecipe
    output: Annotated[str, Field(min_length=1, max_length=500)]
    width: Annotated[int, Field(ge=1, le=MAX_WIDTH)]
    source: SourceHeader
