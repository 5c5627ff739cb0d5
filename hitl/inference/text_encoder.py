"""An encoder of texts from outside: an ONNX graph over tokens, its tokenizer and how tokens become one vector, in one file.

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
from tokenizers import Tokenizer

from hitl.canonical import canonical, digest_of
from hitl.inference.onnx_bundle import GRAPH, GraphSource, SourceHeader
from hitl.inference.onnx_graph import ATTENTION_MASK, INPUT_IDS, read_token_graph
from hitl.inference.onnx_session import open_session
from hitl.inference.safetensors_header import HEADER_KEY, TEXT_ENCODER, header_of

TOKENIZER = "tokenizer.json"
MAX_WIDTH = 65_536
"""Numbers of one text's vector."""

MAX_TOKENIZER_BYTES = 64 * 1024 * 1024
AT_ONCE = 16
"""Texts in one call of the graph: their states stay in tens of megabytes."""

PADDING_NAMES = ("[PAD]", "<pad>")
Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]


class TextRecipe(BaseModel):
    """How a text becomes a vector. Its first ``max_tokens`` tokens are read. The output of the graph holds a vector for each of
    them, of which the ``mean`` over the text's tokens or the ``first`` is taken, or one for the whole text already (``none``).
    With ``unit`` the vector is divided by its length."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_tokens: Annotated[int, Field(ge=2, le=8192)] = 256
    pooling: Literal["mean", "first", "none"] = "mean"
    unit: bool = True

    def pooled(self, said: Vectors, mask: Numbers) -> Vectors:
        """Return ``(n, width)`` of the graph's output; ``mask`` ``(n, tokens)`` is 1 for tokens of the text. A text without any
        token gets zeros. Raises ValueError for an output of another shape."""
        rank = 2 if self.pooling == "none" else 3
        if said.ndim != rank or said.shape[: rank - 1] != mask.shape[: rank - 1]:
            raise ValueError(f"expected {rank} dimensions for {mask.shape[0]} texts of {mask.shape[1]} tokens, came {said.shape}")
        vectors = self._one_each(said, mask) * mask.any(axis=1, keepdims=True)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True) if self.unit else np.ones((len(vectors), 1))
        return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)

    def _one_each(self, said: Vectors, mask: Numbers) -> Vectors:
        if self.pooling == "none":
            return said
        if self.pooling == "first":
            return np.asarray(said[:, 0])
        weights = mask[:, :, np.newaxis].astype(np.float32)
        return np.asarray((said * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0))


@dataclass(frozen=True, slots=True)
class TextEncoderBundle:
    """``graph`` takes the tokens that ``tokenizer`` (the text of a ``tokenizer.json``) makes; ``output`` is pooled as the recipe
    says into ``width`` numbers a text."""

    graph: bytes
    tokenizer: bytes
    recipe: TextRecipe
    output: str
    width: int
    source: GraphSource = field(default_factory=GraphSource)

    def to_bytes(self) -> bytes:
        """The same bundle always gives the same bytes."""
        header = {
            "family": TEXT_ENCODER,
            "recipe": self.recipe.model_dump(mode="json"),
            "output": self.output,
            "width": self.width,
            "source": asdict(self.source),
        }
        tensors = {name: np.frombuffer(data, dtype=np.uint8) for name, data in ((GRAPH, self.graph), (TOKENIZER, self.tokenizer))}
        return bytes(save_tensors(tensors, metadata={HEADER_KEY: canonical(header).decode()}))


class TextEncoder:
    """An encoder ready to run. ``digest`` names its file. On a CPU one thread a call. Safe to call from several threads. Raises
    ValueError for a graph or a tokenizer that is refused."""

    def __init__(self, bundle: TextEncoderBundle, device: str = "auto") -> None:
        facts = read_token_graph(bundle.graph)
        if bundle.output not in facts.outputs:
            raise ValueError(f"the graph gives {facts.outputs}, not {bundle.output!r}")
        self.bundle, self._inputs = bundle, facts.inputs
        self._tokenizer = tokenizer_from(bundle.tokenizer, bundle.recipe.max_tokens)
        self._session = open_session(bundle.graph, device)
        self.data = bundle.to_bytes()
        self.digest = digest_of(self.data)

    @property
    def width(self) -> int:
        return self.bundle.width

    @property
    def words(self) -> list[str]:
        """The tokenizer's own pieces in the order of the alphabet: to make texts of that it does not know as one unknown."""
        return sorted(self._tokenizer.get_vocab())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, width)``. Texts of like length share a call, so that little is computed for padding. Raises ValueError
        where the graph gives other shapes or what is not finite."""
        found = np.zeros((len(texts), self.width), dtype=np.float32)
        order = np.argsort([len(text) for text in texts], kind="stable")
        for start in range(0, len(texts), AT_ONCE):
            chosen = order[start : start + AT_ONCE]
            found[chosen] = self._batch([texts[at] for at in chosen])
        return found

    def measured_width(self, texts: Sequence[str]) -> int:
        """Return how many numbers the graph gives a text, whatever the bundle says. Raises ValueError."""
        return int(self._pooled(texts).shape[1])

    def _batch(self, texts: Sequence[str]) -> Vectors:
        vectors = self._pooled(texts)
        if vectors.shape != (len(texts), self.width):
            raise ValueError(f"expected {self.width} numbers a text, came {vectors.shape}")
        if not np.isfinite(vectors).all():
            raise ValueError("the graph's vectors are not finite")
        return vectors

    def _pooled(self, texts: Sequence[str]) -> Vectors:
        tokens = self._tokenizer.encode_batch([readable(text) for text in texts])
        mask = np.array([each.attention_mask for each in tokens], dtype=np.int64)
        if not mask.any():  # no text has a token, and the graph is not asked about none
            return np.zeros((len(texts), self.width), dtype=np.float32)
        given = {INPUT_IDS: [each.ids for each in tokens], ATTENTION_MASK: mask}
        kinds = [each.type_ids for each in tokens]
        (said,) = self._session.run(
            [self.bundle.output], {name: np.array(given.get(name, kinds), dtype=np.int64) for name in self._inputs}
        )
        return self.bundle.recipe.pooled(np.asarray(said, dtype=np.float32), mask)


def text_encoder_from(data: bytes, device: str = "auto") -> TextEncoder:
    """Return the encoder in ``data``. Raises ValueError for bytes that are none, or whose graph or tokenizer is refused."""
    try:
        header, tensors = _Header.model_validate_json(canonical(header_of(data))), load_tensors(data)
    except (ValidationError, SafetensorError) as error:
        raise ValueError(f"not an encoder of texts: {error}") from error
    if set(tensors) != {GRAPH, TOKENIZER} or any(each.dtype != np.uint8 or each.ndim != 1 for each in tensors.values()):
        raise ValueError(f"expected the tensors {GRAPH} and {TOKENIZER}, of bytes")
    source, graph = GraphSource(header.source.format, header.source.digest), tensors[GRAPH].tobytes()
    bundle = TextEncoderBundle(graph, tensors[TOKENIZER].tobytes(), header.recipe, header.output, header.width, source)
    return TextEncoder(bundle, device)


def tokenizer_from(data: bytes, max_tokens: int) -> Tokenizer:
    """Return the tokenizer in ``data``, the text of a ``tokenizer.json``, with the recipe's own length, and padded to the longest
    text of a call by the token that the file itself pads with. Raises ValueError."""
    if len(data) > MAX_TOKENIZER_BYTES:
        raise ValueError(f"the tokenizer is larger than {MAX_TOKENIZER_BYTES} bytes")
    try:
        tokenizer = Tokenizer.from_str(data.decode("utf-8"))
    except Exception as error:  # the library's exceptions have no base of their own
        raise ValueError(f"not a tokenizer.json: {error}") from error
    known = [tokenizer.token_to_id(name) for name in PADDING_NAMES]
    own = [] if tokenizer.padding is None else [tokenizer.padding["pad_id"]]
    tokenizer.enable_truncation(max_tokens)
    tokenizer.enable_padding(pad_id=next((number for number in [*own, *known] if number is not None), 0))
    return tokenizer


def readable(text: str) -> str:
    """Return the text as tokenizers can read it: half of a pair of surrogates has no bytes."""
    return text.encode("utf-8", "replace").decode("utf-8")


class _Header(BaseModel):
    """Strict: the file may be anybody's."""

    model_config = ConfigDict(extra="forbid")

    family: Literal["text_encoder"]
    recipe: TextRecipe
    output: Annotated[str, Field(min_length=1, max_length=500)]
    width: Annotated[int, Field(ge=1, le=MAX_WIDTH)]
    source: SourceHeader
