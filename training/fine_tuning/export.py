"""Write a trained encoder as the graph that serves, and read its weights back from there."""

import tempfile
from pathlib import Path
from typing import TypeAlias

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from hitl.inference.onnx_bundle import GraphSource
from hitl.inference.onnx_graph import ATTENTION_MASK, INPUT_IDS
from hitl.inference.picture_encoder import EncoderBundle, PictureEncoder
from hitl.inference.text_encoder import TextEncoder, TextEncoderBundle
from hitl.inference.vector_head import VectorHead
from hitl.tasks.fine_tune_terms import SmallCnnTerms
from training.fine_tuning.networks import EncoderWithHead
from training.fine_tuning.plan import NetworkPlan, picture_recipe, text_recipe

OPSET = 17
PICTURES, VECTORS, STATES = "pictures", "vectors", "states"

Weights: TypeAlias = dict[str, Tensor]


def exported_encoder(network: EncoderWithHead, plan: NetworkPlan, tokenizer: bytes) -> PictureEncoder | TextEncoder:
    """Return the network's encoder as it serves. ``tokenizer`` counts for texts alone. Leaves the network on the CPU, in its mode
    for answering."""
    terms, width = plan.terms, network.encoder.width
    source = GraphSource(f"{terms.architecture}, torch {torch.__version__}")
    if isinstance(terms, SmallCnnTerms):
        pictures = torch.zeros((2, *picture_recipe(terms).shape))
        graph = _graph(network.encoder, {PICTURES: pictures}, VECTORS, {0: "n"})
        return PictureEncoder(EncoderBundle(graph, picture_recipe(terms), VECTORS, width, source), "cpu")
    tokens, mask = torch.ones((2, 2), dtype=torch.long), torch.ones((2, 2), dtype=torch.long)
    graph = _graph(network.encoder, {INPUT_IDS: tokens, ATTENTION_MASK: mask}, STATES, {0: "texts", 1: "tokens"})
    return TextEncoder(TextEncoderBundle(graph, tokenizer, text_recipe(terms), STATES, width, source), "cpu")


def head_of(network: EncoderWithHead) -> VectorHead:
    """Return the network's head as it serves: it takes vectors as they are."""
    weights, biases = (part.detach().cpu().numpy() for part in (network.head.weight, network.head.bias))
    width = network.encoder.width
    return VectorHead(np.zeros(width, dtype=np.float32), np.ones(width, dtype=np.float32), ((weights, biases),))


def weights_in(graph: bytes) -> Weights:
    """Return the numbers that a graph holds, by name: for one that was written here those are the encoder's weights. Raises
    TypeError or ValueError for texts, and for numbers that torch has no form for."""
    model = onnx.load_model_from_string(graph)
    return {each.name: torch.tensor(numpy_helper.to_array(each)) for each in model.graph.initializer}


def _graph(module: nn.Module, given: dict[str, Tensor], output: str, sizes: dict[int, str]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "graph.onnx"
        torch.onnx.export(
            module.eval().cpu(),
            tuple(given.values()),
            file,
            dynamo=False,  # one file and no further package
            do_constant_folding=False,  # weights keep their names and shapes, so that training can go on from the file
            input_names=list(given),
            output_names=[output],
            opset_version=OPSET,
            dynamic_axes=dict.fromkeys(given, sizes) | {output: sizes},
        )
        return file.read_bytes()
