"""Models of other libraries, from their files: the same answers, or a refusal that says what to do."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pytest
import skops.io
import torch
import xgboost
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from hitl.adapters.files.data_sources import SplitData, split
from hitl.errors import InvalidConfig
from hitl.inference.onnx_model import OnnxModel
from hitl.inference.rows import rows_of
from hitl.tasks import load_tasks
from tests.inference.hostile_graphs import honest, mixing
from training.importing import formats
from training.importing.comparison import compare_answers, compare_with_original
from training.importing.original import Original, Wanted

TASKS = Path(__file__).parents[2] / "examples" / "tasks"
SPEC = load_tasks([TASKS / "imported_tumours.yaml"])["imported_tumours"]
PARTS = split(SPEC)
WANTED = Wanted(tuple(SPEC.labels), SPEC.width)


def arrays(parts: SplitData) -> tuple[np.ndarray, np.ndarray]:
    """What no held-out and no calibration row is in: targets are places in the task's labels."""
    return rows_of(parts.rest.rows.tolist()), np.array([SPEC.labels.index(label) for label in parts.rest.labels])


ROWS, TARGETS = arrays(PARTS)
NAMES = np.array(SPEC.labels)[TARGETS]
EVERY = rows_of(np.concatenate([PARTS.holdout.rows, PARTS.initial.rows, PARTS.rest.rows]).tolist())


def xgboost_file(folder: Path) -> Path:
    xgboost.XGBClassifier(n_estimators=40, max_depth=4, n_jobs=1).fit(ROWS, TARGETS).save_model(folder / "model.ubj")
    return folder / "model.ubj"


def lightgbm_file(folder: Path) -> Path:
    fitted = lightgbm.LGBMClassifier(n_estimators=40, n_jobs=1, verbose=-1).fit(ROWS, TARGETS)
    fitted.booster_.save_model(folder / "model.txt")
    return folder / "model.txt"


def skops_file(folder: Path) -> Path:
    skops.io.dump(make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(ROWS, NAMES), folder / "model.skops")
    return folder / "model.skops"


def forest() -> Any:
    """Its classes are the labels in alphabetical order, which is not the task's."""
    return RandomForestClassifier(n_estimators=30, random_state=0).fit(ROWS, NAMES)


def network() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.BatchNorm1d(SPEC.width), torch.nn.Linear(SPEC.width, 16), torch.nn.ReLU(), torch.nn.Linear(16, 2)
    )


def accuracy(original: Original) -> float:
    said = OnnxModel(original.bundle).predict(rows_of(PARTS.holdout.rows.tolist())).argmax(axis=1)
    return float((np.array(SPEC.labels)[said] == np.array(PARTS.holdout.labels)).mean())


@pytest.mark.parametrize("write", [xgboost_file, lightgbm_file, skops_file])
def test_a_file_of_another_library_gives_the_same_labels_on_every_row(write: Callable[[Path], Path], tmp_path: Path) -> None:
    original = formats.original_of(str(write(tmp_path)), WANTED)
    found = compare_with_original(original, OnnxModel(original.bundle), EVERY)
    assert (found.rows, found.other_labels) == (len(EVERY), 0)
    assert accuracy(original) > 0.9
    assert len(original.bundle.source.digest) == 64


@pytest.mark.parametrize(("function", "least"), [("forest", 0.9), ("network", 0.0)])
def test_an_object_of_the_callers_own_process_is_converted(function: str, least: float) -> None:
    original = formats.original_of(f"{__name__}:{function}", WANTED)
    assert compare_with_original(original, OnnxModel(original.bundle), EVERY).other_labels == 0
    assert accuracy(original) > least


def test_classes_in_another_order_are_told_by_the_caller(tmp_path: Path) -> None:
    xgboost.XGBClassifier(n_estimators=20, n_jobs=1).fit(ROWS, 1 - TARGETS).save_model(tmp_path / "model.json")
    turned = formats.original_of(str(tmp_path / "model.json"), replace(WANTED, classes=tuple(reversed(SPEC.labels))))
    assert accuracy(turned) > 0.9
    with pytest.raises(InvalidConfig, match="the task's labels"):
        formats.original_of(str(tmp_path / "model.json"), replace(WANTED, classes=("a", "b")))


def test_a_graph_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(honest())
    original = formats.original_of(str(tmp_path / "model.onnx"), Wanted(("no", "yes"), 4))
    assert (original.bundle.output, original.bundle.form) == ("said", "logits")


@pytest.mark.parametrize("ending", ["pkl", "joblib", "pt", "pt2", "h5"])
def test_files_that_run_code_are_refused_unread(ending: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidConfig, match="module:function"):
        formats.original_of(str(tmp_path / f"model.{ending}"), WANTED)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("model.csv", b"", "expected .onnx"),
        ("model.onnx", b"not a graph", "not an ONNX file"),
        ("model.ubj", b"{", "Error"),
        ("model.txt", b"tree", "Error"),
        ("model.skops", b"PK", "BadZipFile"),
        ("absent.onnx", None, "there is none"),
    ],
)
def test_what_is_no_model_is_refused_with_its_reason(name: str, content: bytes | None, why: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidConfig, match=why):
        formats.original_of(str(tmp_path / name), WANTED)


def test_a_skops_file_that_would_call_a_function_of_another_package_is_refused(tmp_path: Path) -> None:
    trap = make_pipeline(FunctionTransformer(exec), LogisticRegression())
    skops.io.dump(trap, tmp_path / "model.skops")
    with pytest.raises(InvalidConfig, match=r"names builtins\.exec"):
        formats.original_of(str(tmp_path / "model.skops"), WANTED)


def test_what_the_callers_function_raises_is_the_callers() -> None:
    with pytest.raises(AttributeError, match="of their own"):
        formats.original_of(f"{__name__}:broken", WANTED)
    with pytest.raises(InvalidConfig, match="PYTHONPATH"):
        formats.original_of(f"{__name__}:nothing", WANTED)


def broken() -> Any:
    raise AttributeError("of their own")


def test_a_model_of_another_shape_is_refused(tmp_path: Path) -> None:
    file = str(xgboost_file(tmp_path))
    with pytest.raises(InvalidConfig, match="reads 30 numbers, the task has 29"):
        formats.original_of(file, replace(WANTED, width=29))
    with pytest.raises(InvalidConfig, match="has 2, the task 3 labels"):
        formats.original_of(file, replace(WANTED, labels=("a", "b", "c")))


def test_a_conversion_that_answers_otherwise_is_refused(tmp_path: Path) -> None:
    original = formats.original_of(str(xgboost_file(tmp_path)), WANTED)
    turned = replace(original, bundle=replace(original.bundle, columns=(1, 0)))
    with pytest.raises(InvalidConfig, match=f"of {len(EVERY)} rows {len(EVERY)} get another label"):
        compare_with_original(turned, OnnxModel(turned.bundle), EVERY)


def test_fewer_than_200_rows_compare_nothing(tmp_path: Path) -> None:
    original = formats.original_of(str(xgboost_file(tmp_path)), WANTED)
    with pytest.raises(InvalidConfig, match="200 are needed"):
        compare_with_original(original, OnnxModel(original.bundle), EVERY[:199])


@pytest.mark.parametrize("shift", [2e-4, float("nan")])
def test_a_difference_that_is_large_or_no_number_is_refused(shift: float) -> None:
    before = np.array([[0.7, 0.3], [0.2, 0.8]])
    with pytest.raises(InvalidConfig, match="probabilities differ"):
        compare_answers(before, before + np.array([[shift, -shift], [0, 0]]))


def test_the_task_files_words_for_imported_models() -> None:
    plain = SPEC.model_dump()
    with pytest.raises(ValueError, match="trained elsewhere"):
        type(SPEC).model_validate(plain | {"model": plain["model"] | {"params": {"hidden": 3}}})
    with pytest.raises(ValueError, match="needs rows to learn from"):
        type(SPEC).model_validate(plain | {"model": {"family": "torch_mlp"}, "data": plain["data"] | {"initial_rows": 0}})


def test_a_graph_that_mixes_rows_is_seen_by_the_trial_not_by_the_comparison(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(mixing())
    original = formats.original_of(str(tmp_path / "model.onnx"), Wanted(("no", "yes"), 4))
    rows = np.random.default_rng(0).standard_normal((200, 4)).astype(np.float32)
    assert compare_with_original(original, OnnxModel(original.bundle), rows).other_labels == 0
