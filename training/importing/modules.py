"""A torch module of the caller's own code, exported to a graph."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from hitl.errors import InvalidConfig
from hitl.inference.onnx_bundle import GraphSource, OnnxBundle
from hitl.inference.rows import Rows
from training.importing.original import Original, Wanted

OPSET = 17
EXAMPLE_ROWS = 2


def module_original(module: Any, wanted: Wanted) -> Original:
    """Return a module that gives logits ``(n, classes)`` for float32 rows ``(n, width)``. Raises InvalidConfig for another
    shape."""
    import torch

    module = module.eval().cpu()
    example, columns = torch.zeros((EXAMPLE_ROWS, wanted.width)), wanted.columns()
    with torch.inference_mode():
        shape = tuple(module(example).shape)
    if shape != (EXAMPLE_ROWS, len(wanted.labels)):
        raise InvalidConfig("model", "output", f"expected logits of shape (n, {len(wanted.labels)}), came {shape}")
    with tempfile.TemporaryDirectory() as folder:
        graph = _exported(torch, module, example, Path(folder) / "graph.onnx")
    source = GraphSource(f"torch {torch.__version__}")
    bundle = OnnxBundle(graph, wanted.labels, wanted.width, "logits", "logits", columns, source)

    def predict(rows: Rows) -> Any:
        with torch.inference_mode():
            logits = module(torch.as_tensor(np.asarray(rows, dtype=np.float32))).double()
        return torch.softmax(logits, dim=1).numpy()[:, list(columns)]

    return Original(bundle, predict)


def _exported(torch: Any, module: Any, example: Any, file: Path) -> bytes:
    torch.onnx.export(
        module,
        (example,),
        file,
        dynamo=False,  # one file and no further package
        input_names=["rows"],
        output_names=["logits"],
        opset_version=OPSET,
        dynamic_axes={"rows": {0: "n"}, "logits": {0: "n"}},
    )
    return file.read_bytes()
