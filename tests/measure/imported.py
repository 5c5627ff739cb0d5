"""Measure an imported model against the same one as it was trained here, to build/bench/imported.json.

Both answer the same rows through the predictor's own function, in turns, in one process.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from typing import Any

import numpy as np
import torch

from hitl.inference import load
from hitl.inference.torch_mlp import Mlp, TorchMlp
from serve_app.decisions.predictor import Loaded, predictions_of
from tests.measure.command_line import no_options
from tests.running import ROOT
from training.importing.modules import module_original
from training.importing.original import Wanted

FILE = ROOT / "build" / "bench" / "imported.json"
BATCHES = (1, 16, 64)
WIDTH, HIDDEN, LABELS = 64, 64, tuple("0123456789")
ROUNDS, CALLS = 9, 100


def main() -> None:
    no_options(__doc__)
    report = asyncio.run(measured())
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=2) + "\n")


async def measured() -> dict[str, Any]:
    """Microseconds a call, medians of ROUNDS alternating rounds, and what the imported one takes of the other's."""
    here, imported = models()
    rows = np.random.default_rng(0).standard_normal((max(BATCHES), WIDTH)).astype(np.float32)
    differ = np.abs(here.classifier.predict(rows) - imported.classifier.predict(rows)).max()
    found: dict[str, Any] = {"load_average": os.getloadavg()[0], "largest_difference": float(differ), "batches": {}}
    for count in BATCHES:
        took = [(await _call_us(here, rows[:count]), await _call_us(imported, rows[:count])) for _ in range(ROUNDS)]
        ours, theirs = (statistics.median(each) for each in zip(*took, strict=True))
        found["batches"][count] = {"torch_mlp_us": ours, "onnx_us": theirs, "ratio": theirs / ours}
    return found


def models() -> tuple[Loaded, Loaded]:
    torch.manual_seed(0)
    module = Mlp(WIDTH, HIDDEN, len(LABELS))
    bundle = module_original(module, Wanted(LABELS, WIDTH)).bundle
    both = (TorchMlp(LABELS, module, {}).to_bytes(), bundle.to_bytes())
    here, imported = (Loaded(name, load(data, LABELS, WIDTH, "cpu"), True) for name, data in zip("ab", both, strict=True))
    return here, imported


async def _call_us(model: Loaded, rows: np.ndarray) -> float:
    started = time.perf_counter()
    for _ in range(CALLS):
        await predictions_of(model, rows, "entropy")
    return (time.perf_counter() - started) / CALLS * 1e6


if __name__ == "__main__":
    main()
