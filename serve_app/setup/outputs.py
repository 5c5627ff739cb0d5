"""Files for other programs, beside the artifacts."""

import asyncio

from hitl.adapters.files.blobs import open_blobs
from hitl.errors import StoreUnavailable


class OutputStore:
    """A serve_app.api KeepOutput below ``uri``: the same place always gets the same bytes."""

    def __init__(self, uri: str) -> None:
        self._uri = uri.rstrip("/") if "://" in uri else f"file://{uri.rstrip('/')}"

    async def __call__(self, place: str, data: bytes) -> str:
        try:
            await asyncio.to_thread(lambda: open_blobs(self._uri).write(place, data))
        except OSError as error:
            raise StoreUnavailable(f"artifacts: {error}") from error
        return f"{self._uri}/{place}"
