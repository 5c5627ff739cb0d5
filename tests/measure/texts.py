"""``python -m tests.measure.texts FOLDER``: a head over a real sentence encoder on real messages: build/bench/texts.json.

FOLDER is where examples/encoders/export_minilm.py wrote the encoder. It wants the rows in HITL_DATASETS_DIR (docs/domains.md).
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.data_sources import split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.adapters.pictures.stored import StoredPictures
from hitl.cli.commands.recipe_files import read_text_recipe
from hitl.tasks import load_task
from tests.measure.command_line import command_line
from tests.measure.heads import ROWS, heads_compared
from tests.measure.reported import write_report
from training.encoding import encoding_of
from training.importing.text_encoders import import_text_encoder

EXAMPLES = Path(__file__).parents[2] / "examples"
TASK = EXAMPLES / "tasks" / "sms_encoder.yaml"
RECIPE = EXAMPLES / "encoders" / "minilm.yaml"
OUTPUT = Path("build/bench/texts.json")
STRENGTHS = (0.001, 0.01, 0.1, 1.0)
LEVELS = (0.01, 0.02, 0.05)


def measured(folder: Path, artifacts: str) -> dict[str, Any]:
    """``folder`` holds ``encoder.onnx`` and ``tokenizer.json``."""
    spec, store = load_task(TASK.read_text(encoding="utf-8"), str(TASK)), ArtifactStore(artifacts)
    recipe = read_text_recipe(RECIPE)
    digest = import_text_encoder(folder / "encoder.onnx", folder / "tokenizer.json", recipe, "", store).digest
    spec = spec.model_copy(update={"model": spec.model.model_copy(update={"encoder": digest})})
    encoding = encoding_of(spec, store, StoredPictures(""), lambda line: None)
    assert encoding is not None
    rows = held_out_sample(split(spec).holdout, tuple(spec.labels)).take(np.arange(ROWS))
    return {"texts": ROWS, **heads_compared(spec, encoding, encoding.encoded(rows), STRENGTHS, LEVELS)}


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("folder", type=Path, help="where examples/encoders/export_minilm.py wrote the encoder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as artifacts:
        write_report(OUTPUT, measured(given.folder, artifacts))


if __name__ == "__main__":
    main()
