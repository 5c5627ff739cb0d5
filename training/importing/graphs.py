"""An ONNX file as it is: nothing is converted, only which output holds the answer is found."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from hitl.canonical import digest_of
from hitl.errors import InvalidConfig
from hitl.inference.onnx_bundle import Form, GraphSource, OnnxBundle
from hitl.inference.onnx_graph import read_graph
from hitl.inference.onnx_model import OnnxModel
from hitl.inference.rows import Rows
from training.importing.original import Original, Wanted

FORMS: tuple[Form, ...] = ("probabilities", "positive", "logits", "positive_logit")
"""In the order in which they are tried: what is no distribution is taken for logits."""


def graph_original(file: Path, wanted: Wanted) -> Original:
    """Raises InvalidConfig for a graph that is refused or gives nothing that fits the task's labels."""
    graph, columns = file.read_bytes(), wanted.columns()
    try:
        facts = read_graph(graph)
    except ValueError as error:
        raise InvalidConfig(file.name, "graph", str(error)) from error
    outputs = (wanted.output,) if wanted.output else facts.outputs
    source = GraphSource("onnx", digest_of(graph))
    tried = [
        OnnxBundle(graph, wanted.labels, wanted.width, output, form, columns, source) for output in outputs for form in FORMS
    ]
    fitting = next((bundle for bundle in tried if _fits(bundle)), None)
    if fitting is None:
        why = f"no output of {list(outputs)} holds {len(wanted.labels)} numbers a row of {wanted.width}"
        raise InvalidConfig(file.name, "output", why)
    model = OnnxModel(replace(fitting))

    def predict(rows: Rows) -> Any:
        return model.predict(rows)

    return Original(fitting, predict)


def _fits(bundle: OnnxBundle) -> bool:
    rows = np.random.default_rng(0).standard_normal((8, bundle.width)).astype(np.float32)
    try:
        OnnxModel(bundle).predict(rows)
    except ValueError:
        return False
    return True
