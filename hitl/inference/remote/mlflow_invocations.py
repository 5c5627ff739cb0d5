"""``POST /invocations`` of an MLflow model server."""

import json
from typing import Any, ClassVar, Literal

from hitl.inference.remote.ports import EndpointCall
from hitl.inference.remote.protocol import CalledModel, Columns, EndpointAnswer, EndpointProtocol, distributions, json_object
from hitl.inference.rows import Rows, form_of_rows


class MlflowInvocations(EndpointProtocol):
    """``columns`` name the columns of the model's signature; empty: it takes arrays. The server says neither the model nor its
    version: canaries alone tell that it is still the approved one."""

    kind: Literal["mlflow_invocations"]
    columns: Columns = ()

    rows_a_call: ClassVar[int] = 64

    def call(self, rows: Rows, asked: CalledModel) -> EndpointCall:
        form = form_of_rows(rows)
        data = [plain if isinstance(plain := form.plain(row), list) else [plain] for row in rows]
        body: dict[str, Any] = (
            {"dataframe_split": {"columns": [*self.columns], "data": data}} if self.columns else {"inputs": data}
        )
        return EndpointCall("/invocations", json.dumps(body).encode())

    def read(self, body: bytes, rows: int, asked: CalledModel) -> EndpointAnswer:
        """``predictions`` are a list of probabilities a row, or an object by label a row."""
        said = json_object(body).get("predictions")
        if not isinstance(said, list) or len(said) != rows:
            raise ValueError(f"expected predictions for {rows} rows")
        return EndpointAnswer(distributions([_in_order(row, asked.labels) for row in said], rows, len(asked.labels)))


def _in_order(row: object, labels: tuple[str, ...]) -> object:
    return [row[label] for label in labels] if isinstance(row, dict) and row.keys() == {*labels} else row
