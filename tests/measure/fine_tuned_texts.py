"""``python -m tests.measure.fine_tuned_texts``: the small transformer on real messages, to build/bench/fine_tuned_texts.json.

It wants the rows in HITL_DATASETS_DIR (docs/domains.md) and starts a Ray of its own.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import ray

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.data_sources import split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.adapters.pictures.stored import StoredPictures
from hitl.inference import load
from hitl.inference.sample import TrainingSample
from hitl.tasks import TaskSpec, load_task
from tests.measure.command_line import no_options
from tests.measure.reported import write_report
from training.args import Compute
from training.encoding import RowReader
from training.fine_tuning.run import FineTuning

TASK = Path(__file__).parents[2] / "examples" / "tasks" / "sms_transformer.yaml"
OUTPUT = Path("build/bench/fine_tuned_texts.json")
LABELLED = (300, 1000, 3000)


def measured(spec: TaskSpec, folder: str) -> list[dict[str, Any]]:
    """One row for each number of labelled messages; all are judged on the same held-out ones."""
    parts, labels = split(spec), tuple(spec.labels)
    taught, held_out = held_out_sample(parts.initial, labels), held_out_sample(parts.holdout, labels)
    return [_judged(spec, taught.take(np.arange(count)), held_out, f"{folder}/{count}") for count in LABELLED]


def _judged(spec: TaskSpec, taught: TrainingSample, held_out: TrainingSample, folder: str) -> dict[str, Any]:
    compute = Compute(1, 0.5, 1, 1.0, False, 1.0, 0, "measure", folder)
    assert spec.model.fine_tune is not None
    reader, started = RowReader(StoredPictures("")), time.monotonic()
    tuning = FineTuning(spec, spec.model.fine_tune, reader, ArtifactStore(folder), compute, _say)
    params, packed = tuning.learn(taught, held_out.rows)
    took = time.monotonic() - started
    model = reader.measured(load(packed, tuple(spec.labels), spec.width))
    right = float((model.predict(held_out.rows).argmax(axis=1) == held_out.targets).mean())
    common = float((held_out.targets == np.bincount(held_out.targets).argmax()).mean())
    return {"labels": len(taught.rows), "accuracy": right, "commonest": common, "bytes": len(packed), "s": took, "params": params}


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def main() -> None:
    no_options(__doc__)
    spec = load_task(TASK.read_text(encoding="utf-8"), str(TASK))
    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    with tempfile.TemporaryDirectory() as folder:
        write_report(OUTPUT, {"held_out": spec.data.holdout_rows, "models": measured(spec, folder)})
    ray.shutdown()


if __name__ == "__main__":
    main()
