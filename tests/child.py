"""A module of the tests in a process of its own, which reads a line of JSON and prints its result as JSON.

Nothing else of the tests is imported here: the process of each caller starts with this.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def begin(module: str, told: dict[str, Any]) -> "subprocess.Popen[str]":
    """Start ``module`` and tell it what to do."""
    process = subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(json.dumps(told) + "\n")
    process.stdin.close()
    return process


def result_of(process: "subprocess.Popen[str]") -> Any:
    """Wait for the end. Raises RuntimeError where the process failed."""
    assert process.stdout is not None
    text = process.stdout.read()
    if process.wait() != 0:
        raise RuntimeError(f"{process.args} ended with an error")
    return json.loads(text)
