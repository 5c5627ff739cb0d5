"""The family ``encoder_head`` over texts: an encoder with its tokenizer by digest, a head over its vectors, one file."""

import numpy as np
import pytest

from hitl.adapters.checkers.admitting import admit, admit_encoder
from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected
from hitl.inference import load
from hitl.inference.families import is_foreign
from hitl.inference.head_fit import fit_head
from hitl.inference.head_model import HeadModel
from hitl.inference.picture_head import PictureHead
from hitl.inference.rows import PICTURE_WIDTH, rows_of
from hitl.inference.sample import TrainingSample
from hitl.inference.text_encoder import TOKENIZER, TextEncoderBundle, TextRecipe, text_encoder_from
from hitl.inference.text_head import TextHead
from hitl.quality.calibration import Temperature
from tests.fixtures import encoders as pictures
from tests.fixtures.text_encoders import LABELS, WIDTH, encoder_bytes, exported, labelled_texts, tokenizer_json

ENCODER = text_encoder_from(encoder_bytes())
TEXTS = labelled_texts(60)
ROWS = rows_of([text for text, _ in TEXTS])
TARGETS = np.array([LABELS.index(label) for _, label in TEXTS])


def head() -> HeadModel:
    vectors = ENCODER.encode(ROWS.tolist())
    sample = TrainingSample(vectors, TARGETS, np.ones(len(vectors), dtype=np.float32), LABELS)
    return HeadModel(LABELS, fit_head(sample, {"C": 1.0}, 0), {"C": 1.0})


def model_bytes() -> bytes:
    return head().joined_bytes(ENCODER)


def test_a_model_of_texts_is_one_file_and_answers_from_texts_as_from_vectors() -> None:
    data = head().calibrated(Temperature(2.0)).joined_bytes(ENCODER)
    model = load(data, LABELS, 0)
    assert isinstance(model, TextHead)
    assert (model.to_bytes(), model.calibration, is_foreign(data)) == (data, Temperature(2.0), True)
    assert model.encoder.digest == digest_of(encoder_bytes())
    np.testing.assert_allclose(model.predict(ROWS), model.predict(ENCODER.encode(ROWS.tolist())))
    fresh = labelled_texts(60, first=10_000)
    said = model.predict(rows_of([text for text, _ in fresh])).argmax(axis=1)
    assert np.mean([LABELS[at] == label for at, (_, label) in zip(said, fresh, strict=True)]) > 0.7


def test_each_text_gets_its_own_vector_whatever_stands_beside_it() -> None:
    together = ENCODER.encode(ROWS.tolist())
    alone = np.concatenate([ENCODER.encode([text]) for text in ROWS[:20]])
    np.testing.assert_allclose(together[:20], alone, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-6)


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [("mean", [[2.0, 1.0], [5.0, 5.0]]), ("first", [[1.0, 0.0], [5.0, 5.0]])],
)
def test_tokens_are_pooled_over_the_text_alone(pooling: str, expected: list[list[float]]) -> None:
    said = np.array([[[1, 0], [3, 2]], [[5, 5], [99, 99]]], dtype=np.float32)
    recipe = TextRecipe.model_validate({"pooling": pooling, "unit": False})
    assert recipe.pooled(said, np.array([[1, 1], [1, 0]])).tolist() == expected


def test_a_vector_for_the_whole_text_is_taken_as_it_is() -> None:
    recipe = TextRecipe(pooling="none")
    assert recipe.pooled(np.array([[3.0, 4.0]], dtype=np.float32), np.array([[1, 1]])).tolist() == [
        [pytest.approx(0.6), pytest.approx(0.8)]
    ]
    with pytest.raises(ValueError, match="2 dimensions"):
        recipe.pooled(np.zeros((1, 2, 3), dtype=np.float32), np.array([[1, 1]]))


@pytest.mark.parametrize("text", ["   ", "", "\ud800", "invoice " * 5000])
def test_no_text_is_too_strange_to_get_numbers(text: str) -> None:
    said = load(model_bytes(), LABELS, 0).predict(rows_of([text, "invoice refund"]))
    assert np.isfinite(said).all()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (encoder_bytes(width=7), "expected 7 numbers"),
        (encoder_bytes(exported(is_mixing=True)), "depends on the other rows"),
        (encoder_bytes(exported(is_constant=True)), "the same vector"),
        (encoder_bytes(recipe=TextRecipe(pooling="none")), "expected 2 dimensions"),
        (TextEncoderBundle(exported(), b"{}", TextRecipe(), "states", WIDTH).to_bytes(), "not a tokenizer.json"),
        (TextEncoderBundle(exported(), tokenizer_json(), TextRecipe(), "said", WIDTH).to_bytes(), "not 'said'"),
        (TextEncoderBundle(pictures.pooling(), tokenizer_json(), TextRecipe(), "said", WIDTH).to_bytes(), "input_ids"),
        (encoder_bytes().replace(TOKENIZER.encode(), b"tokenizer.yaml"), "expected the tensors"),
    ],
    ids=["width", "mixing", "constant", "pooling", "tokenizer", "output", "graph", "tensors"],
)
async def test_an_encoder_that_must_not_serve_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ArtifactRejected) as error:
        await admit_encoder(data)
    assert why in error.value.why


async def test_an_honest_encoder_and_a_model_over_it_are_admitted() -> None:
    tried = await admit_encoder(encoder_bytes())
    assert (tried.rows, tried.largest_difference) == (192, pytest.approx(0, abs=1e-5))
    assert (await admit(model_bytes(), LABELS, 0)).rows == 192


def test_a_file_with_another_encoder_than_it_names_is_refused() -> None:
    other = text_encoder_from(encoder_bytes(recipe=TextRecipe(max_tokens=8)))
    mixed = head().joined_bytes(ENCODER).replace(ENCODER.digest.encode(), other.digest.encode())
    with pytest.raises(ArtifactRejected, match="another encoder"):
        load(mixed, LABELS, 0)


@pytest.mark.parametrize(
    ("data", "labels", "width"),
    [
        (model_bytes(), ("a", "b", "c"), 0),
        (model_bytes(), LABELS, PICTURE_WIDTH),
        (model_bytes(), LABELS, WIDTH),
        (head().to_bytes(), LABELS, 0),
        (encoder_bytes(), LABELS, 0),
        (model_bytes()[:-100], LABELS, 0),
    ],
    ids=["labels", "pictures", "numbers", "head alone", "encoder alone", "cut short"],
)
def test_what_is_no_model_of_the_task_is_refused(data: bytes, labels: tuple[str, ...], width: int) -> None:
    with pytest.raises(ArtifactRejected):
        load(data, labels, width)


def test_a_model_of_pictures_does_not_read_texts() -> None:
    assert not isinstance(load(model_bytes(), LABELS, 0), PictureHead)
