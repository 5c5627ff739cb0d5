"""The real label-studio-sdk (2.1.2), argilla (2.8.0), datasets and spaCy read what `hitl examples export` writes.

Prodigy is a commercial package: spaCy's own reader of its files (srsly) and text classifier stand in its place.
"""

import json
from pathlib import Path

import pytest

from hitl.integrations.labelling import FORMATS
from hitl.integrations.labelling.cases import rows_of
from hitl.integrations.labelling.label_studio import label_config
from tests.clients.argilla_server import ArgillaServer
from tests.clients.hosting import environment_of, program
from tests.clients.test_labelling_files import LABELS, case

pytestmark = pytest.mark.wide

PROGRAM = "tests/clients/programs/labelling_tools.py"
TWO = [case(case_id="c1", model_version="d" * 64, model_confidence=0.91), case(case_id="c2", label="ham")]


def write_cases(folder: Path, form: str) -> str:
    path = folder / f"cases.{form}"
    path.write_text(FORMATS[form].write(TWO, LABELS))
    return str(path)


def test_label_studio_takes_the_tasks_and_their_annotations(tmp_path: Path) -> None:
    python = environment_of("label-studio", "label-studio-sdk==2.1.2")
    given = (write_cases(tmp_path, "label-studio"), label_config(LABELS))
    said = program(python, PROGRAM, *given).communicate(timeout=120)[0]
    assert said == "True True True\nTrue True True\n"


def test_the_example_pushes_to_an_argilla_twice_and_pulls_what_we_read(tmp_path: Path) -> None:
    example = "examples/clients/argilla_dataset.py"
    server = ArgillaServer(tmp_path / "argilla")
    try:
        server.start()
        for _ in range(2):
            assert server.run(example, "push", "mail", write_cases(tmp_path, "argilla"), *LABELS).endswith("2 records\n")
        assert server.run(example, "pull", "mail", str(tmp_path / "again.json")).endswith("written\n")
    finally:
        server.kill()
    records = json.loads((tmp_path / "again.json").read_text())
    suggested = {each["id"]: each["suggestions"]["label"]["score"] for each in records}
    answered = {each["id"]: each["responses"]["label"][0]["value"] for each in records}
    assert (suggested["c1"], answered) == (0.91, {"c1": "spam", "c2": "ham"})
    assert [(each.features, each.answers) for each in FORMATS["argilla"].read(records)] == [(TWO[0].features, 1)] * 2


def test_the_example_loads_a_dataset_and_writes_rows_that_we_read(tmp_path: Path) -> None:
    python = environment_of("datasets", "datasets>=4")
    given = (write_cases(tmp_path, "hf"), str(tmp_path / "open.jsonl"))
    example = program(python, "examples/clients/huggingface_dataset.py", *given, HF_HOME=str(tmp_path))
    labels, columns = example.communicate(timeout=180)[0].split("] [")
    assert (labels in ("['spam'", "['ham'"), "'feature.text'" in columns) == (True, True)
    (left,) = FORMATS["hf"].read(rows_of((tmp_path / "open.jsonl").read_text()))
    assert (left.external_id in ("c1", "c2"), left.features, left.answers) == (True, TWO[0].features, 0)


def test_the_example_makes_training_data_of_spacy_from_a_file_for_prodigy(tmp_path: Path) -> None:
    python = environment_of("spacy", "spacy>=3.8")
    given = (write_cases(tmp_path, "prodigy"), str(tmp_path / "train.spacy"))
    assert program(python, "examples/clients/prodigy_to_spacy.py", *given).communicate(timeout=180)[0] == "2 texts\n"
    said = program(python, "tests/clients/programs/spacy_texts.py", str(tmp_path / "train.spacy")).communicate(timeout=180)[0]
    assert json.loads(said) == [[TWO[0].shown, {"ham": 0.0, "spam": 1.0}], [TWO[1].shown, {"ham": 1.0, "spam": 0.0}]]
