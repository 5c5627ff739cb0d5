"""A Parquet file scored by Ray Data: workers that hold the model, blocks in order, an output that appears whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import ray
import torch
from ray.data import ActorPoolStrategy, DataContext

from hitl.canonical import digest_of
from hitl.errors import ArtifactRejected
from hitl.inference import load
from hitl.inference.bulk import scored
from hitl.tasks import TaskSpec

ROWS_A_BATCH = 16_384


@dataclass(frozen=True, slots=True)
class Scoring:
    """What to score with: the bytes of ``artifact`` must have ``digest``."""

    spec: TaskSpec
    digest: str
    artifact: bytes


class Scorer:
    """One worker: loads the model once, on one thread, since there is one worker a core. Raises ArtifactRejected."""

    def __init__(self, scoring: Scoring) -> None:
        torch.set_num_threads(1)
        if digest_of(scoring.artifact) != scoring.digest:
            raise ArtifactRejected(scoring.digest, "the bytes have another digest")
        self._scoring = scoring
        self._classifier = load(scoring.artifact, tuple(scoring.spec.labels), scoring.spec.width)

    def __call__(self, table: pa.Table) -> pa.Table:
        return scored(table, self._scoring.spec, self._classifier, self._scoring.digest)


@contextmanager
def ray_for(workers: int) -> Iterator[None]:
    """The Ray of RAY_ADDRESS, else one of this process's own."""
    address = os.environ.get("RAY_ADDRESS", "local")
    own = {"num_cpus": workers + 1, "include_dashboard": False} if address == "local" else {}
    ray.init(address=address, log_to_driver=False, logging_level="ERROR", **own)
    try:
        yield
    finally:
        ray.shutdown()


def score_file(source: Path, target: Path, scoring: Scoring, workers: int, told: Callable[[int], None]) -> int:
    """Writes ``target`` and returns how many rows did not fit. ``told`` hears of rows as they are done. Needs a Ray."""
    context = DataContext.get_current()
    context.enable_progress_bars, context.execution_options.preserve_order = False, True
    data = ray.data.read_parquet(str(source)).map_batches(
        Scorer,
        fn_constructor_args=(scoring,),
        batch_format="pyarrow",
        batch_size=ROWS_A_BATCH,
        compute=ActorPoolStrategy(size=workers),
        num_cpus=0.5,  # beside it the readers need their place
    )
    with _appearing(target) as fresh:
        return _write(data.iter_batches(batch_format="pyarrow", batch_size=None), fresh, told)


def _write(tables: Iterator[pa.Table], file: Path, told: Callable[[int], None]) -> int:
    unfit, writer = 0, None
    try:
        for table in tables:
            writer = writer or pq.ParquetWriter(file, table.schema)
            writer.write_table(table)
            unfit += table["label"].null_count
            told(table.num_rows)
    finally:
        if writer is not None:
            writer.close()
    return unfit


@contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """A file beside ``target`` that takes its name at the end, and is gone after a failure."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    try:
        yield Path(name)
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)
