"""Settled reviews, closed approvals and workflows that left the store, on any fsspec file system: a file for some thousand.

reviews/review-<p>/<number>-<digest>.parquet   a row a case: ``case_id``, ``task``, and ``reviews``, the bytes that
                                               hitl.review.archiving.packed made, whose SHA-256 the journal has
approvals/approval/<number>-<digest>.parquet   a row an approval: ``approval_id``, ``task``, and ``approvals``, those that
                                               hitl.approval.archiving.packed made, and ``listed``
workflows/workflow/<number>-<digest>.parquet   a row an interaction, a case or a workflow of stages: ``object_id``, ``task``,
                                               ``workflows``, those that hitl.workflow.archiving.packed made, and ``listed``:
                                               its ``kind`` and ``order``, and the ``fields`` that lists choose it by

A file counts once the store names its number with its digest: only then do its rows leave the store. The last one that counts is
right about a case that stands in several.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple

import msgspec
import orjson

from hitl.adapters.files.archive import in_thread
from hitl.adapters.files.blobs import open_blobs
from hitl.adapters.files.settled_lists import ListedRow, ListedText, spans_of
from hitl.approval.listed import LISTED as APPROVAL_FIELDS
from hitl.approval.listed import place_at
from hitl.approval.listing import ARCHIVED
from hitl.canonical import digest_of
from hitl.errors import ChainBroken
from hitl.intake.segments import DIGITS
from hitl.workflow.listed import LISTED as WORKFLOW_FIELDS

SUFFIX = ".parquet"
SHOWN = 12
"""Characters of the digest in a name: a file never changes, another one takes its place."""

NAME = re.compile(rf"([0-9]{{{DIGITS}}})-([0-9a-f]{{{SHOWN}}}){re.escape(SUFFIX)}", re.ASCII)


class Layout(NamedTuple):
    """Where the files of a kind of shard are, and how their column of ids is called. Of each row that lists read its kind, what
    it is ordered by (the greatest comes first), and the fields that it is chosen by; none where memory answers lists."""

    folder: str
    id_column: str
    listed: tuple[str, ...] = ()
    kind: Callable[[Mapping[str, Any]], str] = lambda row: str(row["kind"])
    order: Callable[[Mapping[str, Any]], float] = lambda row: float(row["created_at"])

    def row(self, row_id: str, data: bytes) -> ListedRow:
        """Return what lists see of the object that is kept as ``data``."""
        row = orjson.loads(data)[0]
        fields = orjson.dumps({name: row[name] for name in self.listed if name in row})
        return ListedRow(row_id, ListedText(self.kind(row), self.order(row), msgspec.Raw(fields)))


def _approval_order(row: Mapping[str, Any]) -> float:
    """Oldest first. Older rows have no place."""
    return -float(row.get("place") or place_at(row["requested_at"]))


REVIEWS = Layout("reviews", "case_id")
APPROVALS = Layout("approvals", "approval_id", APPROVAL_FIELDS, lambda row: ARCHIVED, _approval_order)
WORKFLOWS = Layout("workflows", "object_id", WORKFLOW_FIELDS)
LISTED_COLUMN = "listed"
LISTED_TEXTS = msgspec.json.Decoder(list[ListedText])


class SettledFile(NamedTuple):
    """``digest`` is the SHA-256 of the file's bytes, or its first SHOWN characters where only the name is known; ``spans`` the
    JSON of hitl.adapters.files.settled_lists.Spans, empty for a layout without lists and for files of older versions."""

    number: int
    digest: str
    spans: str = ""

    @classmethod
    def from_stored(cls, number: int, stored: str) -> "SettledFile":
        """Return the file of ``number`` that the store's list has as ``stored``."""
        digest, _, spans = stored.partition(" ")
        return cls(number, digest, spans)

    @property
    def stored(self) -> str:
        """What the store's list has of it."""
        return f"{self.digest} {self.spans}" if self.spans else self.digest

    @property
    def name(self) -> str:
        return f"{self.number:0{DIGITS}d}-{self.digest[:SHOWN]}{SUFFIX}"


class SettledFiles:
    """The files of ``shard`` below ``uri``. The one that was read last stays in memory."""

    def __init__(self, uri: str, shard: str, layout: Layout = REVIEWS) -> None:
        self._blobs, self._shard, self.layout = open_blobs(uri), shard, layout
        self.name = f"{layout.folder} of {shard}"
        self._held: tuple[SettledFile, Mapping[str, bytes]] | None = None

    async def there(self) -> list[SettledFile]:
        """Return the files that are there, also those that never counted, by their names. Raises StoreUnavailable."""
        names = await in_thread(partial(self._blobs.names, f"{self.layout.folder}/{self._shard}"))
        return [SettledFile(int(found[1]), found[2]) for found in map(NAME.fullmatch, names) if found]

    async def write(self, number: int, cases: Mapping[str, bytes]) -> SettledFile:
        """Store the reviews of ``cases``, by id, durably, and read them back. Raises ChainBroken, StoreUnavailable."""
        data = await asyncio.to_thread(_packed, self.layout, cases)
        file = SettledFile(number, digest_of(data), await asyncio.to_thread(_spans, self.layout, cases))
        await in_thread(partial(self._blobs.write, self._place(file), data))
        if await self.read(file) != cases:
            raise ChainBroken(self.name, number)
        return file

    async def read(self, file: SettledFile) -> Mapping[str, bytes]:
        """Return the reviews of each case in ``file``. Raises ChainBroken where its bytes are others than were written,
        StoreUnavailable."""
        if self._held is None or self._held[0] != file:
            self._held = (file, await asyncio.to_thread(_unpacked, self.layout, await self._proved(file)))
        return self._held[1]

    async def listed(self, file: SettledFile) -> list[ListedRow]:
        """Return what lists choose by of each object in ``file``. Raises as ``read``."""
        return await asyncio.to_thread(_listed, self.layout, await self._proved(file))

    async def ids(self, file: SettledFile) -> set[str]:
        """Return the ids in a file that never counted, so that nothing proves it. Raises ChainBroken, StoreUnavailable."""
        data = await in_thread(partial(self._blobs.read, self._place(file)))
        if not digest_of(data).startswith(file.digest):
            raise ChainBroken(self.name, file.number)
        return set(await asyncio.to_thread(_unpacked, self.layout, data))

    async def _proved(self, file: SettledFile) -> bytes:
        data = await in_thread(partial(self._blobs.read, self._place(file)))
        if digest_of(data) != file.digest:
            raise ChainBroken(self.name, file.number)
        return data

    def _place(self, file: SettledFile) -> str:
        return place_of(self._shard, file, self.layout)

    async def remove(self, file: SettledFile) -> None:
        """Harmless for one that is not there. Raises StoreUnavailable."""
        await in_thread(partial(self._blobs.remove, self._place(file)))


def place_of(shard: str, file: SettledFile, layout: Layout = REVIEWS) -> str:
    """Return where the file of ``shard`` is, below the archive."""
    return f"{layout.folder}/{shard}/{file.name}"


def _packed(layout: Layout, cases: Mapping[str, bytes]) -> bytes:
    import pyarrow as pa  # only who moves or reads old reviews needs it
    import pyarrow.parquet as pq

    columns = {
        layout.id_column: pa.array(list(cases), pa.string()),
        "task": pa.array([orjson.loads(data)[0].get("task") for data in cases.values()], pa.string()),
        layout.folder: pa.array(list(cases.values()), pa.binary()).cast(pa.string()),
    }
    if layout.listed:
        columns[LISTED_COLUMN] = pa.array([_listed_text(layout, data) for data in cases.values()], pa.string())
    file = BytesIO()
    pq.write_table(pa.table(columns), file, compression="zstd")
    return file.getvalue()


def _unpacked(layout: Layout, data: bytes) -> dict[str, bytes]:
    """``data`` was proved before."""
    import pyarrow as pa  # as above
    import pyarrow.parquet as pq

    table = pq.read_table(pa.BufferReader(data), columns=[layout.folder, layout.id_column])
    return dict(zip(table[layout.id_column].to_pylist(), table[layout.folder].cast(pa.binary()).to_pylist(), strict=True))


def _listed_text(layout: Layout, data: bytes) -> str:
    return msgspec.json.encode(layout.row("", data).seen).decode()


def _listed(layout: Layout, data: bytes) -> list[ListedRow]:
    """``data`` was proved before. Files of older versions have no column for it."""
    import pyarrow as pa  # as above
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(data))
    if LISTED_COLUMN not in file.schema_arrow.names:
        return [layout.row(row_id, row) for row_id, row in _unpacked(layout, data).items()]
    table = file.read(columns=[layout.id_column, LISTED_COLUMN])
    seen = LISTED_TEXTS.decode(f"[{','.join(table[LISTED_COLUMN].to_pylist())}]")
    return list(map(ListedRow, table[layout.id_column].to_pylist(), seen))


def _spans(layout: Layout, cases: Mapping[str, bytes]) -> str:
    if not layout.listed:
        return ""
    return orjson.dumps(spans_of(layout.row(row_id, data) for row_id, data in cases.items())).decode()
