"""The sentence encoder beside the text model of hashed characters, on the same rows: build/bench/sentences.json.

``python -m tests.measure.sentences`` fits both on the initial rows of the text messages and judges both on the held-out ones. It
wants the extra ``encoder``, and the rows in HITL_DATASETS_DIR (docs/domains.md).
"""

import time
from pathlib import Path
from typing import Any

from hitl.adapters.files.data_sources import split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.inference import load, pack
from hitl.inference.encoder import installed_encoder
from hitl.inference.sample import TrainingSample
from hitl.learning.evidence import compare, judge
from hitl.tasks import TaskSpec, load_tasks
from tests.measure.command_line import no_options
from tests.measure.reported import write_report
from training.model import fit

OUTPUT = Path("build/bench/sentences.json")
FILES = {"characters": Path("configs/tasks/sms_spam.yaml"), "sentences": Path("examples/tasks/sms_sentences.yaml")}
SEED = 0
BAND = 0.95


def measured() -> dict[str, Any]:
    """Accuracy, log loss and what lies above the band for each way, and the paired comparison."""
    specs = {name: next(iter(load_tasks([file]).values())) for name, file in FILES.items()}
    parts, labels = split(specs["characters"]), tuple(specs["characters"].labels)
    learn, held_out = held_out_sample(parts.initial, labels), held_out_sample(parts.holdout, labels)
    said = {name: _probabilities(spec, learn, held_out) for name, spec in specs.items()}
    rows = {"initial_rows": len(learn.rows), "held_out_rows": len(held_out.rows)}
    judged = {name: judge(each, held_out.targets, labels, BAND) for name, each in said.items()}
    difference = compare(said["sentences"], said["characters"], held_out.targets)
    return {**rows, "seed": SEED, "ways": judged, "comparison": difference, "texts_per_s": _speed(parts.rest.rows[:200].tolist())}


def _probabilities(spec: TaskSpec, learn: TrainingSample, held_out: TrainingSample) -> Any:
    """By the model as it would serve: packed and loaded."""
    packed = pack(fit(spec.model.family, learn, spec.model.params, SEED))
    return load(packed, tuple(spec.labels), spec.width).predict(held_out.rows)


def _speed(texts: list[str]) -> float:
    """New texts a second on one thread."""
    begun = time.perf_counter()
    installed_encoder().encode(texts)
    return round(len(set(texts)) / (time.perf_counter() - begun), 1)


def main() -> None:
    no_options(__doc__)
    write_report(OUTPUT, measured())


if __name__ == "__main__":
    main()
