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
