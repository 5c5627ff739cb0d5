"""A frozen data set is the same however its examples arrived, and never holds a held-out row."""

import io
import random
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet
import pytest

from hitl.adapters.files.data_sources import features_of, load, split
from hitl.errors import InvalidConfig
from hitl.learning import Example, freeze, split_rows
from hitl.learning.dataset import ExampleSource
from hitl.tasks import TaskSpec, load_tasks, vector_from
from hitl.tasks.answer_terms import NONE_OF_THESE
from training.data import freeze_data, parquet_of

TASKS = load_tasks(Path("configs/tasks").glob("*.yaml"))


def example(id: str, label: str = "cat", at: float | None = 1.0, features: tuple[float, ...] = (1.0, 2.0)) -> Example:
    return Example(id, features, label, 1.0, ExampleSource.REVIEW, at, "ann")


def case(spec: TaskSpec, number: int) -> dict[str, object]:
    rest = split(spec).rest
    answer = {"label": rest.labels[number], "weight": 1.0, "reviewer": "ann", "decided_at": 5.0}
    return answer | {"case_id": f"case{number}", "features": features_of(spec, rest.rows[number])}


def test_the_digest_does_not_depend_on_the_order_of_arrival() -> None:
    examples = [example(f"c{i}", features=(float(i), 0.0)) for i in range(50)]
    shuffled = random.Random(0).sample(examples, 50)
    assert freeze("t", examples, frozenset()).digest == freeze("t", shuffled, frozenset()).digest


def test_the_digest_is_the_same_in_every_process() -> None:
    data = freeze("t", [example("c1"), example("c2", "dog")], frozenset({(3.0, 4.0)}))
    assert data.digest == "b2a88543d8862b7cd19bb6cb200a349819e9c78a3f72976a822c6cc49e35cd24"


@pytest.mark.parametrize("change", [{"label": "dog"}, {"weight": 2.0}, {"features": (1.0, 2.5)}, {"reviewer": "bob"}])
def test_any_change_of_an_example_changes_the_digest(change: dict[str, object]) -> None:
    before, after = example("c1"), replace(example("c1"), **change)  # type: ignore[arg-type]
    assert freeze("t", [before], frozenset()).digest != freeze("t", [after], frozenset()).digest


def test_of_two_decisions_on_one_case_the_later_one_counts() -> None:
    early, late = example("c1", "cat", 1.0), example("c1", "dog", 2.0)
    kept = {freeze("t", pair, frozenset()).examples for pair in ([early, late], [late, early])}
    assert kept == {(late,)}


def test_an_example_that_equals_a_held_out_row_is_dropped_and_counted() -> None:
    data = freeze("t", [example("c1"), example("c2", features=(9.0, 9.0))], frozenset({(1.0, 2.0)}))
    assert [kept.id for kept in data.examples] == ["c2"]
    assert data.manifest()["held_out"]["dropped"] == 1


def test_the_manifest_counts_sources_labels_and_reviewers() -> None:
    initial = Example("r0", (5.0, 5.0), "dog", 1.0, ExampleSource.INITIAL)
    manifest = freeze("t", [example("c1"), initial], frozenset()).manifest()
    assert manifest["sources"] == {"initial": 1, "review": 1}
    assert manifest["reviewers"] == {"ann": 1}
    assert manifest["ids"] == ["c1", "r0"]


def test_the_parts_of_a_split_share_no_row_and_more_initial_rows_take_none_from_the_holdout() -> None:
    small, large = split_rows(100, 20, 10, 7), split_rows(100, 20, 50, 7)
    assert sorted([*small.holdout, *small.initial, *small.rest]) == list(range(100))
    assert list(small.holdout) == list(large.holdout)


def test_a_source_with_too_few_rows_is_refused() -> None:
    with pytest.raises(InvalidConfig, match="initial_rows"):
        split_rows(10, 8, 3, 0)


@pytest.mark.parametrize("name", ["digits", "breast_cancer"])
def test_every_row_of_a_bundled_task_fits_its_own_schema(name: str) -> None:
    spec = TASKS[name]
    rows = load(spec).rows
    assert all(vector_from(spec, features_of(spec, row)) == row.tolist() for row in rows)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_file_with_a_label_column_is_a_source(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"iris.{suffix}"
    table = pyarrow.table({"y": [1.0, 2.0, 3.0], "label": ["0", "1", "1"], "x": [4.0, 5.0, 6.0]})
    (pyarrow.csv.write_csv if suffix == "csv" else pyarrow.parquet.write_table)(table, file)
    digits = TASKS["digits"]
    source = digits.data.model_copy(update={"source": str(file), "initial_rows": 1, "holdout_rows": 1})
    two = digits.input.model_copy(update={"size": 2})
    assert load(digits.model_copy(update={"data": source, "input": two})).rows.tolist() == [[1, 4], [2, 5], [3, 6]]


def test_an_unknown_source_stops_with_its_name() -> None:
    data = TASKS["digits"].data.model_copy(update={"source": "sklearn.olivetti_faces"})
    with pytest.raises(InvalidConfig, match="olivetti_faces"):
        load(TASKS["digits"].model_copy(update={"data": data}))


def test_decided_cases_join_the_initial_rows_and_come_back_from_parquet() -> None:
    spec = TASKS["digits"]
    data = freeze_data(spec, split(spec), [case(spec, 0), case(spec, 1)])
    rows = pyarrow.parquet.read_table(io.BytesIO(parquet_of(data))).to_pylist()
    assert len(rows) == 102
    assert rows[0]["id"] == "case0"
    assert rows[0]["features"] == case(spec, 0)["features"]


def test_a_case_of_an_input_that_the_task_had_before_teaches_nothing_and_is_told() -> None:
    spec, told = TASKS["digits"], list[str]()
    data = freeze_data(spec, split(spec), [case(spec, 0) | {"features": [1.0]}, case(spec, 1)], told.append)
    assert [each.id for each in data.examples if each.id.startswith("case")] == ["case1"]
    assert told == ["1 decided cases are left out: they came while the task had another input"]


@pytest.mark.parametrize("label", [NONE_OF_THESE, "of before"])
def test_what_people_found_outside_of_the_labels_teaches_nothing(label: str) -> None:
    spec = TASKS["digits"]
    outside = {**case(spec, 0), "label": label}
    learned = {each.id for each in freeze_data(spec, split(spec), [outside, case(spec, 1)]).examples}
    assert "case1" in learned
    assert "case0" not in learned
