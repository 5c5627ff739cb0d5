"""Read an ONNX graph from outside without running it, and refuse what could hold, leave or vary its process.

The list is short on purpose: standard operators over numbers, no control flow, nothing random, nothing outside the file. What
cannot be seen by reading (a huge product, answers that are not finite, rows that are mixed) is found by running it in a process
with limits: see hitl.inference.admission.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import onnx
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto

MAX_NODES = 20_000
DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})
CONTROL_FLOW = frozenset({"If", "Loop", "Scan", "SequenceMap"})
RANDOM = frozenset({"Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"})
ROW_RANK = 2
INPUT_IDS, ATTENTION_MASK, TOKEN_TYPES = "input_ids", "attention_mask", "token_type_ids"
"""What a graph over tokens takes, each ``(texts, tokens)``: the names that exporters of sentence encoders give. The last is
optional."""


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """``shape`` is that of the input, None for each dimension of any size. ``outputs`` by name, in the graph's order."""

    input: str
    shape: tuple[int | None, ...]
    outputs: tuple[str, ...]
    nodes: int

    @property
    def width(self) -> int | None:
        """The length of a row; None where the graph takes rows of any length."""
        return self.shape[1]


def read_graph(data: bytes, rank: int = ROW_RANK) -> GraphFacts:
    """What the graph takes and gives. Raises ValueError that says what is refused, for anything that is not a plain graph over
    one array of float32 numbers with ``rank`` dimensions: a matrix, or 4 for pictures. Runs nothing."""
    return _facts(_plain_graph(data), rank)


@dataclass(frozen=True, slots=True)
class TokenGraphFacts:
    """``inputs`` are INPUT_IDS, ATTENTION_MASK and perhaps TOKEN_TYPES, in the graph's order, as ``outputs`` are."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    nodes: int


def read_token_graph(data: bytes) -> TokenGraphFacts:
    """The same for a graph over tokens of texts: matrices of int64 numbers, any number of texts of any length."""
    graph = _plain_graph(data)
    inputs = _inputs(graph)
    names = tuple(each.name for each in inputs)
    if not {INPUT_IDS, ATTENTION_MASK} <= set(names) <= {INPUT_IDS, ATTENTION_MASK, TOKEN_TYPES}:
        raise ValueError(f"expected the inputs {INPUT_IDS}, {ATTENTION_MASK} and at most {TOKEN_TYPES}; came {list(names)[:5]}")
    for each in inputs:
        kind = each.type.tensor_type
        if kind.elem_type != TensorProto.INT64 or len(kind.shape.dim) != ROW_RANK or any(d.dim_value for d in kind.shape.dim):
            raise ValueError(f"expected {each.name} as int64 of any number of texts and tokens")
    return TokenGraphFacts(names, tuple(each.name for each in graph.output), len(graph.node))


def _plain_graph(data: bytes) -> GraphProto:
    model = _parsed(data)
    _refuse_foreign(model)
    for node in model.graph.node:
        _refuse_node(node)
    for tensor in (*model.graph.initializer, *(each.values for each in model.graph.sparse_initializer)):
        _refuse_external(tensor)
    return model.graph


def _inputs(graph: GraphProto) -> list[ValueInfoProto]:
    constants = {each.name for each in graph.initializer}
    return [each for each in graph.input if each.name not in constants]


def _parsed(data: bytes) -> ModelProto:
    try:
        model = onnx.load_model_from_string(data)
    except Exception as error:  # protobuf's own error, and whatever onnx raises on the way
        raise ValueError("not an ONNX file") from error
    if not model.graph.node:
        raise ValueError("not an ONNX file, or one without operators")
    return model


def _refuse_foreign(model: ModelProto) -> None:
    foreign = sorted({each.domain for each in model.opset_import} - DOMAINS)
    if foreign:
        raise ValueError(f"operators of {foreign[0]!r} are refused: only standard ones run")
    if model.functions or model.training_info:
        raise ValueError("functions and training steps inside the file are refused: export the graph for inference, inlined")
    if len(model.graph.node) > MAX_NODES:
        raise ValueError(f"{len(model.graph.node)} operators, more than {MAX_NODES}")


def _refuse_node(node: NodeProto) -> None:
    if node.domain not in DOMAINS:
        raise ValueError(f"operator {node.op_type} of {node.domain!r} is refused: only standard ones run")
    if node.op_type in CONTROL_FLOW:
        raise ValueError(f"operator {node.op_type} is refused: it may never end")
    if node.op_type in RANDOM:
        raise ValueError(f"operator {node.op_type} is refused: the same row must give the same answer")
    for attribute in node.attribute:
        _refuse_attribute(node, attribute)


def _refuse_attribute(node: NodeProto, attribute: AttributeProto) -> None:
    if attribute.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS):
        raise ValueError(f"operator {node.op_type} holds a graph of its own, which is refused")
    for tensor in _tensors(attribute):
        _refuse_external(tensor)


def _tensors(attribute: AttributeProto) -> Iterator[TensorProto]:
    yield from (attribute.t, *attribute.tensors, attribute.sparse_tensor.values)
    yield from (each.values for each in attribute.sparse_tensors)


def _refuse_external(tensor: TensorProto) -> None:
    if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
        raise ValueError(f"tensor {tensor.name!r} lies outside the file, which is refused: save the model as one file")


def _facts(graph: GraphProto, rank: int) -> GraphFacts:
    inputs = _inputs(graph)
    if len(inputs) != 1 or not _is_array(inputs[0], rank):
        wanted = "a matrix" if rank == ROW_RANK else f"an array of {rank} dimensions"
        raise ValueError(f"expected one input, {wanted} of float32 numbers; came {[each.name for each in inputs][:5]}")
    shape = tuple(each.dim_value or None for each in inputs[0].type.tensor_type.shape.dim)
    outputs = tuple(each.name for each in graph.output)
    return GraphFacts(inputs[0].name, shape, outputs, len(graph.node))


def _is_array(value: ValueInfoProto, rank: int) -> bool:
    kind = value.type.tensor_type
    return kind.elem_type == TensorProto.FLOAT and len(kind.shape.dim) == rank
