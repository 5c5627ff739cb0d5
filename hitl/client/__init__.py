"""The Python client: ``Client`` and ``AsyncClient`` retry temporary failures with the same idempotency key."""

from hitl.client.api import DECIDED, Api
from hitl.client.asynchronous import AsyncClient
from hitl.client.errors import ApiError, ServiceUnreachable
from hitl.client.human_layer import HumanLayer
from hitl.client.human_layer_types import HumanApprovalRequest, HumanApprovalResponse
from hitl.client.synchronous import Client

__all__ = [
    "DECIDED",
    "Api",
    "ApiError",
    "AsyncClient",
    "Client",
    "HumanApprovalRequest",
    "HumanApprovalResponse",
    "HumanLayer",
    "ServiceUnreachable",
]
