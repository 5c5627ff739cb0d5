"""The kinds of input that are one file, named by the handle of a blob that its client brought before."""

from typing import Any, ClassVar

from hitl.blobs.file_types import FileTerms
from hitl.blobs.handle import BlobHandle, parse_handle
from hitl.errors import InvalidInput
from hitl.inference.rows import DOCUMENT, RowForm
from hitl.tasks.inputs.kind import Vector
from hitl.tasks.inputs.whole import WholeInput

INLINE, URL = "base64", "url"
"""The members of an object in place of a handle: the bytes themselves, which a request for one case may have, and an address."""

ONE_CASE_ALONE = (
    "the handle of a file that you brought before: its bytes as base64 are taken in a request for one case alone; else PUT "
    "/v1/tasks/{task}/blobs, then use its answer's blob as it is"
)
NO_URL = (
    "the file itself, since no URL is fetched here: get its bytes, then PUT /v1/tasks/{task}/blobs, and use its answer's blob as "
    "it is"
)

HANDLE_BYTES = 1024
HANDLE_VALUES = 14
"""The handle, its members and their names."""


class FileInput(WholeInput):
    """``features`` is an object with one handle under ``member``."""

    form: ClassVar[RowForm] = DOCUMENT
    member: ClassVar[str]

    @property
    def columns(self) -> list[str]:
        return [self.member]

    @property
    def request_bytes(self) -> int:
        return HANDLE_BYTES

    @property
    def most_values(self) -> int:
        return HANDLE_VALUES

    def parse_vector(self, features: Any) -> Vector:
        """The digest of the file: what a model elsewhere was asked about."""
        return self._handle(features).sha256

    def blobs_in(self, features: Any) -> list[tuple[str, BlobHandle]]:
        return [(f"/features/{self.member}", self._handle(features))]

    def features_of(self, row: Any) -> Any:
        raise NotImplementedError("a file's digest does not say where its bytes are")

    def distance(self, one: Vector, other: Vector) -> float:
        return float(one != other)

    def _terms(self) -> FileTerms:
        found = self.files
        assert found is not None
        return found

    def _handle(self, features: Any) -> BlobHandle:
        if not isinstance(features, dict) or features.keys() != {self.member}:
            raise InvalidInput("/features", f"an object with {self.member} and nothing else")
        said, place = features[self.member], f"/features/{self.member}"
        if isinstance(said, dict) and (INLINE in said or URL in said):
            raise InvalidInput(place, ONE_CASE_ALONE if INLINE in said else NO_URL)
        return parse_handle(said, self._terms().types, place)
