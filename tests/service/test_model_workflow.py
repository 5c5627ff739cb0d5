"""Five stages over HTTP, with the product's own training job, to a model that serves: two approved stages and a quorum."""

import json
from typing import Any

import pytest

from hitl.client import Client
from hitl.client.calls import get, post
from tests.running import Running, serving, until, vote

pytestmark = [pytest.mark.service, pytest.mark.slow]

KINDS = ("data_prep", "training", "validation", "deployment", "monitoring")
CONFIG: dict[str, dict[str, Any]] = {
    "data_prep": {"dataset": "digits"},
    "training": {"trials": 1},
    "validation": {"validationThresholds": {"accuracy": 0.6, "precision": 0.6}},
}


def created(trainer: Client) -> str:
    body = {"name": "digits", "stages": [{"type": kind, "config": CONFIG.get(kind, {})} for kind in KINDS]}
    name = str(trainer.send(post("v1", "workflows", body=body))["workflow_id"])
    trainer.send(post("v1", "workflows", name, "execute", body={}))
    return name


def run(service: Running, name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(service.command("workflow", "run", name, "--json").stdout)
    return told


def approve(service: Running, interaction_id: str) -> dict[str, Any]:
    """What the approver saw."""
    with service.as_("kim") as kim:
        seen = kim.send(get("v1", "interactions", interaction_id))
        kim.send(post("v1", "interactions", interaction_id, "answer", body={"user_input": {"decision": "approve"}}))
    return seen


@pytest.mark.covers("000-03", "000-43", "000-46", "000-49", "000-50", "000-75")
def test_five_stages_train_validate_and_deploy_what_people_approved(service: Running) -> None:
    with service.as_("trainer") as trainer:
        name = created(trainer)
        told = run(service, name)
        assert (told["status"], told["stages"]["validation"]) == ("waiting_approval", "awaiting_approval")
        seen = approve(service, told["interaction_id"])
        gate = run(service, name)
        assert approve(service, gate["interaction_id"])["details"]["digest"] == seen["details"]["digest"]
        results = {stage["name"]: stage["result"] for stage in trainer.send(get("v1", "workflows", name))["stages"]}
        digest, approval_id = results["training"]["digest"], results["training"]["approval_id"]
        assert seen["details"]["digest"] == digest
        assert digest not in serving(service)
        vote(service, approval_id, digest, "kim", "lee")
        done = run(service, name)
        assert (done["status"], set(done["stages"].values())) == ("completed", {"completed"})
        until(lambda: serving(service) == [digest])  # monitoring waited for one gateway; this may be another
