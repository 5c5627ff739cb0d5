"""Draft a task file from a CSV file of labelled rows: a first version for people to edit, which the service would take."""

import csv
from math import ceil, floor, isfinite, log10
from pathlib import Path
from typing import TypeAlias

import yaml

from hitl.canonical import JsonObject
from hitl.errors import InvalidConfig

MOST_VALUES = 50
"""Different words of a column that is a choice. One with more is a text."""

FEWEST_ROWS = 8
MARGIN = 0.1
"""Of a number's range, beyond the smallest and the largest that the rows have."""

FAMILY = "sklearn.linear_model.LogisticRegression"
"""Reads numbers and texts, and learns from few rows."""

Column: TypeAlias = list[str]


def draft_task(name: str, file: Path, label_column: str = "label") -> str:
    """Return the text of a task file. Raises InvalidConfig for rows that no task can be drafted from, naming the column."""
    columns = _read(file)
    if label_column not in columns:
        raise InvalidConfig(str(file), label_column, f"no such column; there are {', '.join(columns)}: say --label")
    labels = sorted(set(columns.pop(label_column)))
    if not 2 <= len(labels) <= MOST_VALUES:
        raise InvalidConfig(str(file), label_column, f"expected 2 to {MOST_VALUES} labels, came {len(labels)}")
    rows = len(next(iter(columns.values()), []))
    task = {
        "task": name,
        "title": name.replace("_", " ").replace("-", " ").capitalize(),
        "description": "What do people decide here, and by what?",
        "input": _input(columns, file),
        "labels": labels,
        "data": _source(file, label_column, rows),
        "model": {"family": FAMILY},
        "risk": {"level": 0.05, "confidence": 0.9},
    }
    return HEAD.format(file=file.name) + yaml.safe_dump(task, sort_keys=False, allow_unicode=True, width=130)


HEAD = """\
# Drafted from {file}: look at each line, above all at the bounds and at who reads this. docs/task-file.md has every key.
"""


def _read(file: Path) -> dict[str, Column]:
    with file.open(newline="", encoding="utf-8") as lines:
        header, *rows = list(csv.reader(lines)) or [[]]
    if len(rows) < FEWEST_ROWS or any(len(row) != len(header) for row in rows):
        raise InvalidConfig(str(file), "rows", f"expected a header and at least {FEWEST_ROWS} rows of as many cells")
    if len({*header}) != len(header) or "" in header:
        raise InvalidConfig(str(file), "header", "expected a name of its own for each column")
    return {name: [row[at] for row in rows] for at, name in enumerate(header)}


def _source(file: Path, label_column: str, rows: int) -> JsonObject:
    """A quarter judges models, a half trains the first one; the rest is left for a trial."""
    form: JsonObject = {} if label_column == "label" else {"form": {"label_column": label_column}}
    return {"source": str(file.absolute()), **form, "seed": 0, "initial_rows": rows // 2, "holdout_rows": rows // 4}


def _input(columns: dict[str, Column], file: Path) -> JsonObject:
    if not columns:
        raise InvalidConfig(str(file), "columns", "expected at least one beside the label")
    texts = [name for name, cells in columns.items() if not _is_numeric(cells) and len(set(cells)) > MOST_VALUES]
    if not texts:
        return {"kind": "fields", "fields": [_field(name, cells) for name, cells in columns.items()]}
    if len(columns) > 1:
        raise InvalidConfig(str(file), texts[0], "a text beside other columns: keep the text alone, or leave it out")
    longest = max(map(len, columns[texts[0]]))
    return {"kind": "text", "field": texts[0], "max_chars": min(100_000, 2 * longest)}


def _field(name: str, cells: Column) -> JsonObject:
    if not _is_numeric(cells):
        return {"name": name, "values": [*sorted(set(cells))]}
    numbers = [float(cell) for cell in cells]
    low, high = min(numbers), max(numbers)
    margin = MARGIN * ((high - low) or abs(high) or 1.0)
    step = 10.0 ** (floor(log10(margin)))
    first = 0.0 if 0 <= low < margin else floor((low - margin) / step) * step
    return {"name": name, "min": round(first, 9), "max": round(ceil((high + margin) / step) * step, 9)}


def _is_numeric(cells: Column) -> bool:
    try:
        return all(isfinite(float(cell)) for cell in cells)
    except ValueError:
        return False
