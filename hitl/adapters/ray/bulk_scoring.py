"""A Parquet file scored by Ray Data: workers that hold the model and read their own parts of the file, scores in order, an
output that appears whole or not at all. Only scores pass through Ray's object store: features are read where they are used.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from stat import S_IMODE

import pyarrow as pa
import pyarrow.parquet as pq
import ray
from ray.data import ActorPoolStrategy, DataContext
from threadpoolctl import threadpool_limits

from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected
from hitl.inference import load
from hitl.inference.bulk import scored
from hitl.tasks import TaskSpec

ROWS_A_BATCH = 16_384
PIECES_A_WORKER = 4
"""So that no worker waits long for the last one."""

MAX_PIECE_ROWS = 8 * ROWS_A_BATCH
"""Scores wait in memory until those before them are written, and are told of a piece at a time. Ray Data copies ten tables and
more of a piece into one."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """The model of a scoring run: the bytes of ``artifact`` must have ``digest``."""

    spec: TaskSpec
    digest: str
    artifact: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """Part ``part`` of ``parts`` equal ones of the rows in row groups ``first`` to ``last``, inclusive."""

    first: int
    last: int
    part: int = 0
    parts: int = 1

    def within(self, rows: int) -> tuple[int, int]:
        """Return the first row and the one after the last, of groups with ``rows``."""
        return rows * self.part // self.parts, rows * (self.part + 1) // self.parts


def pieces(groups: int, rows: int, workers: int) -> list[Piece]:
    """Split a file into parts of some row groups, one for a worker at a time. Where there are fewer groups than workers,
    the groups are cut, and each part's reader skips what is before it.

    >>> [(each.first, each.last, each.part) for each in pieces(1, 1000, 2)]
    [(0, 0, 0), (0, 0, 1)]
    """
    if groups < workers:
        parts = -(-workers // groups)
        return [Piece(group, group, part, parts) for group in range(groups) for part in range(parts)]
    count = min(groups, max(workers * PIECES_A_WORKER, -(-rows // MAX_PIECE_ROWS)))
    return [Piece(groups * i // count, groups * (i + 1) // count - 1) for i in range(count)]


class BulkScorer:
    """One worker: loads the model once, on one thread, since there is one worker a core. Raises ArtifactRejected."""

    def __init__(self, source: str, scoring: Scoring) -> None:
        if digest_of(scoring.artifact) != scoring.digest:
            raise ArtifactRejected(scoring.digest, "the bytes have another digest")
        self._source, self._scoring = source, scoring
        self._classifier = load(scoring.artifact, tuple(scoring.spec.labels), scoring.spec.width)
        threadpool_limits(1)

    def __call__(self, batch: pa.Table) -> Iterator[pa.Table]:
        for piece in batch.to_pylist():
            for table in _tables(self._source, Piece(**piece)):
                yield self.scored(table)

    def scored(self, table: pa.Table) -> pa.Table:
        return scored(table, self._scoring.spec, self._classifier, self._scoring.digest)


def _tables(source: str, piece: Piece) -> Iterator[pa.Table]:
    """Yield the rows of ``piece``, up to ROWS_A_BATCH at a time."""
    with pq.ParquetFile(source) as file:
        groups = range(piece.first, piece.last + 1)
        first, end = piece.within(sum(file.metadata.row_group(group).num_rows for group in groups))
        at = 0
        for batch in file.iter_batches(ROWS_A_BATCH, row_groups=list(groups), use_threads=False):
            low, at = at, at + batch.num_rows
            if at > first:
                yield pa.Table.from_batches([batch.slice(max(first - low, 0), min(at, end) - max(first, low))])
            if at >= end:
                return


@contextmanager
def ray_for(workers: int) -> Iterator[None]:
    """The Ray of RAY_ADDRESS, else one of this process's own, whose workers stand behind nobody: they are what was asked for."""
    os.environ.setdefault("RAY_worker_niceness", "0")
    address = os.environ.get("RAY_ADDRESS", "local")
    own = {"num_cpus": workers + 1, "include_dashboard": False} if address == "local" else {}
    ray.init(address=address, log_to_driver=False, logging_level="ERROR", **own)
    try:
        yield
    finally:
        ray.shutdown()


def score_file(source: Path, target: Path, scoring: Scoring, workers: int, told: Callable[[int], None]) -> int:
    """Writes ``target`` and returns how many rows did not fit. ``told`` hears of rows as they are done. Needs a Ray."""
    with _appearing(target) as fresh:
        return _write(_scores(source, scoring, workers), fresh, told)


def _scores(source: Path, scoring: Scoring, workers: int) -> Iterator[pa.Table]:
    file = pq.read_metadata(source)
    if not file.num_rows:
        empty = file.schema.to_arrow_schema().empty_table()
        return iter([BulkScorer(str(source), scoring).scored(empty)])
    parts = pieces(file.num_row_groups, file.num_rows, workers)
    context = DataContext.get_current()
    context.enable_progress_bars, context.execution_options.preserve_order = False, True
    data = ray.data.from_items([asdict(piece) for piece in parts], override_num_blocks=len(parts)).map_batches(
        BulkScorer,
        fn_constructor_args=(str(source.absolute()), scoring),
        batch_format="pyarrow",
        batch_size=1,
        compute=ActorPoolStrategy(size=workers),
    )
    tables: Iterator[pa.Table] = iter(data.iter_batches(batch_format="pyarrow", batch_size=None))
    return tables


def _write(tables: Iterator[pa.Table], file: Path, told: Callable[[int], None]) -> int:
    unfit, writer = 0, None
    try:
        for table in tables:
            writer = writer or pq.ParquetWriter(file, table.schema, use_dictionary=_repeating(table.schema))
            writer.write_table(table)
            unfit += table["label"].null_count
            told(table.num_rows)
    finally:
        if writer is not None:
            writer.close()
    return unfit


def _repeating(schema: pa.Schema) -> list[str]:
    """Return the columns that a dictionary makes smaller: scores hardly repeat, and to find that out costs a third of the
    writing."""
    return [field.name for field in schema if not pa.types.is_floating(field.type)]


@contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """A file beside ``target`` that takes its name at the end, and is gone after a failure. It can be read by whom the file
    that it replaces could be read by; a new one by whom the umask says, not by its owner alone."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    try:
        yield Path(name)
        Path(name).chmod(_mode_of(target))
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)


def _mode_of(target: Path) -> int:
    try:
        return S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0o077)  # the only way to read it is to set it; what another thread makes meanwhile stays private
        os.umask(mask)
        return 0o666 & ~mask
