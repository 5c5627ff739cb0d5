"""A model that was asked before is asked again only while it fits its task."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.errors import ArtifactRejected
from hitl.inference import SklearnModel, pack
from hitl.tasks import TaskSpec, load_tasks, vector_from
from hitl.tasks.definition import body_of
from serve_app.evidence.predicting import PredictRows

DIGITS = load_tasks([Path("configs/tasks/digits.yaml")])["digits"]
OTHER_LABELS = {"labels": [f"digit {each}" for each in range(10)]}
OTHER_WIDTH = {"input": {"kind": "vector", "size": 4, "min": 0.0, "max": 1.0}}


def changed(change: dict[str, Any]) -> TaskSpec:
    return TaskSpec.model_validate_json(json.dumps({**body_of(DIGITS), **change}))


@pytest.mark.parametrize("change", [OTHER_LABELS, OTHER_WIDTH])
async def test_a_version_that_no_longer_fits_its_task_does_not_answer_from_memory(change: dict[str, Any], tmp_path: Path) -> None:
    fitted = make_pipeline(LogisticRegression()).fit(np.eye(10, 64), np.arange(10))
    model = SklearnModel(tuple(DIGITS.labels), "sklearn.linear_model.LogisticRegression", fitted)
    digest, ask = ArtifactStore(str(tmp_path)).put(pack(model)), PredictRows(str(tmp_path))
    (said,) = await ask(DIGITS, digest, [vector_from(DIGITS, [0.0] * 64)], "entropy")
    assert said is not None
    now = changed(change)
    with pytest.raises(ArtifactRejected):
        await ask(now, digest, [vector_from(now, [0.0] * now.width)], "entropy")
