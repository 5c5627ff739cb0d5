"""Photographs that nobody took: shapes in soft light under a camera's noise, the same for the same seed."""

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIZE = (1280, 960)
SHAPES, SOFT = 14, 2.0
NOISE, QUALITY = 5.0, 80
"""Chosen so that a file has about 160 kB, as a photograph of this size from a telephone."""


def photo(seed: int, size: tuple[int, int] = SIZE) -> bytes:
    """Return a JPEG."""
    rng = np.random.default_rng(seed)
    width, height = size
    drawn = Image.fromarray(_light(rng, width, height))
    pen = ImageDraw.Draw(drawn)
    for _ in range(SHAPES):
        left, top = int(rng.integers(0, width)), int(rng.integers(0, height))
        box = (left, top, left + int(rng.integers(20, width // 3)), top + int(rng.integers(20, height // 3)))
        draw = pen.ellipse if rng.random() < 0.5 else pen.rectangle
        draw(box, fill=tuple(int(each) for each in rng.integers(30, 226, 3)))
    pixels = np.asarray(drawn.filter(ImageFilter.GaussianBlur(SOFT)), dtype=np.float32)
    noise = rng.normal(0, NOISE, (height, width, 1)).astype(np.float32)  # of brightness, as a sensor's mostly is
    out = io.BytesIO()
    Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def write_photos(folder: Path, count: int) -> Path:
    """Write ``count`` different ones; returns ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(count):
        (folder / f"{seed:04}.jpg").write_bytes(photo(seed))
    return folder


def _light(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """A sky that changes from one corner to the other."""
    corners = rng.integers(60, 220, (2, 2, 3)).astype(np.uint8)
    return np.asarray(Image.fromarray(corners).resize((width, height), Image.Resampling.BICUBIC))
