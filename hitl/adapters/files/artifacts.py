"""A content-addressed store for models and data sets, in a directory or on any fsspec file system."""

from hitl.adapters.files.blobs import open_blobs
from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected, StoreUnavailable

HEX_LENGTH = 64


class ArtifactStore:
    """``uri`` is a path, ``file://…`` or an fsspec URI (``s3://bucket/prefix``). Safe for any number of writers and
    readers: a name's bytes never change. Blocks; use a thread in asyncio."""

    def __init__(self, uri: str) -> None:
        self._blobs = open_blobs(uri)

    def put(self, data: bytes) -> str:
        """Store ``data`` durably; returns its digest. Storing the same bytes again changes nothing."""
        digest = digest_of(data)
        try:
            self._blobs.write(_place(digest), data)
        except OSError as error:
            raise StoreUnavailable(f"artifacts: {error}") from error
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes of ``digest``. Raises ArtifactRejected when there are none or they are not the named ones."""
        if len(digest) != HEX_LENGTH or not set(digest) <= set("0123456789abcdef"):
            raise ArtifactRejected(digest, "not a SHA-256")
        try:
            data = self._blobs.read(_place(digest))
        except FileNotFoundError as error:
            raise ArtifactRejected(digest, "not in the store") from error
        except OSError as error:
            raise StoreUnavailable(f"artifacts: {error}") from error
        if digest_of(data) != digest:
            raise ArtifactRejected(digest, "the stored bytes have another digest")
        return data


def _place(digest: str) -> str:
    return f"{digest[:2]}/{digest}"
