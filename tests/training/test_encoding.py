"""Training a head on pictures: in the process, and the whole retraining against real Ray and MLflow."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_bytes
from typing import Any

import numpy as np
import pytest

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.blob_store import BlobStore
from hitl.adapters.files.data_sources import split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.adapters.pictures.stored import StoredPictures
from hitl.blobs.handle import FileFacts
from hitl.blobs.ownership import mint_handle
from hitl.blobs.sealed import seal_blob
from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected, HitlError, InvalidConfig
from hitl.inference import load
from hitl.inference.picture_head import PictureHead
from hitl.tasks import TaskSpec, load_task
from tests.fixtures.encoders import LABELS, encoder_bytes, labelled_picture, pooling, task_file, write_pictures
from tests.training.stub_api import StubService, serving
from tests.training.test_pipeline import retrain
from training.calibrate import calibrate
from training.encoding import Encoding, encoding_of
from training.model import fit_and_pack


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(str(tmp_path / "artifacts"))


@pytest.fixture
def spec(tmp_path: Path, store: ArtifactStore) -> TaskSpec:
    write_pictures(tmp_path / "pictures", 60)
    return load_task(task_file(store.put(encoder_bytes())), "a file")


def made(spec: TaskSpec, store: ArtifactStore) -> Encoding:
    encoding = encoding_of(spec, store, StoredPictures(""), lambda line: None)
    assert encoding is not None
    return encoding


def test_a_head_answers_from_pictures_as_from_their_vectors(tmp_path: Path, spec: TaskSpec, store: ArtifactStore) -> None:
    encoding, parts = made(spec, store), split(spec, tmp_path)
    taught = encoding.encoded(held_out_sample(parts.initial, LABELS))
    packed = encoding.joined(fit_and_pack(spec.model.family, taught, {"C": 0.1}, 0), LABELS)
    assert packed == encoding.joined(fit_and_pack(spec.model.family, taught, {"C": 0.1}, 0), LABELS)
    model = load(calibrate(packed, taught, spec), LABELS, spec.width)
    assert model.calibration is not None
    held_out = held_out_sample(parts.holdout, LABELS)
    said, as_served = encoding.measured(model).predict(held_out.rows), encoding.timed(model).predict(held_out.rows)
    np.testing.assert_allclose(said, as_served, atol=1e-6)
    assert (said.argmax(axis=1) == held_out.targets).mean() > 0.6


def test_a_model_over_another_encoder_is_measured_through_its_own(tmp_path: Path, spec: TaskSpec, store: ArtifactStore) -> None:
    encoding, rows = made(spec, store), held_out_sample(split(spec, tmp_path).initial, LABELS)
    single = spec.model_copy(update={"model": spec.model.model_copy(update={"encoder": store.put(encoder_bytes(pooling(1)))})})
    other = made(single, store)
    model = load(other.joined(fit_and_pack("encoder_head", other.encoded(rows), {}, 0), LABELS), LABELS, spec.width)
    assert isinstance(model, PictureHead)
    assert model.encoder.digest != encoding.encoder.digest
    np.testing.assert_allclose(encoding.measured(model).predict(rows.rows), encoding.timed(model).predict(rows.rows), atol=1e-6)


def test_a_picture_that_is_gone_ends_the_run(tmp_path: Path, spec: TaskSpec, store: ArtifactStore) -> None:
    rows = held_out_sample(split(spec, tmp_path).initial, LABELS)
    Path(rows.rows[0].file).unlink()
    with pytest.raises(HitlError, match="labelled pictures"):
        made(spec, store).encoded(rows)


def test_an_encoder_must_be_in_the_store_and_be_one(spec: TaskSpec, store: ArtifactStore) -> None:
    def named(digest: str) -> TaskSpec:
        return spec.model_copy(update={"model": spec.model.model_copy(update={"encoder": digest})})

    with pytest.raises(ArtifactRejected):
        made(named("0" * 64), store)
    with pytest.raises(InvalidConfig, match="encoder"):
        made(named(store.put(b"no encoder")), store)


@pytest.fixture
def stub() -> Iterator[StubService]:
    with serving(StubService()) as service:
        yield service


def brought(folder: Path, label: str, seed: int) -> dict[str, Any]:
    """A case that a person decided: its picture lies sealed in the store of files."""
    data = labelled_picture(label, 10_000 + seed)
    handle, blob = mint_handle(b"secret", "client", "tints", 1.0, FileFacts(digest_of(data), "png", len(data)), token_bytes)
    BlobStore(str(folder)).put(blob.name, seal_blob(data, blob.name, blob.data_key, token_bytes))
    answer = {"weight": 1.0, "reviewer": "ann", "confidence": 1.0, "decided_at": 5.0, "label": label}
    return answer | {"case_id": f"c{seed}", "features": {"image": handle.plain()}}


@pytest.mark.slow
def test_a_retraining_learns_from_the_pictures_of_decided_cases(
    tmp_path: Path, spec: TaskSpec, store: ArtifactStore, stub: StubService, mlflow_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.tasks["tints"] = spec
    for name, folder in (("DATASETS_DIR", "."), ("BLOB_URI", "blobs")):
        monkeypatch.setenv(f"HITL_{name}", str(tmp_path / folder))
    encoding, labels = made(spec, store), held_out_sample(split(spec, tmp_path).initial, LABELS)
    first = encoding.joined(fit_and_pack("encoder_head", encoding.encoded(labels), {"C": 0.1}, 0), LABELS)
    cases = [brought(tmp_path / "blobs", LABELS[seed % 3], seed) for seed in range(150)]
    stub.examples, stub.serving = cases, [[store.put(first), 1.0]]
    second = retrain("tints", stub, tmp_path / "artifacts", mlflow_uri)
    assert (second["rows"], second["held_out_rows"]) == (210, 90)
    assert 0.5 < second["champion_accuracy"] <= second["accuracy"]
    (asked,) = stub.approvals.values()
    assert asked["evidence"]["family"] == "encoder_head"
    assert asked["evidence"]["params"]["encoder"] == spec.model.encoder
    model = load(store.get(second["digest"]), LABELS, spec.width)
    assert isinstance(model, PictureHead)
    assert model.encoder.digest == spec.model.encoder
