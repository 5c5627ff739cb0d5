"""From labelled rows to a task file, and the reference of its keys."""

import csv
import importlib.util
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hitl.adapters.files.data_sources import split
from hitl.adapters.files.task_draft import draft_task
from hitl.cli.commands.task_files import tasks_app
from hitl.errors import InvalidConfig
from hitl.tasks import TaskSpec, load_task
from hitl.tasks.inputs import FieldsInput, TextInput

ROOT = Path(__file__).parents[2]


def written(folder: Path, header: list[str], rows: list[list[str]]) -> Path:
    file = folder / "rows.csv"
    with file.open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines).writerows([header, *rows])
    return file


LOANS = [[str(20 + at), "own" if at % 2 else "rent", str(at / 7), "yes" if at % 3 else "no"] for at in range(40)]
HEADER = ["age", "home", "debt", "repaid"]


def test_numbers_and_choices_become_fields_that_take_every_row(tmp_path: Path) -> None:
    spec = load_task(draft_task("loans", written(tmp_path, HEADER, LOANS), "repaid"), "a draft")
    assert isinstance(spec.input, FieldsInput)
    assert spec.labels == ["no", "yes"]
    assert [len(part.rows) for part in (split(spec).holdout, split(spec).initial, split(spec).rest)] == [10, 20, 10]


def test_a_lone_column_of_words_is_a_text(tmp_path: Path) -> None:
    rows = [[f"message number {at}", "spam" if at % 2 else "ham"] for at in range(60)]
    spec = load_task(draft_task("messages", written(tmp_path, ["body", "label"], rows)), "a draft")
    assert isinstance(spec.input, TextInput)
    assert (spec.input.field, spec.input.max_chars) == ("body", 34)
    assert len(split(spec).initial.rows) == 30


@pytest.mark.parametrize(
    ("header", "rows", "place"),
    [
        (["a", "b"], [["1", "x"]] * 20, "label"),
        (["a", "label"], [["1", "x"]] * 20, "2 to 50 labels"),
        (["a", "label"], [["1", "x"], ["2", "y"]], "rows"),
        (["a", "a"], [["1", "x"], ["2", "y"]] * 8, "header"),
        (["label"], [["x"], ["y"]] * 8, "columns"),
        (["a", "t", "label"], [["1", f"words {at}", "xy"[at % 2]] for at in range(60)], "a text beside other columns"),
    ],
)
def test_rows_without_a_task_are_refused_in_words(tmp_path: Path, header: list[str], rows: list[list[str]], place: str) -> None:
    with pytest.raises(InvalidConfig) as refused:
        draft_task("loans", written(tmp_path, header, rows))
    assert place in str(refused.value)


def test_the_command_writes_a_file_that_is_checked_and_none_over_another(tmp_path: Path) -> None:
    to, rows = tmp_path / "loans.yaml", written(tmp_path, HEADER, LOANS)
    argv = ["new", "loans", "--rows", str(rows), "--label", "repaid", "--to", str(to)]
    first, second = (CliRunner().invoke(tasks_app, argv) for _ in range(2))
    assert (first.exit_code, isinstance(second.exception, FileExistsError)) == (0, True)
    assert CliRunner().invoke(tasks_app, ["check", str(to)]).exit_code == 0


def test_the_reference_names_every_key() -> None:
    script = importlib.util.spec_from_file_location("make_task_file", ROOT / "docs" / "make_task_file.py")
    assert script is not None
    assert script.loader is not None
    module = importlib.util.module_from_spec(script)
    script.loader.exec_module(module)
    page = module.task_file_page()
    assert (ROOT / "docs" / "task-file.md").read_text(encoding="utf-8") == page, "run python docs/make_task_file.py"
    assert all(f"| `{name}` |" in page for name in TaskSpec.model_fields)


@pytest.mark.parametrize("file", sorted((ROOT / "examples" / "tasks").glob("*.yaml")), ids=lambda file: file.stem)
def test_every_example_is_a_task(file: Path) -> None:
    assert load_task(file.read_text(encoding="utf-8"), str(file)).task == file.stem
