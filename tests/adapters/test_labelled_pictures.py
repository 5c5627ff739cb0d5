"""Labelled pictures as a task's data source: folders of labels, tables of paths, and what is refused."""

from pathlib import Path

import pytest

from hitl.adapters.files.data_sources import load, split
from hitl.canonical import digest_of
from hitl.errors import InvalidConfig
from hitl.tasks import TaskSpec, load_task
from tests.fixtures.encoders import LABELS, labelled_picture, task_file, write_pictures


def spec(source: str = "pictures", held_out: int = 3) -> TaskSpec:
    return load_task(task_file("a" * 64, source, initial=3, held_out=held_out), "a file")


def test_each_folder_is_a_label(tmp_path: Path) -> None:
    write_pictures(tmp_path / "pictures", 3)
    (tmp_path / "pictures" / "calm" / ".hidden").write_bytes(b"")
    parts = split(spec(), tmp_path)
    everything = load(spec(), tmp_path)
    assert (len(everything.rows), everything.labels) == (9, sorted([*LABELS] * 3))
    assert [len(part.rows) for part in (parts.holdout, parts.initial, parts.rest)] == [3, 3, 3]
    first = everything.rows[0]
    assert (first.sha256, first.file) == (digest_of(Path(first.file).read_bytes()), str(tmp_path / "pictures/calm/0000.png"))


def test_a_table_names_files_beside_it(tmp_path: Path) -> None:
    write_pictures(tmp_path / "all" / "pictures", 1)
    lines = [f"pictures/{label}/0000.png,{label}" for label in LABELS]
    (tmp_path / "all" / "labelled.csv").write_text("\n".join(["image,label", *lines]))
    found = load(spec("all/labelled.csv", 1), tmp_path)
    assert found.labels == [*LABELS]
    assert [row.file.split("/")[-2] for row in found.rows] == [*LABELS]


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("../secret.png", "under this folder"),
        ("/etc/passwd", "under this folder"),
        ("none.png", "No such file"),
        ("text.png", "a file of type"),
    ],
)
def test_a_table_cannot_name_what_is_no_picture_beside_it(tmp_path: Path, cell: str, why: str) -> None:
    (tmp_path / "secret.png").write_bytes(labelled_picture("calm", 0))
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "text.png").write_bytes(b"no picture")
    (tmp_path / "all" / "labelled.csv").write_text(f"image,label\n{cell},calm\n")
    with pytest.raises(InvalidConfig, match=why):
        load(spec("all/labelled.csv", 1), tmp_path)


def test_a_folder_without_labels_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "loose.png").write_bytes(labelled_picture("calm", 0))
    with pytest.raises(InvalidConfig, match="one folder for each label"):
        load(spec(), tmp_path)


def test_a_folder_of_another_label_is_refused(tmp_path: Path) -> None:
    write_pictures(tmp_path / "pictures", 1)
    (tmp_path / "pictures" / "calm").rename(tmp_path / "pictures" / "quiet")
    with pytest.raises(InvalidConfig, match="'quiet' is not one of"):
        load(spec(), tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (f"encoder: {'a' * 64}, ", "", "model.encoder"),
        ("a" * 64, "abc", "model.encoder"),
        ("family: encoder_head", "family: declared", "encoder"),
        ("kind: image", "kind: document", "reads pictures and texts alone"),
        ("C: 0.1", "depth: 3", "no such parameter"),
        ("data: {source: pictures, initial_rows: 3, holdout_rows: 3}\n", "", "labelled rows"),
    ],
)
def test_a_task_file_that_cannot_work_is_refused(before: str, after: str, why: str) -> None:
    text = task_file("a" * 64, initial=3, held_out=3)
    assert before in text
    with pytest.raises(InvalidConfig, match=why):
        load_task(text.replace(before, after), "a file")
