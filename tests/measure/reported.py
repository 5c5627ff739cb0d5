"""The report of a bench, in its file and on standard output."""

import json
import sys
from pathlib import Path
from typing import Any


def write_report(file: Path, report: dict[str, Any]) -> None:
    """``report`` as indented JSON in ``file``, whose directory is made, and on standard output."""
    text = json.dumps(report, indent=1) + "\n"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def add_to_report(file: Path, name: str, section: dict[str, Any]) -> None:
    """Put ``section`` under ``name`` into the report in ``file``, in the place of its last one, where a report is there."""
    if file.is_file():
        whole = json.loads(file.read_text(encoding="utf-8")) | {name: section}
        file.write_text(json.dumps(whole, indent=2, sort_keys=True) + "\n", encoding="utf-8")
