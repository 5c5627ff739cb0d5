"""The kind ``image``: one picture, named by the handle of a blob that its client brought before."""

from typing import Annotated, Any, Literal

from pydantic import Field

from hitl.blobs.handle import BlobHandle, parse_handle
from hitl.blobs.picture_types import PictureTerms, PictureType
from hitl.errors import InvalidInput
from hitl.inference.rows import PICTURE
from hitl.tasks.inputs.kind import InputKind, Vector

FIELD = "image"
PLACE = f"/features/{FIELD}"
HANDLE_BYTES = 1024
HANDLE_VALUES = 12
"""The handle, its members and their names."""


class ImageInput(InputKind):
    """``features`` is an object with one ``image``: the handle that `PUT /v1/tasks/{task}/blobs` answered with. A file has one of
    ``types`` by its first bytes, at most ``max_bytes`` and ``max_pixels``. A ``sensitive`` one is shown only on the record, and
    goes with an erased case."""

    form = PICTURE
    kind: Literal["image"]
    types: Annotated[list[PictureType], Field(min_length=1)] = ["jpeg", "png", "webp"]
    max_bytes: Annotated[int, Field(ge=1024, le=32_000_000)] = 8_000_000
    max_pixels: Annotated[int, Field(ge=1024, le=100_000_000)] = 40_000_000
    sensitive: bool = False

    @property
    def width(self) -> int:
        return 0

    @property
    def masks(self) -> bool:
        return self.sensitive

    @property
    def columns(self) -> list[str]:
        return [FIELD]

    @property
    def request_bytes(self) -> int:
        return HANDLE_BYTES

    @property
    def most_values(self) -> int:
        return HANDLE_VALUES

    @property
    def pictures(self) -> PictureTerms:
        return PictureTerms(self.types, self.max_bytes, self.max_pixels)

    def parse_vector(self, features: Any) -> Vector:
        """The digest of the file: what a model elsewhere was asked about."""
        return self._handle(features).sha256

    def blobs_in(self, features: Any) -> list[tuple[str, BlobHandle]]:
        return [(PLACE, self._handle(features))]

    def features_of(self, row: Any) -> Any:
        raise NotImplementedError("a picture's digest does not say where its bytes are")

    def masked(self, features: Any, mask: str) -> Any:
        return mask if self.sensitive else features

    def distance(self, one: Vector, other: Vector) -> float:
        return float(one != other)

    def _handle(self, features: Any) -> BlobHandle:
        if not isinstance(features, dict) or features.keys() != {FIELD}:
            raise InvalidInput("/features", f"an object with {FIELD} and nothing else")
        return parse_handle(features[FIELD], self.types, PLACE)
