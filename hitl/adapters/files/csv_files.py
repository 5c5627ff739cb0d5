"""Read a CSV file with every cell as written: what a cell means is for the task to say, never for the reader to guess."""

import csv
from collections import Counter
from io import StringIO
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from hitl.errors import InvalidConfig
from hitl.tasks.data_source import FileForm


def read_csv(path: Path, form: FileForm) -> pa.Table:
    """Read the table of a file, all columns texts; null where a cell is one of ``form.missing`` and not quoted. Raises OSError,
    pa.ArrowInvalid, or InvalidConfig that names the row and the column of a byte that is not in the file's encoding."""
    data = _decoded(path, form).encode()
    parse = pa.csv.ParseOptions(
        delimiter=form.delimiter, quote_char='"' if form.quoted else False, newlines_in_values=form.quoted
    )
    names = form.columns or _names(data, parse)
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InvalidConfig(str(path), "columns", f"{twice[0]!r} comes twice")
    convert = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        null_values=form.missing,
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    return pa.csv.read_csv(pa.BufferReader(data), pa.csv.ReadOptions(column_names=form.columns), parse, convert)


def _decoded(path: Path, form: FileForm) -> str:
    data = path.read_bytes()
    try:
        return data.decode(form.encoding)
    except UnicodeDecodeError as error:
        place = _place(data[: error.start].decode(form.encoding, errors="replace"), form)
        why = f"byte {error.start} (0x{data[error.start]:02x}) is not {form.encoding}: data.form.encoding says what the file is"
        raise InvalidConfig(str(path), place, why) from error


def _place(before: str, form: FileForm) -> str:
    """Return where a file stands after the text ``before``: its row, counted from 1 below the header, and its column."""
    text = StringIO(before + "?", newline="")
    if form.quoted:
        rows = list(csv.reader(text, delimiter=form.delimiter))
    else:
        rows = list(csv.reader(text, delimiter=form.delimiter, quoting=csv.QUOTE_NONE))
    names, at = form.columns or rows[0], len(rows[-1]) - 1
    number = len(rows) if form.columns else len(rows) - 1
    return f"row {number}, column {names[at]!r}" if number and at < len(names) else f"row {number}"


def _names(data: bytes, parse: pa.csv.ParseOptions) -> list[str]:
    """Return the header. A streaming reader stops behind the first block."""
    return list(pa.csv.open_csv(pa.BufferReader(data), parse_options=parse).schema.names)
