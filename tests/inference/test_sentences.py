"""A text model over a sentence encoder: its head is the artifact, the encoder is named by digest, texts are encoded once."""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest

from hitl.errors import ArtifactRejected, InvalidConfig
from hitl.inference import Mlp, SentenceMlp, TorchMlp, artifact, encoder, load, pack, sentence_mlp
from hitl.inference.encoder import WIDTH, Vectors, installed_encoder
from hitl.inference.rows import blank_rows
from hitl.tasks import load_tasks
from hitl.tasks.load import load_task
from serve_app.app import _check_families

LABELS = ("ham", "spam")
TEXTS = np.array(["win a prize now", "see you at home", "win a prize now"], dtype=object)
FILE = Path("examples/tasks/sms_sentences.yaml")
needs_encoder = pytest.mark.skipif(
    importlib.util.find_spec(encoder.PACKAGE) is None and "CI" not in os.environ,  # there it must be installed
    reason=f"the sentence encoder is not installed: {encoder.EXTRA}",
)


class Counting:
    """An Encoder whose vectors are drawn by the text's length; remembers what it was asked."""

    def __init__(self, digest: str = "a" * 64) -> None:
        self.manifest = {"name": "counting", "weights": digest, "tokenizer": "b" * 64}

    def encode(self, texts: list[str]) -> Vectors:
        return np.stack([np.random.default_rng(len(text)).normal(size=WIDTH) for text in texts]).astype(np.float32)


def reader(made: Counting) -> SentenceMlp:
    return SentenceMlp(TorchMlp(LABELS, Mlp(WIDTH, 4, 2), {}), made)


def test_a_packed_text_model_comes_back_with_the_same_predictions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_mlp, "installed_encoder", Counting)
    model = reader(Counting())
    again = load(pack(model), LABELS, 0)
    np.testing.assert_allclose(again.predict(TEXTS), model.predict(TEXTS), atol=1e-12)
    assert (again.width, again.labels, again.predict(TEXTS).shape) == (0, LABELS, (3, 2))


def test_a_model_of_another_encoder_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_mlp, "installed_encoder", lambda: Counting("c" * 64))
    with pytest.raises(ArtifactRejected, match="its encoder is"):
        load(pack(reader(Counting())), LABELS, 0)


def test_the_artifact_names_the_encoder_and_holds_the_head_alone() -> None:
    packed = pack(reader(Counting()))
    assert sentence_mlp.header_of(packed)["encoder"]["weights"] == "a" * 64
    assert len(packed) < 20_000


def test_without_the_extra_the_start_stops_and_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "PACKAGE", "no_such_package")
    with pytest.raises(InvalidConfig, match=r"pip install 'ray-hitl\[encoder\]'"):
        _check_families(load_tasks([FILE]))


def test_without_the_extra_a_model_that_needs_it_is_refused_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "PACKAGE", "no_such_package")
    installed_encoder.cache_clear()
    with pytest.raises(ArtifactRejected, match=r"ray-hitl\[encoder\]"):
        artifact.load(pack(reader(Counting())), LABELS, 0)


def test_a_sentence_model_is_for_texts_alone() -> None:
    text, given = FILE.read_text(encoding="utf-8"), "{kind: text, field: text, max_chars: 2000}"
    text = text.replace(given, "{kind: vector, size: 3, min: 0, max: 1}")
    with pytest.raises(InvalidConfig, match="reads texts alone"):
        load_task(text, "a file")


def test_texts_to_try_a_model_with_differ_from_each_other_and_from_the_last_ones() -> None:
    assert len({*blank_rows(0, 64), *blank_rows(0, 64, first=64)}) == 128


@needs_encoder
@pytest.mark.slow
def test_the_encoder_puts_like_texts_near_each_other_and_each_row_stands_alone() -> None:
    texts = ["Free entry, win cash now!", "You have won a cash prize", "Shall we have lunch tomorrow?", "x" * 3000]
    vectors = installed_encoder().encode(texts)
    likeness = vectors @ vectors.T
    np.testing.assert_allclose(np.diag(likeness), 1.0, atol=1e-5)
    assert likeness[0, 1] > likeness[0, 2] + 0.2
    fresh = encoder.SentenceEncoder(encoder_folder())
    np.testing.assert_allclose([fresh.encode([text])[0] for text in texts], vectors, atol=1e-5)


@needs_encoder
@pytest.mark.slow
def test_a_known_text_is_not_computed_again_and_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "CACHED_TEXTS", 2)
    asked: list[str] = []
    fresh = encoder.SentenceEncoder(encoder_folder())
    batch = fresh._batch
    monkeypatch.setattr(fresh, "_batch", lambda texts: asked.extend(texts) or batch(texts))  # type: ignore[func-returns-value]
    for texts in (["a", "b", "a"], ["b", "c"], ["a"]):
        fresh.encode(texts)
    assert asked == ["a", "b", "c", "a"]


@needs_encoder
@pytest.mark.slow
def test_the_installed_encoder_is_the_one_that_was_measured() -> None:
    assert installed_encoder().manifest["weights"] == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def encoder_folder() -> Path:
    found = importlib.util.find_spec(encoder.PACKAGE)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "model"
