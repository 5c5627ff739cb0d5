"""The Python client: ``Client`` and ``AsyncClient`` retry temporary failures with the same idempotency key."""

from hitl.client.api import DECIDED, Api
from hitl.client.asynchronous import AsyncClient
from hitl.client.human_layer import HumanLayer
from hitl.client.human_layer_types import HumanApprovalRequest, HumanApprovalResponse
from hitl.client.interactions import HttpInteractions
from hitl.client.synchronous import Client
from hitl.errors import ApiError, ServiceUnreachable

__all__ = [
    "DECIDED",
    "Api",
    "ApiError",
    "AsyncClient",
    "Client",
    "HttpInteractions",
    "HumanApprovalRequest",
    "HumanApprovalResponse",
    "HumanLayer",
    "ServiceUnreachable",
]
