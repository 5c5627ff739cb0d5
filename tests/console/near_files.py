"""The application in the test's own process, with cases that have files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes
from typing import Any, TypeVar

from hitl.adapters.checkers.decoder import FileDecoder
from hitl.adapters.files.blob_store import BlobStore
from hitl.blobs.handle import FileFacts
from hitl.blobs.ownership import mint_handle
from hitl.blobs.sealed import seal_blob
from hitl.tasks import TaskSpec, load_task
from serve_app.setup.case_files import CaseFiles
from tests.console.near import Near, near
from tests.running import ROOT

World = TypeVar("World", bound="NearFiles")


class NearFiles(Near):
    """An example task over files, not sealed here; the files lie in ``folder``."""

    def __init__(self, folder: Path, task: str) -> None:
        super().__init__(undo_s=60.0)
        self.tasks[task] = self.example(task)
        self.files = BlobStore(str(folder))
        self.ports = replace(self.ports, files=CaseFiles(self.files, FileDecoder()))

    @staticmethod
    def example(task: str) -> TaskSpec:
        text = (ROOT / "examples" / "tasks" / f"{task}.yaml").read_text(encoding="utf-8")
        return load_task(text, task).model_copy(update={"sealed": False})

    def put_file(
        self, task: str, label: str, member: str, data: bytes, facts: FileFacts, beside: Mapping[str, object] | None = None
    ) -> str:
        """Let a case with this file wait; returns its id. ``beside`` is what else its payload has."""
        handle, blob = mint_handle(b"s" * 32, "client", task, 1_700_000_000.0, facts, token_bytes)
        self.files.put(blob.name, seal_blob(data, blob.name, blob.data_key, token_bytes))
        features: dict[str, Any] = {member: handle.plain()}
        return self.do(self.case_of(task, task, label, {"features": features, "metadata": {}, **(beside or {})}))


@contextmanager
def near_files(made: World) -> Iterator[World]:
    """``made``, served until the end."""
    with near(made):
        yield made
        assert made.ports.files is not None
        made.do(made.ports.files.decoder.close())
