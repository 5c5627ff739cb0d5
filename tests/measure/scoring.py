"""Files of one and nine million rows through ``hitl score``'s workers, beside numpy and torch in one process alone, and in one
process on each core at once, where they share caches and memory as the workers do.

Workers take seconds to start, whatever the file, and not always as many; the rate is that of the eight million rows between the
two files.
"""

import os
import tempfile
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch

from hitl.adapters.ray.bulk_scoring import ROWS_A_BATCH, Scoring, ray_for, score_file
from hitl.canonical import digest_of
from hitl.inference import Mlp, TorchMlp, pack, torch_mlp
from tests.running import task_spec

ROWS = int(os.environ.get("HITL_BENCH_ROWS", "1000000"))
LARGER, ROUNDS = 9, 3


def measured() -> list[dict[str, Any]]:
    """Rows a second for each core, without the start of Ray and of the workers; and the seconds of a whole small file."""
    spec = task_spec("digits")
    model = TorchMlp(tuple(spec.labels), Mlp(spec.width, 64, len(spec.labels)), {})
    artifact, cores = pack(model), len(os.sched_getaffinity(0))
    scoring = Scoring(spec, digest_of(artifact), artifact)
    with tempfile.TemporaryDirectory() as folder:
        small, large, target = (Path(folder) / name for name in ("small", "large", "out"))
        _write(small, ROWS, spec.width)
        _write(large, LARGER * ROWS, spec.width)
        with ray_for(cores), ProcessPoolExecutor(cores, get_context("spawn")) as beside:
            rounds = [_round(small, large, target, scoring, model, cores, beside) for _ in range(ROUNDS)]
    small_s, large_s, alone_s, each_s = (median(each) for each in zip(*rounds, strict=True))
    alone, each, ours = ROWS / alone_s, ROWS / each_s, (LARGER - 1) * ROWS / (large_s - small_s) / cores
    row = {"rows": ROWS, "workers": cores, "rows_per_s_and_core": round(ours), "alone_rows_per_s": round(alone)}
    more = {"ratio": round(ours / alone, 3), "on_each_core_rows_per_s": round(each), "ratio_to_each_core": round(ours / each, 3)}
    return [{**row, **more, "seconds": round(small_s, 1), "seconds_of_larger": round(large_s, 1)}]


def _round(
    small: Path, large: Path, target: Path, scoring: Scoring, model: TorchMlp, cores: int, beside: Executor
) -> tuple[float, float, float, float]:
    """Seconds of the small file, the large one, of the small one in this process alone, and in a process on each core."""
    scored = [_timed(lambda file=file: score_file(file, target, scoring, cores, lambda rows: None)) for file in (small, large)]
    tries = ([small] * cores, [target.with_name(f"out{core}") for core in range(cores)], [scoring.artifact] * cores)
    list(beside.map(_alone_with, *tries))  # the first time they import what they need
    return scored[0], scored[1], _timed(lambda: _alone(small, target, model)), max(beside.map(_alone_with, *tries))


def _alone_with(source: Path, target: Path, artifact: bytes) -> float:
    """Seconds; in a process of its own."""
    spec = task_spec("digits")
    model = torch_mlp.from_bytes(artifact, tuple(spec.labels), spec.width)
    return _timed(lambda: _alone(source, target, model))


def _write(file: Path, rows: int, width: int) -> None:
    rng, writer = np.random.default_rng(0), None
    for first in range(0, rows, 50_000):
        n = min(50_000, rows - first)
        values = pa.array(rng.integers(0, 17, n * width).astype(np.float32))
        features = pa.ListArray.from_arrays(np.arange(0, n * width + 1, width, dtype=np.int32), values)
        table = pa.table({"id": np.arange(first, first + n), "features": features})
        writer = writer or pq.ParquetWriter(file, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _alone(source: Path, target: Path, model: TorchMlp) -> None:
    """The same columns, by a loop that anybody would write."""
    labels, writer = np.asarray(model.labels), None
    for batch in pq.ParquetFile(source).iter_batches(ROWS_A_BATCH, use_threads=False):
        rows = batch["features"].flatten().to_numpy().reshape(-1, model.width)
        with torch.inference_mode():
            said = torch.softmax(model._module(torch.tensor(rows)), 1).numpy()
        entropy = -(said * np.log(said + 1e-8)).sum(axis=1)
        columns = {"id": batch["id"], "label": labels[said.argmax(axis=1)], "probability": said.max(axis=1), "entropy": entropy}
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(target, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _timed(run: Any) -> float:
    threads, begun = torch.get_num_threads(), time.perf_counter()
    torch.set_num_threads(1)
    run()
    torch.set_num_threads(threads)
    return time.perf_counter() - begun
