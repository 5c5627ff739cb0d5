"""Pictures as models read them: which picture, how its pixels become an encoder's numbers, and who reads its bytes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from hitl.blobs.handle import BlobHandle

if TYPE_CHECKING:
    from hitl.inference.classifier import Classifier

MAX_SIDE = 2048
"""Pixels of a side that a recipe may ask for."""

Pixels = NDArray[np.uint8]
"""``(height, width, channels)`` of one picture, in 0 to 255; one channel is grey, three are red, green, blue."""

Side = Annotated[int, Field(ge=1, le=MAX_SIDE)]
Numbers = Annotated[list[float], Field(min_length=1, max_length=3)]


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One picture; two rows of the same file are equal. Its bytes lie in the store of cases' files, under ``handle``, or in
    ``file``, which is labelled from the start. With neither it is nobody's, to try a model with: pixels around the middle with
    the standard deviation ``spread``, drawn from ``sha256``."""

    sha256: str
    handle: BlobHandle | None = field(default=None, compare=False, repr=False)
    file: str = field(default="", compare=False)
    spread: float = field(default=0.0, compare=False)

    @property
    def is_blank(self) -> bool:
        return self.handle is None and not self.file


class PictureRecipe(BaseModel):
    """How a decoded picture becomes numbers. It is turned upright and laid on white, scaled to ``resize`` (``stretch``), or until
    it covers that (``cover``), and its middle of ``size`` is cut out; sides are height, width. Then each channel is
    ``(pixel * scale - mean) / std``, in the order of ``channels``, and a batch has the ``layout``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: tuple[Side, Side]
    resize: tuple[Side, Side] | None = None
    aspect: Literal["cover", "stretch"] = "cover"
    channels: Literal["rgb", "bgr", "grey"] = "rgb"
    scale: Annotated[float, Field(gt=0, le=1)] = 1 / 255
    mean: Numbers = [0.485, 0.456, 0.406]
    std: Numbers = [0.229, 0.224, 0.225]
    layout: Literal["nchw", "nhwc"] = "nchw"

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if len(self.mean) != self.depth or len(self.std) != self.depth or min(self.std) <= 0:
            raise ValueError(f"mean and std: expected {self.depth} numbers each, those of std above 0")
        if any(cut > whole for cut, whole in zip(self.size, self.scaled_to, strict=True)):
            raise ValueError("resize: expected sides at least as long as those of size")
        return self

    @property
    def depth(self) -> int:
        """The number of channels."""
        return 1 if self.channels == "grey" else 3

    @property
    def scaled_to(self) -> tuple[int, int]:
        return self.size if self.resize is None else self.resize

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape of one picture in a batch."""
        return (self.depth, *self.size) if self.layout == "nchw" else (*self.size, self.depth)

    def tensor(self, pixels: Pixels) -> NDArray[np.float32]:
        """Return the numbers of one decoded picture, of ``shape``."""
        ordered = pixels[:, :, ::-1] if self.channels == "bgr" else pixels
        mean, std = np.array(self.mean, dtype=np.float32), np.array(self.std, dtype=np.float32)
        numbers = (ordered.astype(np.float32) * np.float32(self.scale) - mean) / std
        return np.ascontiguousarray(numbers.transpose(2, 0, 1) if self.layout == "nchw" else numbers, dtype=np.float32)


class PictureSource(Protocol):
    """Whoever reads and decodes pictures; decoding runs in a process of its own (hitl.adapters.pictures)."""

    def pixels(self, row: PictureRow, recipe: PictureRecipe) -> Pixels:
        """Return the picture as ``recipe`` scales and cuts it. Blocks; safe to call from several threads. Raises HitlError for
        a picture that is gone, cannot be decoded or is not the named one."""


@runtime_checkable
class SeesPictures(Protocol):
    """A model that reads pictures (hitl.inference.picture_head), told apart without its libraries."""

    def seeing(self, pictures: PictureSource, told: Callable[[str], None]) -> "Classifier":
        """Return the same model with a source of pictures; ``told`` hears of each that cannot be read."""


def blank_pictures(n: int, first: int, spread: float = 64.0) -> list[PictureRow]:
    """``n`` pictures of nobody, numbered from ``first`` on."""
    return [PictureRow(f"{number:064x}", spread=spread) for number in range(first, first + n)]


def blank_pixels(row: PictureRow, recipe: PictureRecipe) -> Pixels:
    """The same for the same row: random, since regular ones would not show that a graph mixes rows."""
    drawn = np.random.default_rng(int(row.sha256, 16)).standard_normal((*recipe.size, recipe.depth))
    return np.clip(128 + row.spread * drawn, 0, 255).astype(np.uint8)
