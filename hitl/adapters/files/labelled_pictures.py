"""Labelled pictures on disk: a folder with one folder for each label, or a table whose cells name files beside it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hitl.blobs.file_types import FileTerms, check_file
from hitl.canonical import digest_of
from hitl.errors import InvalidConfig, InvalidInput
from hitl.inference.pictures import PictureRow
from hitl.inference.rows import PICTURE, Rows
from hitl.tasks.data_source import FileForm

LABEL = "label"


def table_of_folder(root: Path, column: str, form: FileForm) -> dict[str, list[Any]]:
    """Return the pictures under ``root`` by their paths, in order, and the labels that their folders name. Files and folders
    whose names begin with a dot are left out. Raises InvalidConfig for an empty folder."""
    files = [each for each in sorted(root.glob("*/**/*")) if each.is_file() and not _is_hidden(each, root)]
    if not files:
        raise InvalidConfig(str(root), "data", "expected one folder for each label, with its pictures")
    names = [each.relative_to(root).parts[0] for each in files]
    return {column: [str(each.relative_to(root)) for each in files], LABEL: [form.label_names.get(name, name) for name in names]}


def picture_rows(root: Path, cells: Sequence[Any], terms: FileTerms) -> Rows:
    """Return the pictures that ``cells`` name, by paths under ``root``. Raises InvalidConfig that names the row, for a path out
    of ``root``, a file that is not there, and one that the task would not take."""
    return PICTURE.array([_picture(root, cell, terms, number) for number, cell in enumerate(cells, start=1)])


def _picture(root: Path, cell: Any, terms: FileTerms, number: int) -> PictureRow:
    where = f"row {number}"
    if not isinstance(cell, str) or not (root / cell).resolve().is_relative_to(root.resolve()):
        raise InvalidConfig(str(root), where, "expected the path of a picture under this folder")
    file = root / cell
    try:
        data = file.read_bytes()
        check_file(data, terms)
    except (OSError, InvalidInput) as error:
        raise InvalidConfig(str(file), where, str(error)) from error
    if len(data) > terms.max_bytes:
        raise InvalidConfig(str(file), where, f"expected at most {terms.max_bytes} bytes, as input.max_bytes says")
    return PictureRow(digest_of(data), file=str(file.absolute()))


def _is_hidden(file: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(root).parts)
