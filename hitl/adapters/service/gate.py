"""The gate for versions in MLflow's registry: only an approval over HTTP marks a version as production."""

import re
from typing import Any, Protocol

from hitl.client.calls import HttpCall, get, post
from hitl.tracking.types import Promotion, PromotionRequest

MODEL = "model_deployment"
_OF_A_TASK = re.compile(r"hitl-(.+)-model")
_OVER = ("expired", "cancelled")


class Sends(Protocol):
    """The blocking client: the answer of a call. Raises ApiError, ServiceUnreachable."""

    def send(self, call: HttpCall) -> dict[str, Any]: ...


class HttpGate:
    """Asks once for each content: the same request again says how the same approval stands.

    A task's model (``hitl-<task>-model``) passes the gate of its bytes and is deployed by the service. Any other version, an
    agent's configuration say, is a ``custom`` approval that shows its digest: approved, it is in force.
    """

    def __init__(self, client: Sends) -> None:
        self._client = client

    def __call__(self, request: PromotionRequest) -> Promotion:
        """The status of the request; one that expired or was withdrawn is asked again."""
        task = _OF_A_TASK.fullmatch(request.name) if request.kind == MODEL else None
        body = _of_bytes(request, task[1]) if task else _of_anything(request)
        attempt = 1
        while (asked := self._asked(request, body, attempt)).status in _OVER:
            attempt += 1
        return Promotion(asked.approval_id, "deployed") if asked.status == "approved" and task is None else asked

    def _asked(self, request: PromotionRequest, body: dict[str, Any], attempt: int) -> Promotion:
        key = f"promotion:{request.name}:{request.digest}:{attempt}"
        approval_id = str(self._client.send(post("v1", "approvals", body=body, key=key))["approval_id"])
        found = self._client.send(get("v1", "approvals", approval_id))["approval"]
        return Promotion(approval_id, found["status"])


def _of_bytes(request: PromotionRequest, task: str) -> dict[str, Any]:
    told = {"task": task, "digest": request.digest, "title": request.title, "evidence": request.evidence}
    return {"kind": MODEL, **told}


def _of_anything(request: PromotionRequest) -> dict[str, Any]:
    shown = {"what": request.kind, "name": request.name, "version": request.version, "digest": request.digest}
    return {"kind": "custom", "title": request.title, "context": shown | {"evidence": request.evidence}}
