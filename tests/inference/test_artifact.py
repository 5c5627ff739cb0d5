"""A model's bytes give the same model back; anything else is refused and never runs."""

import io
import json
import pickle
import pydoc
import zipfile
from pathlib import Path

import numpy as np
import pytest
import skops.io
import torch
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hitl.errors import ArtifactRejected
from hitl.inference import Classifier, Mlp, SklearnModel, TorchMlp, load, pack, sklearn_model
from hitl.inference.sklearn_model import text_encoder

LABELS = ("cat", "dog", "eel")
ROWS = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
TARGETS = np.arange(30) % 3


def mlp() -> TorchMlp:
    torch.manual_seed(0)
    return TorchMlp(LABELS, Mlp(4, 8, 3), {"learning_rate": 0.01})


def logistic(targets: np.ndarray = TARGETS) -> SklearnModel:
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(ROWS, targets)
    return SklearnModel(LABELS, "sklearn.linear_model.LogisticRegression", pipeline)


TEXTS = np.array(["win a prize now", "see you at home", "call to win", "at home now"] * 5, dtype=object)


def reader(**changes: object) -> SklearnModel:
    """A text model; ``changes`` are parameters of its encoder."""
    encoder, *others = text_encoder()
    pipeline = make_pipeline(encoder.set_params(**changes), *others, LogisticRegression()).fit(TEXTS, np.arange(20) % 2)
    return SklearnModel(LABELS, "sklearn.linear_model.LogisticRegression", pipeline)


class Trap:
    """Leaves a file behind when something unpickles it."""

    def __init__(self, witness: Path) -> None:
        self.witness = witness

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (self.witness,)  # type: ignore[return-value]


@pytest.mark.covers("003-88", "D16")
@pytest.mark.parametrize("make", [mlp, logistic])
def test_a_packed_model_comes_back_with_the_same_predictions_for_a_whole_batch(make) -> None:
    model: Classifier = make()
    again = load(pack(model), LABELS, 4)
    assert again.predict(ROWS).shape == (30, 3)
    np.testing.assert_allclose(again.predict(ROWS), model.predict(ROWS), atol=1e-12)
    np.testing.assert_allclose(again.predict(ROWS).sum(axis=1), 1.0)


@pytest.mark.covers("D16")
@pytest.mark.parametrize("make", [mlp, logistic])
def test_each_row_of_a_batch_is_predicted_as_if_it_were_alone(make) -> None:
    model = make()
    alone = np.vstack([model.predict(ROWS[i : i + 1]) for i in range(5)])
    np.testing.assert_allclose(model.predict(ROWS)[:5], alone, atol=1e-6)


@pytest.mark.covers("003-88")
@pytest.mark.parametrize("family", sklearn_model.FAMILIES)
def test_every_listed_family_loads_from_its_own_bytes(family: str) -> None:
    pipeline = make_pipeline(StandardScaler(), pydoc.locate(family)()).fit(ROWS, TARGETS)  # type: ignore[operator]
    assert load(pack(SklearnModel(LABELS, family, pipeline)), LABELS, 4).width == 4


def test_a_label_that_training_never_saw_has_probability_zero() -> None:
    model = load(pack(logistic(np.arange(30) % 2 * 2)), LABELS, 4)
    assert (model.predict(ROWS)[:, 1] == 0).all()


def test_a_text_model_comes_back_with_the_same_predictions() -> None:
    again = load(pack(reader()), LABELS, 0)
    np.testing.assert_allclose(again.predict(TEXTS), reader().predict(TEXTS), atol=1e-12)
    assert again.predict(TEXTS)[:, :2].argmax(axis=1).tolist() == [0, 1] * 10


@pytest.mark.parametrize("forged", [{"ngram_range": (1, 400)}, {"lowercase": False}, {"decode_error": "ignore"}])
@pytest.mark.covers("D21")
def test_a_text_model_with_another_encoder_is_refused(forged: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sklearn_model, "_width_of", lambda estimator: 0)
    data = pack(reader(**forged))
    monkeypatch.undo()
    with pytest.raises(ArtifactRejected, match="encoder"):
        load(data, LABELS, 0)


def test_a_model_of_numbers_does_not_read_text_and_the_other_way_round() -> None:
    for model, width in ((logistic(), 0), (reader(), 4)):
        with pytest.raises(ArtifactRejected):
            load(pack(model), LABELS, width)


@pytest.mark.covers("D21")
@pytest.mark.parametrize("dump", [pickle.dumps, lambda trap: _torch_file(trap), lambda trap: _object_array(trap)])
def test_a_pickle_is_refused_and_never_runs(dump, tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    with pytest.raises(ArtifactRejected):
        load(dump(Trap(witness)), LABELS, 4)
    assert not witness.exists()


@pytest.mark.covers("D21")
def test_a_skops_file_that_names_a_type_off_the_list_is_refused() -> None:
    forest = make_pipeline(StandardScaler(), RandomForestClassifier(2)).fit(ROWS, TARGETS)
    data = skops.io.dumps({"family": "sklearn.linear_model.LogisticRegression", "labels": list(LABELS), "estimator": forest})
    with pytest.raises(ArtifactRejected, match="no known family"):
        load(data, LABELS, 4)


@pytest.mark.covers("D21")
@pytest.mark.parametrize("loader", ["FunctionNode", "MethodNode", "OperatorFuncNode", "PartialNode", "SomethingNew"])
def test_a_skops_file_with_a_loader_off_the_list_is_refused(loader: str) -> None:
    with pytest.raises(ArtifactRejected, match="no known family"):
        load(_with_schema({"__loader__": loader, "__module__": "builtins", "__class__": "dict", "content": {}}), LABELS, 4)


def test_a_zip_bomb_is_refused_before_it_unfolds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hitl.inference.sklearn_model.MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(ArtifactRejected, match="unfolds to more"):
        load(pack(logistic()), LABELS, 4)


@pytest.mark.parametrize("make", [mlp, logistic])
@pytest.mark.parametrize(("labels", "width"), [(("cat", "dog"), 4), (("dog", "cat", "eel"), 4), (LABELS, 5)])
def test_a_model_of_another_task_is_refused(make, labels: tuple[str, ...], width: int) -> None:
    with pytest.raises(ArtifactRejected):
        load(pack(make()), labels, width)


def test_a_weight_that_is_not_finite_is_refused() -> None:
    module = Mlp(4, 8, 3)
    torch.nn.init.constant_(module.layers[0].weight, float("nan"))
    with pytest.raises(ArtifactRejected, match="not finite"):
        load(pack(TorchMlp(LABELS, module, {})), LABELS, 4)


@pytest.mark.parametrize("make", [mlp, logistic])
def test_no_truncation_of_a_model_loads(make) -> None:
    data = pack(make())
    for length in range(0, len(data), max(1, len(data) // 40)):
        with pytest.raises(ArtifactRejected):
            load(data[:length], LABELS, 4)


def _torch_file(trap: Trap) -> bytes:
    buffer = io.BytesIO()
    torch.save(trap, buffer)
    return buffer.getvalue()


def _object_array(trap: Trap) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array([trap], dtype=object), allow_pickle=True)
    return buffer.getvalue()


def _with_schema(schema: dict[str, object]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("schema.json", json.dumps(schema))
    return buffer.getvalue()
