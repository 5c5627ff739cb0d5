"""Graphs that must not serve: what reading refuses, and what only running finds."""

from collections.abc import Callable

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

from hitl.inference.onnx_bundle import OnnxBundle

LABELS = ("no", "yes")
WIDTH = 4


def bundle(graph: bytes, labels: tuple[str, ...] = LABELS, width: int = WIDTH) -> bytes:
    return OnnxBundle(graph, labels, width, "said", "logits", (0, 1)).to_bytes()


def graph_of(*nodes: NodeProto, constants: dict[str, np.ndarray] | None = None, domain: str = "", width: int = WIDTH) -> bytes:
    """A graph from ``rows`` (n, width) to ``said`` (n, 2)."""
    rows = helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", width])
    said = helper.make_tensor_value_info("said", TensorProto.FLOAT, None)
    tensors = [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()]
    opsets = [helper.make_opsetid("", 17)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    model = helper.make_model(helper.make_graph(list(nodes), "g", [rows], [said], tensors), opset_imports=opsets, ir_version=8)
    return bytes(model.SerializeToString())


def honest() -> bytes:
    """Logits by one product."""
    weights = np.arange(WIDTH * 2, dtype=np.float32).reshape(WIDTH, 2) / 10
    return graph_of(helper.make_node("MatMul", ["rows", "w"], ["said"]), constants={"w": weights})


def truncated() -> bytes:
    return honest()[:40]


def outside() -> bytes:
    """Its weights lie in a file of the machine."""
    weights = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[WIDTH, 2], data_location=TensorProto.EXTERNAL)
    weights.external_data.add(key="location", value="../../../../etc/passwd")
    node = helper.make_node("MatMul", ["rows", "w"], ["said"])
    rows = helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", WIDTH])
    said = helper.make_tensor_value_info("said", TensorProto.FLOAT, None)
    model = helper.make_model(helper.make_graph([node], "g", [rows], [said], [weights]), ir_version=8)
    return bytes(model.SerializeToString())


def foreign() -> bytes:
    return graph_of(helper.make_node("Mine", ["rows"], ["said"], domain="com.example"), domain="com.example")


def endless() -> bytes:
    i = helper.make_tensor_value_info("i", TensorProto.INT64, [])
    go = helper.make_tensor_value_info("go", TensorProto.BOOL, [])
    on = helper.make_tensor_value_info("on", TensorProto.BOOL, [])
    body = helper.make_graph([helper.make_node("Identity", ["go"], ["on"])], "body", [i, go], [on])
    loop = helper.make_node("Loop", ["", "true"], [], body=body)
    cut = helper.make_node("Slice", ["rows", "from", "to", "axis"], ["said"])
    ends = {"from": np.array([0]), "to": np.array([2]), "axis": np.array([1]), "true": np.array(True)}
    return graph_of(loop, cut, constants=ends)


def random() -> bytes:
    noise = helper.make_node("RandomNormalLike", ["rows"], ["noise"])
    weights = np.ones((WIDTH, 2), dtype=np.float32)
    return graph_of(noise, helper.make_node("MatMul", ["noise", "w"], ["said"]), constants={"w": weights})


def not_finite(width: int = WIDTH, classes: int = 2) -> bytes:
    weights = np.zeros((width, classes), dtype=np.float32)
    product = helper.make_node("MatMul", ["rows", "w"], ["zero"])
    return graph_of(product, helper.make_node("Div", ["zero", "zero"], ["said"]), constants={"w": weights}, width=width)


def mixing() -> bytes:
    """Each row gets a part of the batch's mean, which regular rows would not show."""
    mean = helper.make_node("ReduceMean", ["rows"], ["mean"], axes=[0], keepdims=1)
    moved = helper.make_node("Sub", ["rows", "mean"], ["moved"])
    weights = np.arange(WIDTH * 2, dtype=np.float32).reshape(WIDTH, 2)
    return graph_of(mean, moved, helper.make_node("MatMul", ["moved", "w"], ["said"]), constants={"w": weights})


def failing(width: int = WIDTH, classes: int = 2) -> bytes:
    """Whether a row of its table exists depends on the numbers: rows of zeros find one."""
    largest = helper.make_node("ReduceMax", ["rows"], ["largest"], keepdims=0)
    whole = helper.make_node("Cast", ["largest"], ["at"], to=TensorProto.INT64)
    found = helper.make_node("Gather", ["table", "at"], ["found"], axis=0)
    product = helper.make_node("MatMul", ["rows", "w"], ["product"])
    added = helper.make_node("Add", ["product", "found"], ["said"])
    tables = {"table": np.ones((1, classes), dtype=np.float32), "w": np.ones((width, classes), dtype=np.float32)}
    return graph_of(largest, whole, found, product, added, constants=tables, width=width)


def huge() -> bytes:
    """64 GiB of constants out of a few bytes."""
    big = helper.make_node("ConstantOfShape", ["shape"], ["big"])
    total = helper.make_node("ReduceSum", ["big"], ["total"], keepdims=0)
    weights = np.ones((WIDTH, 2), dtype=np.float32)
    product = helper.make_node("MatMul", ["rows", "w"], ["product"])
    added = helper.make_node("Add", ["product", "total"], ["said"])
    return graph_of(big, total, product, added, constants={"shape": np.array([2**17, 2**17]), "w": weights})


def holding(width: int = WIDTH, classes: int = 2) -> bytes:
    """Products of large matrices, one operator each: no request of ours ends one that runs."""
    big = helper.make_node("Expand", ["one", "shape"], ["big0"])
    seed = helper.make_node("ReduceMean", ["rows"], ["one"], keepdims=1)
    products = [helper.make_node("MatMul", [f"big{i}", f"big{i}"], [f"big{i + 1}"]) for i in range(20)]
    total = helper.make_node("ReduceMean", ["big20"], ["total"], keepdims=0)
    weights = np.ones((width, classes), dtype=np.float32)
    product = helper.make_node("MatMul", ["rows", "w"], ["product"])
    added = helper.make_node("Add", ["product", "total"], ["said"])
    shape = {"shape": np.array([8192, 8192]), "w": weights}
    return graph_of(seed, big, *products, total, product, added, constants=shape, width=width)


READ: dict[str, Callable[[], bytes]] = {
    "not an ONNX file": lambda: b"\x80\x04 a pickle, perhaps",
    "truncated": truncated,
    "outside the file": outside,
    "only standard ones run": foreign,
    "may never end": endless,
    "same answer": random,
}
"""Refused unread or unrun, with these words."""

RUN: dict[str, Callable[[], bytes]] = {
    "no distribution": not_finite,
    "depends on the other rows": mixing,
    "fails as it runs": failing,
    "Failed to allocate": huge,
    "holds": holding,
}
"""Refused by trying them in a process with limits."""
