"""The kind ``document``: pages, as a PDF or as one picture of a page."""

from typing import Annotated, Literal

from pydantic import Field

from hitl.blobs.file_types import FileTerms, PageType
from hitl.tasks.inputs.file import FileInput


class DocumentInput(FileInput):
    """``features`` is an object with one ``document``: the handle that `PUT /v1/tasks/{task}/blobs` answered with. A PDF has at
    most ``max_pages`` and no password; a picture of a page at most ``max_pixels``. A ``sensitive`` one is shown only on the
    record, and goes with an erased case."""

    member = "document"
    kind: Literal["document"]
    types: Annotated[list[PageType], Field(min_length=1)] = ["pdf"]
    max_bytes: Annotated[int, Field(ge=1024, le=32_000_000)] = 20_000_000
    max_pixels: Annotated[int, Field(ge=1024, le=100_000_000)] = 40_000_000
    max_pages: Annotated[int, Field(ge=1, le=200)] = 20

    @property
    def files(self) -> FileTerms:
        return FileTerms(self.types, self.max_bytes, self.max_pixels, self.max_pages)
