"""Large JPEGs are drawn smaller where a model wants few pixels of them, and it sees what it would have seen of the whole."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from hitl.adapters.checkers.decoding import decode, reduce_to
from hitl.adapters.checkers.decoding_wire import Asked, Cut
from tests.fixtures.pictures import scene

ORIENTATION = 0x0112
SMALL, MIDDLE, LARGE = (
    Cut((32, 48), (32, 48), False, False),
    Cut((64, 64), (80, 80), True, False),
    Cut((224, 224), (256, 256), True, False),
)


def jpeg(orientation: int = 1) -> bytes:
    """A scene of 2400 x 1600, lying as EXIF says."""
    exif, out = Image.Exif(), io.BytesIO()
    exif[ORIENTATION] = orientation
    Image.open(io.BytesIO(scene())).resize((2400, 1600)).save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def whole(data: bytes) -> bytes:
    """The same pixels in a file that is always drawn whole."""
    out = io.BytesIO()
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert upright is not None
    upright.save(out, "PNG")
    return out.getvalue()


def pixels(kind: str, data: bytes, cut: Cut) -> np.ndarray:
    said, found = decode(Asked(kind, 10**8, True, 10.0, 8, cut=cut), data)
    assert said.expected == ""
    return np.frombuffer(found, dtype=np.uint8).reshape(*cut.size, 3).astype(int)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("cut", [SMALL, MIDDLE, LARGE])
def test_a_model_sees_the_same_of_a_reduced_picture(cut: Cut, orientation: int) -> None:
    data = jpeg(orientation)
    off = np.abs(pixels("jpeg", data, cut) - pixels("png", whole(data), cut))
    assert off.mean() < 0.5
    assert off.max() <= 8  # of 255, at an edge


@pytest.mark.parametrize(
    ("cut", "orientation", "size"),
    [
        (SMALL, 1, (300, 200)),
        (SMALL, 6, (300, 200)),
        (MIDDLE, 1, (600, 400)),
        (LARGE, 1, (1200, 800)),
        (Cut((512, 512), (512, 512), True, False), 1, (2400, 1600)),
    ],
)
def test_what_is_drawn_has_three_times_what_the_model_wants_at_least(cut: Cut, orientation: int, size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(jpeg(orientation))) as picture:
        reduce_to(picture, cut)
        assert picture.size == size


def test_another_file_than_a_jpeg_is_drawn_whole() -> None:
    with Image.open(io.BytesIO(whole(jpeg()))) as picture:
        reduce_to(picture, SMALL)
        assert picture.size == (2400, 1600)
