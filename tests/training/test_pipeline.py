"""The whole retraining against real Ray and MLflow: what it leaves behind and what it asks."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.data_sources import features_of, split
from hitl.inference import load
from hitl.tasks import TaskSpec, load_tasks
from tests.training.stub_api import StubService, serving

TASKS = load_tasks(Path("configs/tasks").glob("*.yaml"))


@pytest.fixture
def stub() -> Iterator[StubService]:
    with serving(StubService()) as service:
        yield service


def decided(spec: TaskSpec, count: int) -> list[dict[str, Any]]:
    rest = split(spec).rest
    answer = {"weight": 1.0, "reviewer": "ann", "confidence": 1.0, "decided_at": 5.0}
    return [
        answer | {"case_id": f"c{i}", "features": features_of(spec, rest.rows[i]), "label": rest.labels[i]} for i in range(count)
    ]


def retrain(task: str, stub: StubService, store: Path, mlflow_uri: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "training.pipeline", "--task", task, "--api", stub.url, "--trials", "2"]
    command += ["--tracking-uri", mlflow_uri, "--artifact-uri", str(store)]
    environment = os.environ | {"HITL_API_KEY": "trainer-key", "RAY_ADDRESS": "local", "RAY_USAGE_STATS_ENABLED": "0"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=900)
    summary: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return summary


@pytest.mark.slow
@pytest.mark.covers("003-88", "D21")
@pytest.mark.parametrize("task", ["digits", "breast_cancer"])
def test_a_retraining_ends_in_one_approval_request_that_its_records_bear_out(
    task: str, stub: StubService, tmp_path: Path, mlflow_uri: str
) -> None:
    spec, client = TASKS[task], MlflowClient(mlflow_uri)
    first = retrain(task, stub, tmp_path, mlflow_uri)
    assert first["champion_accuracy"] is None
    stub.examples, stub.serving = decided(spec, 200), [[first["digest"], 1.0]]
    second = retrain(task, stub, tmp_path, mlflow_uri)

    asked = list(stub.approvals.values())[1]
    evidence = asked["evidence"]
    assert (asked["task"], asked["digest"]) == (task, second["digest"])
    assert evidence["champion"]["digest"] == first["digest"]
    assert second["champion_accuracy"] == first["accuracy"] < second["accuracy"]
    assert sum(evidence["comparison"][name] for name in _CELLS) == second["held_out_rows"] == spec.data.holdout_rows
    assert second["rows"] == spec.data.initial_rows + 200

    assert load(ArtifactStore(str(tmp_path)).get(second["digest"]), tuple(spec.labels), spec.width).width == spec.width
    run = client.get_run(second["mlflow_run_id"])
    nested = client.search_runs([run.info.experiment_id], f"tags.mlflow.parentRunId = '{run.info.run_id}'")
    assert len(nested) == len(evidence["trials"]) == 2
    assert all(trial.data.params.keys() >= spec.model.search.keys() and "log_loss" in trial.data.metrics for trial in nested)
    assert {file.path for file in client.list_artifacts(run.info.run_id)} == {
        "evidence",
        "evidence.json",
        "manifest.json",
        "model",
    }
    assert stub.keys == {"Bearer trainer-key"}


def test_help_names_every_option_and_needs_nothing() -> None:
    command = [sys.executable, "-m", "training.pipeline", "--help"]
    text = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    assert all(option in text for option in ("--task", "--api", "--num-workers", "--use-gpu", "--num-gpus", "--trials"))


_CELLS = ("both_right", "only_candidate_right", "only_champion_right", "both_wrong")
