"""Run bandit on Python source in a process with limits. It parses the code and never runs it."""

import json
import re
import sys
from typing import Any

from hitl.adapters.checkers.limited import ProcessLimits, run_limited
from hitl.checks import Finding, Severity

TIMEOUT_S = 20.0
NOT_PYTHON = "bandit could not read it as Python"

# A comment in the code must not silence the check, and no configuration of the machine may.
ARGV = (sys.executable, "-m", "bandit", "--format", "json", "--quiet", "--ignore-nosec", "-")


async def bandit(code: str, timeout_s: float = TIMEOUT_S) -> list[Finding]:
    """Its findings; one of severity unknown where it could not look."""
    try:
        return _findings(await run_limited(ARGV, code, ProcessLimits(wall_s=timeout_s)))
    except TimeoutError:
        return [_blind(f"bandit did not end within {timeout_s:g} s")]


def _findings(output: bytes) -> list[Finding]:
    try:
        told: dict[str, Any] = json.loads(output)
    except ValueError:
        return [_blind("bandit gave no result")]
    if told["errors"]:
        return [_blind(NOT_PYTHON)]
    return [_finding(row) for row in told["results"]]


def _finding(row: dict[str, Any]) -> Finding:
    severity = Severity(str(row["issue_severity"]).lower()) if row["issue_severity"] != "UNDEFINED" else Severity.UNKNOWN
    return Finding(int(row["line_number"]), f"bandit-{row['test_id']}", _reason(str(row["issue_text"])), severity)


def _reason(text: str) -> str:
    """Cut the reason where bandit quotes the code: a password that it found must not stand in the journal.

    >>> _reason("Possible hardcoded password: 'hunter2'")
    'Possible hardcoded password'
    """
    return re.split(r"""[\s:]*['"(]""", text, maxsplit=1)[0]


def _blind(reason: str) -> Finding:
    return Finding(1, "bandit", reason, Severity.UNKNOWN)
