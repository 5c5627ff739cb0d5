"""The training job's calls to the service: the product's own client, with its patience."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import TypedDict

from hitl.client import ApiError, Client
from hitl.client.answer_types import TrainingExample
from hitl.client.patience import Patience
from hitl.tasks import TaskSpec
from hitl.tasks.definition import spec_of

PAGE = 500
"""Examples a request."""

PATIENCE = Patience(total_s=120.0)
"""A run of minutes must not be lost to a service that restarts."""


class ApprovalAsked(TypedDict):
    """The body of POST /v1/approvals for a model."""

    kind: str
    task: str
    digest: str
    title: str
    evidence: Mapping[str, object]


class OpenedApproval(TypedDict):
    """The part of the answer that training reads."""

    approval_id: str


class TrainingApi:
    """Calls are repeated with the same idempotency key while the service is away; then ServiceUnreachable."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def task(self, task: str) -> TaskSpec:
        """Return the task as its definition in force has it. Raises ApiError for one that the service does not have."""
        return spec_of(self._client.definition(task)["definition"])

    def examples(self, task: str) -> Iterator[TrainingExample]:
        """Yield every decided case that training may learn from, in the service's order."""
        after: str | None = None
        while True:
            page = self._client.examples(task, after, PAGE)
            yield from page["examples"]
            if len(page["examples"]) < PAGE:
                return
            after = page["next"]

    def champion(self, task: str) -> str | None:
        """Return the digest that serves the largest share of the task; None when nothing serves yet."""
        try:
            versions = self._client.model(task)["serving"]["versions"]
        except ApiError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise
        return str(max(versions, key=lambda version: float(version[1]))[0]) if versions else None

    def request_approval(self, body: ApprovalAsked, key: str) -> OpenedApproval:
        """Open the approval, or find the one that ``key`` opened before."""
        found = self._client.open_approval(body, key)
        return {"approval_id": found["approval_id"]}
