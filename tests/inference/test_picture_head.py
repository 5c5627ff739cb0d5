"""The family ``encoder_head``: an encoder by digest, a head over its vectors, one file, and pictures that cannot be read."""

from dataclasses import replace
from pathlib import Path
from secrets import token_bytes

import numpy as np
import pytest

from hitl.adapters.checkers.admitting import admit, admit_encoder
from hitl.adapters.files.blob_store import BlobStore
from hitl.adapters.pictures.stored import StoredPictures
from hitl.blobs.handle import FileFacts
from hitl.blobs.ownership import mint_handle
from hitl.blobs.sealed import seal_blob
from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected, InvalidConfig
from hitl.inference import load
from hitl.inference.families import family_named, is_foreign
from hitl.inference.head_fit import fit_head
from hitl.inference.head_model import HeadModel
from hitl.inference.picture_encoder import encoder_from
from hitl.inference.picture_head import PictureHead
from hitl.inference.pictures import PictureRecipe, PictureRow
from hitl.inference.rows import PICTURE, PICTURE_WIDTH, rows_of
from hitl.inference.sample import TrainingSample
from hitl.inference.vector_head import VectorHead
from hitl.quality.calibration import Temperature
from tests.fixtures import encoders
from tests.fixtures.encoders import LABELS, SIDE, WIDTH, encoder_bytes, labelled_picture
from tests.fixtures.pictures import picture

ENCODER = encoder_from(encoder_bytes())


def sample(n: int = 90, seed: int = 0) -> TrainingSample:
    rng = np.random.default_rng(seed)
    targets = np.arange(n) % len(LABELS)
    rows = (rng.standard_normal((n, WIDTH)) + targets[:, None]).astype(np.float32)
    return TrainingSample(rows, targets, np.ones(n, dtype=np.float32), LABELS)


def head(**params: float) -> HeadModel:
    return HeadModel(LABELS, fit_head(sample(), params, 0), params)


def model_bytes() -> bytes:
    return head().joined_bytes(ENCODER)


@pytest.fixture
def pictures(tmp_path: Path) -> StoredPictures:
    return StoredPictures(str(tmp_path))


def stored(folder: Path, data: bytes, kind: str = "png") -> PictureRow:
    """A picture that a client brought."""
    facts = FileFacts(digest_of(data), kind, len(data))
    handle, blob = mint_handle(b"secret", "client", "tints", 1.0, facts, token_bytes)
    BlobStore(str(folder)).put(blob.name, seal_blob(data, blob.name, blob.data_key, token_bytes))
    return PictureRow(handle.sha256, handle)


def seen(pictures: StoredPictures, told: list[str] | None = None) -> PictureHead:
    model = load(model_bytes(), LABELS, PICTURE_WIDTH)
    assert isinstance(model, PictureHead)
    return model.seeing(pictures, (told if told is not None else []).append)


@pytest.mark.parametrize("params", [{}, {"C": 1.0}, {"hidden": 8, "epochs": 60}])
def test_a_head_is_fitted_the_same_for_a_seed_and_read_back(params: dict[str, float]) -> None:
    one, other = head(**params), head(**params)
    assert one.to_bytes() == other.to_bytes()
    data = one.calibrated(Temperature(2.0)).joined_bytes(ENCODER)
    model = load(data, LABELS, PICTURE_WIDTH)
    assert (model.to_bytes(), model.calibration, is_foreign(data)) == (data, Temperature(2.0), True)
    np.testing.assert_allclose(model.predict(sample().rows), one.predict(sample().rows))
    assert (one.predict(sample(seed=5).rows).argmax(axis=1) == sample().targets).mean() > 0.9


def test_a_label_that_no_row_taught_is_never_said() -> None:
    taught = sample()
    two = taught.take(np.flatnonzero(taught.targets != 1))
    said = fit_head(two, {}, 0).probabilities(two.rows)
    assert said[:, 1].max() < 1e-9
    assert (said.argmax(axis=1) == two.targets).mean() > 0.9


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(InvalidConfig):
        fit_head(sample(), {"hidden": 4, "depth": 3}, 0)
    assert family_named("encoder_head").unknown_parameters(["C", "depth"]) == ["depth"]


def test_pictures_from_the_store_and_from_a_file_get_the_same_answer(tmp_path: Path, pictures: StoredPictures) -> None:
    data = labelled_picture("warm", 1)
    (tmp_path / "one.png").write_bytes(data)
    rows = rows_of([stored(tmp_path, data), PictureRow(digest_of(data), file=str(tmp_path / "one.png"))])
    said = seen(pictures).predict(rows)
    assert rows[0] == rows[1]
    np.testing.assert_array_equal(said[0], said[1])
    assert said.sum() == pytest.approx(2)


def test_the_pixels_are_those_that_the_recipe_asks_for(tmp_path: Path, pictures: StoredPictures) -> None:
    row = stored(tmp_path, picture("png", (60, 40), (200, 30, 40)))
    for channels, colour in (("rgb", [200, 30, 40]), ("grey", [82])):
        mean = [0.0] * len(colour)
        recipe = PictureRecipe.model_validate(
            {"size": (8, 10), "resize": (12, 14), "channels": channels, "mean": mean, "std": [1.0] * len(colour), "scale": 1}
        )
        pixels = pictures.pixels(row, recipe)
        assert pixels.shape == (8, 10, len(colour))
        assert pixels[0, 0].tolist() == colour
    turned = PictureRecipe(size=(2, 2), channels="bgr", scale=1, mean=[0, 0, 0], std=[1, 1, 2], layout="nhwc")
    assert turned.tensor(pictures.pixels(row, turned))[0, 0].tolist() == [40, 30, 100]


def test_a_picture_that_cannot_be_read_costs_no_other_its_answer(tmp_path: Path, pictures: StoredPictures) -> None:
    good, gone = stored(tmp_path, labelled_picture("cold", 2)), stored(tmp_path / "elsewhere", labelled_picture("cold", 3))
    changed = replace(good, sha256="0" * 64, handle=None, file=str(tmp_path / "none.png"))
    told: list[str] = []
    said = seen(pictures, told).predict(rows_of([gone, good, changed]))
    assert np.isnan(said).all(axis=1).tolist() == [True, False, True]
    assert len(told) == 2


def test_without_a_source_no_picture_is_read(tmp_path: Path) -> None:
    model = load(model_bytes(), LABELS, PICTURE_WIDTH)
    assert np.isnan(model.predict(rows_of([stored(tmp_path, picture())]))).all()


def test_an_encoder_for_one_picture_at_a_time_answers_as_one_for_many() -> None:
    single = encoder_from(encoder_bytes(encoders.pooling(batch=1)))
    pixels = [np.full((SIDE, SIDE, 3), value, dtype=np.uint8) for value in (10, 200, 90)]
    np.testing.assert_allclose(single.encode(pixels), ENCODER.encode(pixels))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (encoder_bytes(width=7), "expected 7 numbers"),
        (encoder_bytes(encoders.pooling(batch=5)), "5 pictures at a time"),
        (encoder_bytes(recipe=PictureRecipe(size=(8, 8))), "the graph takes pictures of"),
        (encoder_bytes(encoders.mixing(), 3 * SIDE * SIDE), "depends on the other rows"),
        (encoder_bytes(encoders.constant(), 3 * SIDE * SIDE), "the same vector"),
        (b"no such file", "Error"),
        (model_bytes(), "not an encoder"),
    ],
    ids=["width", "batch", "size", "mixing", "constant", "garbage", "model"],
)
async def test_an_encoder_that_must_not_serve_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ArtifactRejected) as error:
        await admit_encoder(data)
    assert why in error.value.why or why == "Error"


async def test_an_honest_encoder_and_a_model_over_it_are_admitted() -> None:
    tried = await admit_encoder(encoder_bytes())
    assert (tried.rows, tried.largest_difference) == (24, pytest.approx(0, abs=1e-5))
    assert (await admit(model_bytes(), LABELS, PICTURE_WIDTH)).rows == 24


def test_a_file_with_another_encoder_than_it_names_is_refused() -> None:
    other = encoder_from(encoder_bytes(encoders.pooling(batch=1)))
    mixed = head().joined_bytes(ENCODER).replace(ENCODER.digest.encode(), other.digest.encode())
    with pytest.raises(ArtifactRejected, match="another encoder"):
        load(mixed, LABELS, PICTURE_WIDTH)


@pytest.mark.parametrize(
    ("data", "labels", "width"),
    [
        (model_bytes(), ("a", "b", "c"), PICTURE_WIDTH),
        (model_bytes(), LABELS, 0),
        (model_bytes(), LABELS, WIDTH),
        (head().to_bytes(), LABELS, PICTURE_WIDTH),
        (head().to_bytes(), LABELS, WIDTH),
        (encoder_bytes(), LABELS, PICTURE_WIDTH),
        (HeadModel(LABELS, replace(head().head, scale=np.zeros(WIDTH, dtype=np.float32)), {}).joined_bytes(ENCODER), LABELS, -2),
        (HeadModel(LABELS, VectorHead(*[np.ones(4, dtype=np.float32)] * 2, ()), {}).joined_bytes(ENCODER), LABELS, -2),
    ],
    ids=["labels", "text", "numbers", "head alone", "head as numbers", "encoder alone", "no spread", "no layer"],
)
def test_what_is_no_model_of_the_task_is_refused(data: bytes, labels: tuple[str, ...], width: int) -> None:
    with pytest.raises(ArtifactRejected):
        load(data, labels, width)


@pytest.mark.parametrize(
    "wrong",
    [{"size": (0, 8)}, {"size": (8, 8), "resize": (4, 8)}, {"size": (8, 8), "mean": [0.5]}, {"size": (8, 8), "std": [1, 0, 1]}],
)
def test_a_recipe_that_cannot_be_followed_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        PictureRecipe.model_validate(wrong)


def test_rows_of_pictures_are_known_by_their_files() -> None:
    row = PictureRow("a" * 64, file="x.png")
    assert (PICTURE.hashable(row), PICTURE.plain(row)) == (PictureRow("a" * 64), "a" * 64)
