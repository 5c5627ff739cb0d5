"""A file inside the body of its case, as base64 in place of a handle: how long it may be, and what it must look like. Pure."""

import base64
import binascii
from dataclasses import dataclass

from hitl.blobs.file_types import FileTerms, content_type_of, type_of
from hitl.blobs.handle import BlobHandle
from hitl.canonical import JsonObject, digest_of
from hitl.errors import BodyTooLarge, InlineFileTooLarge, InvalidInput
from hitl.tasks import TaskSpec
from hitl.tasks.inputs.file import INLINE, FileInput
from serve_app.decisions.decision_body import max_body_bytes

INLINE_BYTES = 2**20
"""Of a file inside a case: beyond it base64 costs more than a request of its own, and the whole body lies in memory."""

MEDIA_TYPE = "media_type"
BESIDE_BYTES = 256
"""Of the names around the base64, in a body."""

EXPECTED = (
    f"an object with {INLINE}, the bytes of one file as text, and {MEDIA_TYPE} where you like; or the handle of a file that you "
    "brought: PUT /v1/tasks/{task}/blobs"
)


@dataclass(frozen=True, slots=True)
class InlineFile:
    """The bytes of the file in a body, and the ``member`` of the features that it stands under."""

    member: str
    data: bytes
    sha256: str

    @property
    def place(self) -> str:
        return f"/features/{self.member}"

    def replaced(self, body: JsonObject, handle: BlobHandle) -> JsonObject:
        """``body`` with the handle in place of the bytes."""
        return {**body, "features": {self.member: handle.plain()}}


def most_bytes(spec: TaskSpec) -> int:
    """Return the longest body of a request for one case, a file inside it counted."""
    terms = spec.input.files
    return max_body_bytes(spec) + (0 if terms is None else 4 * -(-_most_of(terms) // 3) + BESIDE_BYTES)


def body_too_large(spec: TaskSpec, error: BodyTooLarge) -> BodyTooLarge | InlineFileTooLarge:
    """Return the refusal of a body that is too long: where an upload takes more, it says so."""
    terms = spec.input.files
    return error if terms is None else _too_large(terms)


def read_inline_file(spec: TaskSpec, body: JsonObject) -> InlineFile | None:
    """Return the file in ``body``; None where it has none. Raises InvalidInput, InlineFileTooLarge, BodyTooLarge."""
    terms, features = spec.input.files, body.get("features")
    if terms is None or not isinstance(spec.input, FileInput) or not isinstance(features, dict):
        return None
    member = spec.input.member
    said, place = features.get(member), f"/features/{member}"
    if not isinstance(said, dict) or INLINE not in said:
        return None
    text = said[INLINE]
    if features.keys() != {member} or said.keys() - {MEDIA_TYPE} != {INLINE} or not isinstance(text, str):
        raise InvalidInput(place, EXPECTED)
    if len(text) > 4 * -(-_most_of(terms) // 3):
        raise _too_large(terms)
    data = _decoded(text, f"{place}/{INLINE}")
    if len(data) > _most_of(terms):
        raise _too_large(terms)
    _check_media_type(said, data, terms, f"{place}/{MEDIA_TYPE}")
    return InlineFile(member, data, digest_of(data))


def _most_of(terms: FileTerms) -> int:
    return min(INLINE_BYTES, terms.max_bytes)


def _too_large(terms: FileTerms) -> BodyTooLarge | InlineFileTooLarge:
    return InlineFileTooLarge(INLINE_BYTES) if terms.max_bytes > INLINE_BYTES else BodyTooLarge(terms.max_bytes)


def _decoded(text: str, place: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(place, "base64 of the standard alphabet with its padding, without line breaks") from error
    if not data:
        raise InvalidInput(place, "the bytes of a file, came none")
    return data


def _check_media_type(said: JsonObject, data: bytes, terms: FileTerms, place: str) -> None:
    """Raises InvalidInput for another type than the bytes have, where the task takes theirs."""
    found = type_of(data)
    right = [content_type_of(kind) for kind in terms.types if found not in terms.types or kind == found]
    if MEDIA_TYPE in said and said[MEDIA_TYPE] not in right:
        raise InvalidInput(place, f"{' or '.join(right)}, as the bytes are")
