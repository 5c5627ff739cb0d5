"""Training a head on texts over an encoder: from its files to a calibrated model."""

from pathlib import Path

import numpy as np
import pytest

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.data_sources import split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.adapters.pictures.stored import StoredPictures
from hitl.errors import ArtifactRejected, InvalidConfig
from hitl.inference import load
from hitl.inference.text_encoder import TextRecipe
from hitl.inference.text_head import TextHead
from hitl.tasks import TaskSpec, load_task
from tests.fixtures import encoders as pictures
from tests.fixtures.text_encoders import LABELS, WIDTH, csv_of, encoder_bytes, exported, labelled_texts, task_file, tokenizer_json
from training.calibrate import calibrate
from training.encoding import Encoding, encoding_of
from training.importing.text_encoders import import_text_encoder
from training.model import fit_and_pack


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(str(tmp_path / "artifacts"))


@pytest.fixture
def spec(tmp_path: Path, store: ArtifactStore) -> TaskSpec:
    (tmp_path / "requests.csv").write_text(csv_of(labelled_texts(60)))
    return load_task(task_file(store.put(encoder_bytes())), "a file")


def made(spec: TaskSpec, store: ArtifactStore) -> Encoding:
    encoding = encoding_of(spec, store, StoredPictures(""), lambda line: None)
    assert encoding is not None
    return encoding


def over(spec: TaskSpec, digest: str) -> TaskSpec:
    return spec.model_copy(update={"model": spec.model.model_copy(update={"encoder": digest})})


def test_a_head_is_trained_calibrated_and_measured_as_it_serves(tmp_path: Path, spec: TaskSpec, store: ArtifactStore) -> None:
    encoding, parts = made(spec, store), split(spec, tmp_path)
    taught = encoding.encoded(held_out_sample(parts.initial, LABELS))
    packed = encoding.joined(fit_and_pack(spec.model.family, taught, {"C": 0.1}, 0), LABELS)
    model = load(calibrate(packed, taught, spec), LABELS, spec.width)
    assert isinstance(model, TextHead)
    assert model.calibration is not None
    held_out = held_out_sample(parts.holdout, LABELS)
    said, as_served = encoding.measured(model).predict(held_out.rows), encoding.timed(model).predict(held_out.rows)
    np.testing.assert_allclose(said, as_served, atol=1e-6)
    assert (said.argmax(axis=1) == held_out.targets).mean() > 0.6


def test_files_of_an_encoder_are_stored_under_the_digest_of_what_serves(tmp_path: Path, store: ArtifactStore) -> None:
    (tmp_path / "encoder.onnx").write_bytes(exported())
    (tmp_path / "tokenizer.json").write_bytes(tokenizer_json())
    found = import_text_encoder(tmp_path / "encoder.onnx", tmp_path / "tokenizer.json", TextRecipe(), "states", store)
    assert (found.width, found.admission.rows) == (WIDTH, 192)
    (tmp_path / "other.json").write_bytes(b"{}")
    with pytest.raises(InvalidConfig, match=r"not a tokenizer\.json"):
        import_text_encoder(tmp_path / "encoder.onnx", tmp_path / "other.json", TextRecipe(), "states", store)
    with pytest.raises(InvalidConfig, match="no tensor"):
        import_text_encoder(tmp_path / "encoder.onnx", tmp_path / "tokenizer.json", TextRecipe(), "said", store)


def test_an_encoder_must_be_in_the_store_and_read_what_the_cases_are(spec: TaskSpec, store: ArtifactStore) -> None:
    with pytest.raises(ArtifactRejected):
        made(over(spec, "0" * 64), store)
    with pytest.raises(InvalidConfig, match="reads pictures; the task's cases are texts"):
        made(over(spec, store.put(pictures.encoder_bytes())), store)
