"""Fitting: every family through one function, the same result for the same seed."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hitl.adapters.files.data_sources import split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.errors import InvalidConfig
from hitl.inference import load, pack
from hitl.inference.families import WorkerPlace
from hitl.inference.sample import TrainingSample
from hitl.inference.torch_fit import _batches
from hitl.tasks import TaskSpec, load_tasks
from training.model import fit
from training.trial import folds

TASKS = load_tasks(Path("configs/tasks").glob("*.yaml"))


def parts(spec: TaskSpec) -> tuple[TrainingSample, TrainingSample]:
    data = split(spec)
    return held_out_sample(data.initial, tuple(spec.labels)), held_out_sample(data.holdout, tuple(spec.labels))


@pytest.mark.covers("003-88")
@pytest.mark.parametrize(("task", "at_least"), [("digits", 0.85), ("breast_cancer", 0.9)])
def test_each_tasks_family_learns_from_its_initial_rows(task: str, at_least: float) -> None:
    spec = TASKS[task]
    initial, held_out = parts(spec)
    model = load(pack(fit(spec.model.family, initial, spec.model.params, 0)), tuple(spec.labels), spec.width)
    assert (model.predict(held_out.rows).argmax(axis=1) == held_out.targets).mean() > at_least


@pytest.mark.parametrize("task", ["digits", "breast_cancer"])
def test_the_same_seed_gives_the_same_model(task: str) -> None:
    spec = TASKS[task]
    initial, held_out = parts(spec)
    first, second = (fit(spec.model.family, initial, spec.model.params, 3).predict(held_out.rows) for _ in range(2))
    np.testing.assert_allclose(first, second, atol=1e-9)


@pytest.mark.parametrize(
    ("family", "params", "place"),
    [
        ("torch_mlp", {"hiden": 3}, "hiden"),
        ("sklearn.linear_model.LogisticRegression", {"D": 1.0}, "'D'"),
        ("os.system", {}, "family"),
        ("sklearn.ensemble.RandomForestClassifier", {}, "family"),
    ],
)
def test_an_unknown_family_or_parameter_is_refused_by_name(family: str, params: dict[str, float], place: str) -> None:
    initial, _ = parts(TASKS["breast_cancer"])
    with pytest.raises(InvalidConfig, match=place):
        fit(family, initial, params, 0)


def test_an_example_of_weight_zero_teaches_nothing() -> None:
    initial, held_out = parts(TASKS["breast_cancer"])
    wrong = TrainingSample(initial.rows, 1 - initial.targets, np.zeros_like(initial.weights), initial.labels)
    both = TrainingSample(
        *(np.concatenate(pair) for pair in zip(_arrays(initial), _arrays(wrong), strict=True)),
        initial.labels,
    )
    probabilities = fit("sklearn.naive_bayes.GaussianNB", both, {}, 0).predict(held_out.rows)
    assert (probabilities.argmax(axis=1) == held_out.targets).mean() > 0.9


@pytest.mark.parametrize("rows", [64, 65, 3])
def test_the_workers_of_a_group_take_equal_shares_of_every_batch(rows: int) -> None:
    shares = [list(_batches(np.arange(rows), 32, WorkerPlace(rank, 2))) for rank in range(2)]
    assert [len(batch) for batch in shares[0]] == [len(batch) for batch in shares[1]]
    assert not set(np.concatenate(shares[0]).tolist()) & set(np.concatenate(shares[1]).tolist())


def _arrays(sample: TrainingSample) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return sample.rows, sample.targets, sample.weights


def test_each_row_is_tested_once_and_each_label_is_dealt_evenly() -> None:
    targets = np.array([0] * 9 + [1] * 6 + [2])
    parts_ = list(folds(targets, 0))
    assert sorted(np.concatenate([test for _, test in parts_])) == list(range(16))
    assert [np.bincount(targets[test])[:2].tolist() for _, test in parts_] == [[3, 2]] * 3


def test_a_process_of_torch_models_alone_never_imports_scikit_learn() -> None:
    code = "import sys, training.model, hitl.inference; sys.exit('skops' in sys.modules or 'sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
