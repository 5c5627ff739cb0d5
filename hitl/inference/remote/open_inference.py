"""The Open Inference Protocol v2, as KServe, Triton, Ray Serve and others speak it."""

import json
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from hitl.inference.remote.ports import EndpointCall
from hitl.inference.remote.protocol import (
    CalledModel,
    EndpointAnswer,
    EndpointProtocol,
    distributions,
    json_object,
    of_logits,
    path_part,
    require_same,
)
from hitl.inference.rows import TEXT, Rows, form_of_rows

Tensor = Annotated[str, Field(min_length=1, max_length=200)]


class OpenInference(EndpointProtocol):
    """``POST v2/models/{model}/versions/{version}/infer``. ``input`` names the model's tensor, ``output`` that of its answer;
    ``is_versioned`` False: the server has no versions in its paths."""

    kind: Literal["open_inference_v2"]
    input: Tensor = "input-0"
    output: Tensor = "probabilities"
    form: Literal["probabilities", "logits"] = "probabilities"
    is_versioned: bool = True

    rows_a_call: ClassVar[int] = 64

    def call(self, rows: Rows, asked: CalledModel) -> EndpointCall:
        version = f"/versions/{path_part(asked.version)}" if self.is_versioned else ""
        is_text = form_of_rows(rows) is TEXT
        tensor = {
            "name": self.input,
            "shape": [len(rows)] if is_text else [len(rows), len(rows[0])],
            "datatype": "BYTES" if is_text else "FP32",
            "data": [str(row) for row in rows] if is_text else [float(value) for row in rows for value in row],
        }
        body = {"inputs": [tensor], "outputs": [{"name": self.output}]}
        return EndpointCall(f"/v2/models/{path_part(asked.model)}{version}/infer", json.dumps(body).encode())

    def read(self, body: bytes, rows: int, asked: CalledModel) -> EndpointAnswer:
        told = json_object(body)
        require_same("model", asked.model, told.get("model_name"))
        if self.is_versioned:
            require_same("version", asked.version, told.get("model_version"))
        outputs = [one for one in told.get("outputs", []) if isinstance(one, dict) and one.get("name") == self.output]
        if len(outputs) != 1:
            raise ValueError(f"expected one output {self.output!r}")
        read = distributions if self.form == "probabilities" else of_logits
        return EndpointAnswer(read(outputs[0].get("data", []), rows, len(asked.labels)))
