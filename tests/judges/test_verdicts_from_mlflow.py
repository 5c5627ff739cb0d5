"""The example that makes verdicts of an LLM judge's assessments, against a real MLflow (3.17)."""

import json
import os
import subprocess
import sys
from uuid import uuid4

import mlflow
from mlflow.entities import AssessmentSource

from hitl.adapters.mlflow.tracking_place import at
from hitl.integrations.judges.agreement import read_verdicts
from tests.mlflow_process import MlflowServer
from tests.running import ROOT


def judge(uri: str, experiment: str, case_id: str, kind: str, label: str) -> None:
    """A traced call of a model, with what somebody said of it."""
    with at(uri):
        mlflow.set_experiment(experiment)
        with mlflow.start_span("call") as span:
            mlflow.update_current_trace(tags={"case_id": case_id})
        mlflow.flush_trace_async_logging()
        mlflow.log_feedback(trace_id=span.trace_id, name="label", value=label, source=AssessmentSource(kind, "j"))


def test_the_judges_assessments_alone_become_verdicts(mlflow_server: MlflowServer) -> None:
    experiment = f"judged-{uuid4().hex}"
    judge(mlflow_server.url, experiment, "c1", "LLM_JUDGE", "spam")
    judge(mlflow_server.url, experiment, "c2", "HUMAN", "ham")
    command = [sys.executable, "examples/clients/judge_verdicts.py", experiment, "label"]
    told = os.environ | {"MLFLOW_TRACKING_URI": mlflow_server.url}
    done = subprocess.run(command, env=told, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert [json.loads(line) for line in done.stdout.splitlines()] == [{"case_id": "c1", "label": "spam"}]
    assert [(each.case_id, each.label) for each in read_verdicts(done.stdout, ["ham", "spam"])] == [("c1", "spam")]
