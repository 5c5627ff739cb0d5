"""Boosters on the tables of the shipped domains: not one held-out row gets another label after the conversion."""

from collections.abc import Callable
from pathlib import Path

import lightgbm
import numpy as np
import pytest
import xgboost

from hitl.adapters.checkers.admitting import admit
from hitl.adapters.files.data_sources import SplitData, split
from hitl.inference import load
from hitl.inference.rows import Rows, rows_of
from hitl.tasks import TaskSpec
from tests.datasets import domain
from training.importing.comparison import compare_with_original
from training.importing.formats import original_of
from training.importing.original import Wanted

pytestmark = pytest.mark.slow

Write = Callable[[Rows, np.ndarray, Path], Path]


def write_xgboost(rows: Rows, targets: np.ndarray, folder: Path) -> Path:
    xgboost.XGBClassifier(n_estimators=100, max_depth=6, n_jobs=1).fit(rows, targets).save_model(folder / "model.ubj")
    return folder / "model.ubj"


def write_lightgbm(rows: Rows, targets: np.ndarray, folder: Path) -> Path:
    fitted = lightgbm.LGBMClassifier(n_estimators=100, n_jobs=1, verbose=-1).fit(rows, targets)
    fitted.booster_.save_model(folder / "model.txt")
    return folder / "model.txt"


@pytest.mark.parametrize("write", [write_xgboost, write_lightgbm])
@pytest.mark.parametrize("task", ["breast_cancer", "german_credit", "ktas_triage"])
async def test_a_booster_keeps_every_label(task: str, write: Write, tmp_path: Path) -> None:
    spec, datasets = domain(task)
    held_out, file = _trained(spec, split(spec, datasets), write, tmp_path)
    original = original_of(str(file), Wanted(tuple(spec.labels), spec.width))
    data = original.bundle.to_bytes()
    found = compare_with_original(original, load(data, tuple(spec.labels), spec.width), held_out)
    assert (found.other_labels, found.largest_difference < 1e-5) == (0, True)
    assert (await admit(data, tuple(spec.labels), spec.width)).largest_difference < 1e-6


def _trained(spec: TaskSpec, parts: SplitData, write: Write, folder: Path) -> tuple[Rows, Path]:
    """Rows that the booster did not see (held out, repeated up to 200), and its file."""
    filled = [part for part in (parts.initial, parts.rest) if len(part.rows)]
    seen = np.concatenate([part.rows for part in filled])
    targets = np.array([spec.labels.index(label) for part in filled for label in part.labels])
    held_out = rows_of(parts.holdout.rows.tolist())
    return np.resize(held_out, (max(200, len(held_out)), spec.width)), write(rows_of(seen.tolist()), targets, folder)
