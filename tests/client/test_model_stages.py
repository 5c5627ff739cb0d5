"""The stages that make a model, against a service that is played: what each asks, and what it reports."""

from typing import Any

import httpx2
import pytest

from hitl.client import AsyncClient
from hitl.client.errors import NotServing
from hitl.client.model_stages import macro, model_stages

DIGEST = "d" * 64
JUDGED = {"accuracy": {"value": 0.9, "n": 20}, "confusion": {"rows_true_columns_predicted": [[8, 2], [0, 10]]}}
EARLIER = {"data_prep": {"task": "digits"}, "training": {"approval_id": "digits-1", "digest": DIGEST}}
ROWS = [
    {"label": "1", "prediction": "1", "model_version": DIGEST},
    {"label": "2", "prediction": "1", "model_version": DIGEST},
    {"label": "2", "prediction": "1", "model_version": "other"},
]


def service(status: str = "deployed") -> httpx2.MockTransport:
    answers: dict[str, Any] = {
        "/v1/tasks/digits": {"labels": ["1", "2"], "serving": {"versions": [{"digest": DIGEST, "share": 1.0}]}},
        "/v1/examples": {"examples": ROWS, "next": "3"},
        "/v1/approvals/digits-1": {"approval": {"status": status, "digest": DIGEST, "evidence": {"candidate": JUDGED}}},
    }
    return httpx2.MockTransport(lambda request: httpx2.Response(200, json=answers[request.url.path]))


async def ran(kind: str, config: dict[str, Any] | None = None, status: str = "deployed") -> dict[str, Any]:
    async def train(task: str, trials: int | None) -> dict[str, Any]:
        return {"approval_id": f"{task}-1", "digest": DIGEST, "trials": trials}

    async with AsyncClient("http://hitl", "key", transport=service(status)) as client:
        taken = {"stage": kind, "type": kind, "config": config or {}, "results": EARLIER}
        return await model_stages(client, train)[kind](taken)


async def test_data_is_a_task_and_what_people_decided() -> None:
    assert await ran("data_prep", {"dataset": "digits"}) == {"task": "digits", "labels": ["1", "2"], "decided_by_people": 3}


async def test_training_trains_the_task_that_was_prepared() -> None:
    told = await ran("training", {"trials": 2})
    assert (told["approval_id"], told["trials"]) == ("digits-1", 2)


async def test_validation_reports_the_figures_that_approvers_see() -> None:
    told = await ran("validation")
    assert told["metrics"] == {"accuracy": 0.9, **macro([[8, 2], [0, 10]])}
    assert told["digest"] == DIGEST


@pytest.mark.parametrize("status", ["rejected", "expired", "cancelled", "failed"])
async def test_a_deployment_that_nobody_approved_fails(status: str) -> None:
    with pytest.raises(NotServing):
        await ran("deployment", status=status)


async def test_monitoring_counts_what_people_said_of_this_digest() -> None:
    told = await ran("monitoring", {"metrics": ["accuracy", "latency"]})
    assert (told["metrics"]["accuracy"], told["checked_by_people"]) == (0.5, 2)
    assert told["metrics"]["latency"] > 0
