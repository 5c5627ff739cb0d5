"""A hitl.inference.pictures.PictureSource over the store of cases' files and over labelled files on disk."""

from pathlib import Path

from hitl.adapters.checkers.pixel_reader import PixelReader
from hitl.adapters.files.blob_store import BlobStore
from hitl.blobs.file_types import type_of
from hitl.blobs.handle import BlobHandle
from hitl.blobs.ownership import open_handle
from hitl.blobs.sealed import open_blob
from hitl.canonical import digest_of
from hitl.errors import InvalidInput, NotFound, StoreUnavailable
from hitl.inference.pictures import PictureRecipe, PictureRow, Pixels


class StoredPictures:
    """``blob_uri`` is where cases' files lie, sealed; a handle has the key. One decoding process, which starts with the first
    picture."""

    def __init__(self, blob_uri: str) -> None:
        self._uri, self._reader = blob_uri, PixelReader()
        self._store: BlobStore | None = None

    def pixels(self, row: PictureRow, recipe: PictureRecipe) -> Pixels:
        """Raises NotFound for a file that is gone, InvalidInput for one that cannot be decoded, SealBroken, StoreUnavailable."""
        data = _labelled(row) if row.handle is None else self._brought(row.handle)
        kind = type_of(data)
        if kind is None or kind == "pdf":
            raise InvalidInput("", "a picture")
        try:
            return self._reader.read(data, kind, recipe)
        except InvalidInput as error:  # in a folder of thousands people must know which one
            raise InvalidInput(row.file, error.expected) from error

    def close(self) -> None:
        """End the decoding process."""
        self._reader.close()

    def _brought(self, handle: BlobHandle) -> bytes:
        self._store = self._store or BlobStore(self._uri)
        blob = open_handle(handle)
        sealed = self._store.get(blob.name)
        if sealed is None:
            raise NotFound("picture", handle.sha256)
        return open_blob(sealed, blob.name, blob.data_key, handle.sha256)


def _labelled(row: PictureRow) -> bytes:
    try:
        data = Path(row.file).read_bytes()
    except OSError as error:
        raise StoreUnavailable(f"labelled pictures: {error}") from error
    if digest_of(data) != row.sha256:
        raise InvalidInput("", f"the picture {row.file} as it was when the run began")
    return data
