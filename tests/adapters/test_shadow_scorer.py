"""A challenger's model in a process of its own: what it says is what it would serve, and its death is nobody else's."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.inference import SklearnModel
from serve_app.decisions.predictor import Loaded, predictions_of
from serve_app.reconcilers.shadow_scorer import RayScorer, ScorerStores
from tests.gateway.service import loans
from tests.running import until

pytestmark = pytest.mark.slow

SPEC = loans()
ROWS = np.random.default_rng(0).random((60, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def ray_here() -> Iterator[None]:
    folder = tempfile.mkdtemp(prefix="hs", dir="/tmp")  # unix sockets: the path must be short
    ray.init(address="local", num_cpus=1, include_dashboard=False, log_to_driver=False, _temp_dir=folder)
    yield
    ray.shutdown()
    shutil.rmtree(folder, ignore_errors=True)


def model() -> SklearnModel:
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(ROWS, np.arange(60) % 3)
    return SklearnModel(tuple(SPEC.labels), "sklearn.linear_model.LogisticRegression", pipeline)


def end(actor: Any) -> None:
    """Kill the process, and return once it answers nothing more: Ray kills later than it says."""
    ray.kill(actor)
    with pytest.raises(ray.exceptions.RayActorError):
        until(lambda: not ray.get(actor.__ray_ready__.remote()))


async def test_it_says_what_it_would_serve_and_its_end_is_a_failure_that_the_next_turn_survives(
    ray_here: None, tmp_path: Path
) -> None:
    store, scorer = ArtifactStore(str(tmp_path)), RayScorer(ScorerStores(str(tmp_path), str(tmp_path / "blobs")))
    digest = store.put(model().to_bytes())
    vectors = [row.tolist() for row in ROWS[:5]]
    said = await scorer(SPEC, digest, vectors)
    expected = await predictions_of(Loaded(digest, model(), is_quick=True), vectors, "entropy")
    assert said is not None
    assert [(one.label, one.confidence) for one in said if one] == [(one.label, one.confidence) for one in expected if one]
    end(scorer._actors[SPEC.task][1])
    assert await scorer(SPEC, digest, vectors) is None
    assert await scorer(SPEC, digest, vectors) is not None


async def test_bytes_that_are_no_model_fail_and_raise_nothing(ray_here: None, tmp_path: Path) -> None:
    digest = ArtifactStore(str(tmp_path)).put(b"not a model")
    assert await RayScorer(ScorerStores(str(tmp_path), str(tmp_path / "blobs")))(SPEC, digest, [[0.1, 0.2, 0.3]]) is None
