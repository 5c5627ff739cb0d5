"""The kind ``image``: one picture."""

from typing import Annotated, Any, Literal

from pydantic import Field

from hitl.blobs.file_types import FileTerms, PictureType
from hitl.inference.pictures import PictureRow
from hitl.inference.rows import PICTURE, PICTURE_WIDTH
from hitl.tasks.inputs.file import FileInput
from hitl.tasks.inputs.kind import Vector


class ImageInput(FileInput):
    """``features`` is an object with one ``image``: the handle that `PUT /v1/tasks/{task}/blobs` answered with. A file has one of
    ``types`` by its first bytes, at most ``max_bytes`` and ``max_pixels``. A ``sensitive`` one is shown only on the record, and
    goes with an erased case."""

    form = PICTURE
    member = "image"
    kind: Literal["image"]
    types: Annotated[list[PictureType], Field(min_length=1)] = ["jpeg", "png", "webp"]
    max_bytes: Annotated[int, Field(ge=1024, le=32_000_000)] = 8_000_000
    max_pixels: Annotated[int, Field(ge=1024, le=100_000_000)] = 40_000_000

    @property
    def files(self) -> FileTerms:
        return FileTerms(self.types, self.max_bytes, self.max_pixels)

    @property
    def width(self) -> int:
        return PICTURE_WIDTH

    def parse_vector(self, features: Any) -> Vector:
        handle = self._handle(features)
        return PictureRow(handle.sha256, handle)
