"""Cut a graph from outside where the tensor stands that is wanted of it."""

from collections.abc import Callable

import onnx
from onnx import GraphProto, NodeProto


def cut_at(data: bytes, output: str, check: Callable[[bytes], object]) -> bytes:
    """Return the part of the graph that ``output`` needs; the whole one where it is the only output, or where none is named.
    ``check`` refuses a graph by reading it, before anything else does. Nothing is run. Raises ValueError."""
    if not output:
        return data
    check(data)
    model = onnx.load_model_from_string(data)
    if [each.name for each in model.graph.output] == [output]:
        return data
    made = {name for node in model.graph.node for name in node.output}
    if output not in made:
        raise ValueError(f"no tensor {output!r}; the last ones are {[node.output[0] for node in model.graph.node][-8:]}")
    _keep_only(model.graph, output)
    return bytes(model.SerializeToString(deterministic=True))


def _keep_only(graph: GraphProto, output: str) -> None:
    """Leave what ``output`` needs. The nodes of a graph stand in the order in which they run; none of these holds a graph."""
    needed, kept = {output}, list[NodeProto]()
    for node in reversed(graph.node):
        if needed & set(node.output):
            kept.append(node)
            needed |= set(node.input)
    constants = [each for each in graph.initializer if each.name in needed]
    inputs = [each for each in graph.input if each.name in needed]
    for part in (graph.node, graph.initializer, graph.input, graph.output, graph.value_info):
        del part[:]
    graph.node.extend(reversed(kept))
    graph.initializer.extend(constants)
    graph.input.extend(inputs)
    graph.output.append(onnx.helper.make_tensor_value_info(output, onnx.TensorProto.FLOAT, None))
