"""The real label-studio-sdk (2.1.2), argilla (2.8.0) and datasets read what `hitl examples export` writes."""

import json
from pathlib import Path

import pytest

from hitl.integrations.labelling import FORMATS
from hitl.integrations.labelling.label_studio import label_config
from tests.clients.hosting import environment_of, program
from tests.clients.test_labelling_files import LABELS, case

pytestmark = pytest.mark.wide

PROGRAM = "tests/clients/programs/labelling_tools.py"


def test_label_studio_takes_the_tasks_and_their_annotations(tmp_path: Path) -> None:
    python = environment_of("label-studio", "label-studio-sdk==2.1.2")
    (tmp_path / "tasks.json").write_text(FORMATS["label-studio"].write([case(), case(label="ham")], LABELS))
    said = program(python, PROGRAM, "label-studio", str(tmp_path / "tasks.json"), label_config(LABELS)).communicate(timeout=120)[
        0
    ]
    assert said == "True True True\nTrue True True\n"


def test_argilla_reads_the_records_and_writes_what_we_read(tmp_path: Path) -> None:
    python = environment_of("argilla", "argilla==2.8.0", "requests")
    known = case(model_version="d" * 64, model_confidence=0.91)
    (tmp_path / "records.json").write_text(FORMATS["argilla"].write([known], LABELS))
    given = ("argilla", str(tmp_path / "records.json"), str(tmp_path / "again.json"))
    said = json.loads(program(python, PROGRAM, *given).communicate(timeout=120)[0])
    assert said == [[["ham", 0.91]], ["spam"]]
    (read,) = FORMATS["argilla"].read(json.loads((tmp_path / "again.json").read_text()))
    assert (read.external_id, read.features, read.answers) == (known.case_id, known.features, 1)


def test_datasets_load_the_rows(tmp_path: Path) -> None:
    python = environment_of("datasets", "datasets>=4")
    (tmp_path / "rows.jsonl").write_text(FORMATS["hf"].write([case(), case(label="ham")], LABELS))
    given = ("datasets", str(tmp_path / "rows.jsonl"), str(tmp_path))
    columns, labels = json.loads(program(python, PROGRAM, *given).communicate(timeout=180)[0])
    assert (labels, "feature.text" in columns) == (["spam", "ham"], True)
