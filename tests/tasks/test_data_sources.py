"""Cells of data files are read as the task declares their column, and never guessed."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hitl.adapters.files.data_sources import LabelledRows, load
from hitl.errors import InvalidConfig
from hitl.tasks import TaskSpec, load_task

TEXT = {"kind": "text"}
NUMBER = {"kind": "fields", "fields": [{"name": "x", "min": 0.0, "max": 1e6}]}
OPTIONAL = {"kind": "fields", "fields": [{"name": "x", "min": 0.0, "max": 1e6, "missing": 5.0}]}
VECTOR = {"kind": "vector", "size": 2, "min": 0.0, "max": 1.0}
AS_WRITTEN = ["007", "1e5", "true", "+49 30 12345", "1.10", "1_000", " 7", "0x1F", "2020-01-01", "NaN", "None", "1,5"]


def choice(*values: str) -> dict[str, Any]:
    return {"kind": "fields", "fields": [{"name": "x", "values": list(values)}]}


def task(given: dict[str, Any], labels: list[str], form: dict[str, Any], source: str) -> TaskSpec:
    data = {"source": source, "initial_rows": 1, "holdout_rows": 1, "form": form}
    model = {"family": "sklearn.linear_model.LogisticRegression"}
    spec = {"task": "t", "title": "T", "input": given, "labels": labels, "data": data, "model": model, "risk": "uncertified"}
    return load_task(json.dumps(spec), "t.yaml")


def csv_rows(folder: Path, data: str | bytes, given: dict[str, Any], labels: tuple[str, ...] = ("a", "b"), **form: Any) -> Any:
    (folder / "d.csv").write_bytes(data if isinstance(data, bytes) else data.encode())
    return load(task(given, list(labels), form, "d.csv"), folder)


def parquet_rows(folder: Path, cells: Any, given: dict[str, Any], labels: Any = ("a", "b")) -> LabelledRows:
    pq.write_table(pa.table({"x": cells, "label": labels}), folder / "d.parquet")
    return load(task(given, sorted({str(each) for each in labels}), {}, "d.parquet"), folder)


@pytest.mark.parametrize("cell", AS_WRITTEN)
def test_a_text_a_choice_and_a_label_are_read_as_written(tmp_path: Path, cell: str) -> None:
    quoted = f'"{cell}",a\n"x",b\n'
    assert csv_rows(tmp_path, "text,label\n" + quoted, TEXT).rows.tolist() == [cell, "x"]
    assert csv_rows(tmp_path, "x,label\n" + quoted, choice("x", cell)).rows.tolist() == [[0.0, 1.0], [1.0, 0.0]]
    assert csv_rows(tmp_path, f'x,label\n1,"{cell}"\n2,b\n', NUMBER, (cell, "b")).labels == [cell, "b"]


def test_a_column_of_numbers_alone_stays_text_without_quotes(tmp_path: Path) -> None:
    assert csv_rows(tmp_path, "text,label\n007,a\n010,b\n", TEXT).rows.tolist() == ["007", "010"]
    assert csv_rows(tmp_path, "x,label\n1,01\n2,1\n", NUMBER, ("01", "1")).labels == ["01", "1"]


def test_label_names_are_looked_up_by_the_cell_as_written(tmp_path: Path) -> None:
    found = csv_rows(tmp_path, "x,label\n1,01\n2,true\n", NUMBER, label_names={"01": "a", "true": "b"})
    assert found.labels == ["a", "b"]


@pytest.mark.parametrize(("cell", "number"), [("1e5", 1e5), ("007", 7.0), ("+1.5", 1.5), (" 2 ", 2.0), (".5", 0.5), ("3.", 3.0)])
def test_a_number_is_parsed_where_the_task_says_number(tmp_path: Path, cell: str, number: float) -> None:
    assert csv_rows(tmp_path, f"x,label\n{cell},a\n1,b\n", NUMBER).rows.tolist() == [[number], [1.0]]


@pytest.mark.parametrize("cell", ["1_000", "true", "??", "nan", "inf", "0x10", "1;5", "\u0661", "-1", "1e999"])
def test_what_is_no_number_of_the_field_is_refused_with_its_row_and_column(tmp_path: Path, cell: str) -> None:
    for given in (NUMBER, OPTIONAL):
        with pytest.raises(InvalidConfig, match="row 2: /features/x: expected a number"):
            csv_rows(tmp_path, f"x,label\n1,a\n{cell},b\n", given)


def test_an_empty_number_is_the_missing_value_where_the_field_has_one(tmp_path: Path) -> None:
    words = ["", "??"]
    assert csv_rows(tmp_path, "x,label\n,a\n??,b\n", OPTIONAL, missing=words).rows.tolist() == [[5.0, 1.0]] * 2
    with pytest.raises(InvalidConfig, match="row 1: /features/x"):
        csv_rows(tmp_path, "x,label\n,a\n1,b\n", NUMBER)


@pytest.mark.parametrize("data", ["text,label\nx,a\n,b\n", 'text,label\nx,a\n"",b\n'])
def test_an_empty_text_is_refused_with_its_row(tmp_path: Path, data: str) -> None:
    with pytest.raises(InvalidConfig, match="row 2: /features/text"):
        csv_rows(tmp_path, data, TEXT)


def test_an_empty_choice_is_no_choice_named_none(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfig, match="row 1: /features/x"):
        csv_rows(tmp_path, "x,label\n,a\nx,b\n", choice("None", "x"))


def test_an_empty_label_is_no_label_named_none(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfig, match="row 2, column 'label': expected a label"):
        csv_rows(tmp_path, "x,label\n1,b\n2,\n", NUMBER, ("None", "b"))


def test_an_unknown_label_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfig, match="row 2, label: label 'B' is not one"):
        csv_rows(tmp_path, "x,label\n1,a\n2,B\n", NUMBER)


@pytest.mark.parametrize(
    ("data", "form", "place"),
    [
        ("text,label\ncafé,a\n".encode("latin-1"), {}, "row 1, column 'text'"),
        ('text,label\n"two\nlines",a\nx,é\n'.encode("latin-1"), {}, "row 2, column 'label'"),
        ("x\ty\nz\té\n".encode("latin-1"), {"delimiter": "\t", "columns": ["text", "label"]}, "row 2, column 'label'"),
        ("téxt,label\nx,a\n".encode("latin-1"), {}, "row 0"),
        ("text,label\nx,a\n".encode("utf-16") + b"\x00", {"encoding": "utf-16"}, "row 2"),
    ],
)
def test_a_byte_of_another_encoding_is_refused_with_its_row_and_column(
    tmp_path: Path, data: bytes, form: dict[str, Any], place: str
) -> None:
    with pytest.raises(InvalidConfig, match=f"{place}.*: byte .* is not utf-"):
        csv_rows(tmp_path, data, TEXT, **form)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_a_file_in_the_declared_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    data = "text,label\ncafé,a\nthé,b\n".encode(encoding)
    assert csv_rows(tmp_path, data, TEXT, encoding=encoding).rows.tolist() == ["café", "thé"]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    assert csv_rows(tmp_path, b"\xef\xbb\xbftext,label\nx,a\ny,b\n", TEXT).rows.tolist() == ["x", "y"]


def test_a_column_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfig, match="'text' comes twice"):
        csv_rows(tmp_path, "text,text,label\nx,y,a\n", TEXT)


def test_a_vector_is_refused_at_the_cell_that_is_no_number_of_its_range(tmp_path: Path) -> None:
    assert csv_rows(tmp_path, "p,q,label\n0,1,a\n0.5,1e-1,b\n", VECTOR).rows.tolist() == [[0.0, 1.0], [0.5, 0.1]]
    for cell in ("", "x", "2", "nan"):
        with pytest.raises(InvalidConfig, match="row 2: /features/q"):
            csv_rows(tmp_path, f"p,q,label\n0,1,a\n0,{cell},b\n", VECTOR)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ([1, 2], ["1", "2"]),
        ([1.0, 2.5], ["1", "2.5"]),
        ([True, False], ["true", "false"]),
        ([Decimal("1.10"), Decimal("2.00")], ["1.10", "2.00"]),
        ([date(2020, 1, 1), date(2020, 1, 2)], ["2020-01-01", "2020-01-02"]),
    ],
)
def test_a_typed_cell_of_a_parquet_file_is_the_choice_that_writes_it(tmp_path: Path, cells: Any, values: list[str]) -> None:
    assert parquet_rows(tmp_path, cells, choice(*values)).rows.tolist() == [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize("cells", [[None, "x"], [b"None", b"x"], [["None"], ["x"]]])
def test_a_parquet_cell_without_a_text_is_refused(tmp_path: Path, cells: Any) -> None:
    with pytest.raises(InvalidConfig, match="row 1: /features/x"):
        parquet_rows(tmp_path, cells, choice("None", "x", "b'None'", "['None']"))


def test_a_label_of_a_parquet_file_may_be_a_number(tmp_path: Path) -> None:
    assert parquet_rows(tmp_path, [1.0, 2.0], NUMBER, labels=[0, 1]).labels == ["0", "1"]


@pytest.mark.parametrize("form", [{"encoding": "utf-99"}, {"encoding": "base64"}, {"columns": ["a", "a"]}])
def test_an_impossible_form_is_refused_when_the_task_is_read(form: dict[str, Any]) -> None:
    with pytest.raises(InvalidConfig, match=f"data.form.{next(iter(form))}"):
        task(TEXT, ["a", "b"], form, "d.csv")
