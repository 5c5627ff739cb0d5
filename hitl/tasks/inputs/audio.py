"""The kind ``audio``: one recording, heard as a whole."""

from typing import Annotated, Literal

from pydantic import Field

from hitl.blobs.file_types import AudioType, FileTerms
from hitl.inference.rows import RECORDING
from hitl.tasks.inputs.file import FileInput


class AudioInput(FileInput):
    """``features`` is an object with one ``audio``: the handle that `PUT /v1/tasks/{task}/blobs` answered with. A recording has
    one of ``types`` by its first bytes, at most ``max_bytes``, ``max_seconds`` and ``max_channels``. The answer is about all of
    it. A ``sensitive`` one is played only on the record, and goes with an erased case."""

    form = RECORDING
    member = "audio"
    kind: Literal["audio"]
    types: Annotated[list[AudioType], Field(min_length=1)] = ["wav", "flac", "ogg", "mp3"]
    max_bytes: Annotated[int, Field(ge=1024, le=32_000_000)] = 20_000_000
    max_seconds: Annotated[int, Field(ge=1, le=1800)] = 600
    max_channels: Annotated[int, Field(ge=1, le=2)] = 2

    @property
    def files(self) -> FileTerms:
        return FileTerms(self.types, self.max_bytes, max_seconds=self.max_seconds, max_channels=self.max_channels)
