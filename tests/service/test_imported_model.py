"""A team's own model, from its file to decisions: `hitl model import`, two votes, and a graph that would hold the service."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xgboost

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.data_sources import SplitData, features_of, split
from hitl.client.errors import ApiError
from hitl.inference.rows import rows_of
from hitl.tasks import load_tasks
from tests.inference.hostile_graphs import bundle, holding
from tests.running import ROOT, Running, running, until, vote

pytestmark = [pytest.mark.slow, pytest.mark.service]

FILE = ROOT / "examples" / "tasks" / "imported_tumours.yaml"
SPEC = load_tasks([FILE])["imported_tumours"]


@dataclass(frozen=True)
class Team:
    service: Running
    parts: SplitData
    booster: xgboost.XGBClassifier
    file: Path


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A service with the one task, and a booster that was trained without the held-out and the calibration rows."""
    folder, parts = tmp_path_factory.mktemp("team"), split(SPEC)
    (folder / "tasks").mkdir()
    shutil.copy(FILE, folder / "tasks")
    targets = [SPEC.labels.index(label) for label in parts.rest.labels]
    booster = xgboost.XGBClassifier(n_estimators=40, max_depth=4, n_jobs=1).fit(rows_of(parts.rest.rows.tolist()), targets)
    booster.save_model(folder / "tumours.ubj")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HITL_TASKS_DIR", str(folder / "tasks"))
        with running(folder / "data") as service:
            yield Team(service, parts, booster, folder / "tumours.ubj")


def decided(team: Team, at: int) -> dict[str, Any]:
    with team.service.as_("client") as client:
        return client.decide(SPEC.task, features_of(SPEC, team.parts.holdout.rows[at]))


def test_from_the_file_to_serving_by_two_votes(team: Team) -> None:
    result = json.loads(team.service.command("model", "import", str(team.file), "--task", SPEC.task, "--json").stdout)
    assert result["comparison"]["other_labels"] == 0
    assert decided(team, 0)["prediction"] is None
    vote(team.service, result["approval_id"], result["digest"], "kim", "lee")
    until(lambda: decided(team, 1)["model_version"] == result["digest"])
    rows = rows_of(team.parts.holdout.rows[:40].tolist())
    expected = [SPEC.labels[i] for i in np.asarray(team.booster.predict_proba(rows)).argmax(axis=1)]
    assert [decided(team, at)["prediction"] for at in range(40)] == expected


def test_the_gateways_process_runs_no_graph_of_others(team: Team) -> None:
    holding = {title: _maps(team.service, f"ray::ServeReplica:gateway:{title}") for title in ("Gateway", "Predictor")}
    assert holding["Predictor"]
    assert any("onnxruntime" in maps for maps in holding["Predictor"])
    assert not any("onnxruntime" in maps for maps in holding["Gateway"])


def test_a_graph_that_would_hold_its_process_gets_no_approval(team: Team) -> None:
    served = decided(team, 2)["model_version"]
    data = bundle(holding(SPEC.width), tuple(SPEC.labels), SPEC.width)
    digest = ArtifactStore(team.service.state.artifact_uri).put(data)
    with team.service.as_("trainer") as trainer, pytest.raises(ApiError, match="422"):
        trainer.request_approval(SPEC.task, digest, "a test's graph", {})
    assert decided(team, 3)["model_version"] == served


def _maps(service: Running, title: str) -> list[str]:
    return [Path(f"/proc/{pid}/maps").read_text() for pid in service.processes(title)]
