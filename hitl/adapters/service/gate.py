"""The gate for versions in MLflow's registry: only an approval over HTTP marks a version as production."""

import re
from collections.abc import Mapping
from typing import Protocol, TypeVar

from hitl.client.api import Api
from hitl.client.calls import HttpCall
from hitl.tracking.types import Promotion, PromotionRequest

A = TypeVar("A")

MODEL = "model_deployment"
_OF_A_TASK = re.compile(r"hitl-(.+)-model")
_OVER = ("expired", "cancelled")


class Sends(Protocol):
    """The blocking client: the answer of a call. Raises ApiError, ServiceUnreachable."""

    def send(self, call: HttpCall[A]) -> A: ...


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

    def _asked(self, request: PromotionRequest, body: Mapping[str, object], attempt: int) -> Promotion:
        key = f"promotion:{request.name}:{request.digest}:{attempt}"
        approval_id = self._client.send(Api.open_approval(body, key))["approval_id"]
        found = self._client.send(Api.approval(approval_id))["approval"]
        return Promotion(approval_id, found["status"])


def _of_bytes(request: PromotionRequest, task: str) -> Mapping[str, object]:
    told = {"task": task, "digest": request.digest, "title": request.title, "evidence": request.evidence}
    return {"kind": MODEL, **told}


def _of_anything(request: PromotionRequest) -> Mapping[str, object]:
    shown = {"what": request.kind, "name": request.name, "version": request.version, "digest": request.digest}
    return {"kind": "custom", "title": request.title, "context": shown | {"evidence": request.evidence}}
