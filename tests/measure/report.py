"""A report of measurements: build/<name>/report.json and the same as a table."""

import json
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.measure.model import trained
from tests.running import ROOT, Running, deploy, running


def keep(name: str, report: dict[str, Any]) -> Path:
    """Where ``report`` lies now, with the machine it was measured on; whole, or the one before it."""
    file = ROOT / "build" / name / "report.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    machine = {"cpus": os.cpu_count(), "load_before": os.getloadavg()[0], "python": platform.python_version()}
    made = file.with_suffix(".new")
    made.write_text(json.dumps({**report, "machine": machine}, indent=2, sort_keys=True) + "\n")
    return made.replace(file)


def write(name: str, report: dict[str, Any]) -> None:
    """``keep`` the report and show it."""
    file = keep(name, report)
    console = Console()
    for title, rows in report.items():
        if isinstance(rows, list) and rows:
            console.print(_table(title, rows))
    console.print(str(file))


@contextmanager
def deployed() -> Iterator[Running]:
    """A service of its own with a model that serves digits."""
    with tempfile.TemporaryDirectory(prefix="hitl-") as folder, running(Path(folder)) as service:
        deploy(service, trained(service))
        yield service


def _table(title: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(*rows[0], title=title)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    return table
