"""Rows a second through the engine beside the bare torch forward on the same batches, on this machine's device."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import torch

from hitl.inference import Mlp, TorchMlp

WIDTH, HIDDEN, CLASSES = 64, 64, 10
SECONDS, ROUNDS = 0.4, 5


def measured() -> list[dict[str, Any]]:
    """Medians of rounds that take turns."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [_of_batch(rows) for rows in (64, 4096)]
    finally:
        torch.set_num_threads(threads)


def _of_batch(rows: int) -> dict[str, Any]:
    module = Mlp(WIDTH, HIDDEN, CLASSES).eval()
    engine = TorchMlp(tuple(map(str, range(CLASSES))), module, {})
    batch = np.random.default_rng(0).normal(size=(rows, WIDTH)).astype(np.float32)
    ways = {"engine": lambda: engine.predict(batch), "bare": lambda: _bare(module, batch)}
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, call in ways.items():
            speeds[name].append(rows * _calls_per_s(call))
    ours, bare = median(speeds["engine"]), median(speeds["bare"])
    return {"rows": rows, "engine_rows_per_s": round(ours), "bare_rows_per_s": round(bare), "ratio": round(ours / bare, 3)}


def _bare(module: Mlp, batch: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    with torch.inference_mode():
        return np.asarray(torch.softmax(module(torch.from_numpy(batch)), 1).numpy())


def _calls_per_s(call: Callable[[], Any]) -> float:
    call()
    count, start = 0, time.perf_counter()
    while time.perf_counter() < start + SECONDS:
        call()
        count += 1
    return count / (time.perf_counter() - start)
