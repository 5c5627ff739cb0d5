"""``python -m tests.measure.pictures``: a head over a real encoder on real pictures, with few labels and with many.

The models are made, calibrated and judged as a retraining does it, without a service. Then a threshold is certified on pictures
that neither model saw, and its error is counted on the last ones: build/wide/pictures.json.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.labelled_pictures import picture_rows
from hitl.adapters.files.labelled_sample import indices_of
from hitl.adapters.pictures.stored import StoredPictures
from hitl.cli.commands.recipe_files import read_recipe
from hitl.inference.sample import TrainingSample
from hitl.tasks import TaskSpec, load_task
from tests.measure.command_line import no_options
from tests.measure.heads import ROWS, heads_compared
from tests.measure.real_pictures import PLACE, real_encoder, real_pictures
from training.encoding import Encoding, encoding_of
from training.importing.encoders import import_encoder

EXAMPLES = Path(__file__).parents[2] / "examples"
TASK = EXAMPLES / "tasks" / "picture_topics.yaml"
RECIPE = EXAMPLES / "encoders" / "open_nsfw.yaml"
OUTPUT = "Reshape:0"
AT_ONCE = 50
"""Pictures between two writes of what was encoded: a run that ends early is gone on with."""

STRENGTHS = (0.0001, 0.001, 0.01, 0.1)


def main() -> None:
    no_options(__doc__)
    report = measured()
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "pictures.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=2) + "\n")


def measured() -> dict[str, Any]:
    spec, store = load_task(TASK.read_text(encoding="utf-8"), str(TASK)), ArtifactStore(str(PLACE / "artifacts"))
    digest = import_encoder(real_encoder(), read_recipe(RECIPE), OUTPUT, store).digest
    spec = spec.model_copy(update={"model": spec.model.model_copy(update={"encoder": digest})})
    pictures = StoredPictures("")
    encoding = encoding_of(spec, store, pictures, lambda line: None)
    assert encoding is not None
    everything = _encoded(encoding, _sample(spec))
    pictures.close()
    return {"pictures": len(everything.rows), **heads_compared(spec, encoding, everything, STRENGTHS)}


def _sample(spec: TaskSpec) -> TrainingSample:
    files, terms = real_pictures()[:ROWS], spec.input.files
    assert terms is not None
    rows = picture_rows(Path("/"), [str(file.relative_to("/")) for file, _ in files], terms)
    labels = tuple(spec.labels)
    return TrainingSample(rows, indices_of([label for _, label in files], labels), np.ones(len(rows), np.float32), labels)


def _encoded(encoding: Encoding, sample: TrainingSample) -> TrainingSample:
    """The sample's vectors; those of a run before are read back."""
    file = PLACE / f"vectors-{encoding.encoder.digest[:12]}.npz"
    known = dict(np.load(file)) if file.exists() else {}
    new = np.array([at for at, row in enumerate(sample.rows) if row.sha256 not in known], dtype=np.int64)
    for start in range(0, len(new), AT_ONCE):
        part = sample.take(new[start : start + AT_ONCE])
        known |= dict(zip([row.sha256 for row in part.rows], encoding.encoded(part).rows, strict=True))
        np.savez(file, **known)
    return replace(sample, rows=np.stack([known[row.sha256] for row in sample.rows]))


if __name__ == "__main__":
    main()
