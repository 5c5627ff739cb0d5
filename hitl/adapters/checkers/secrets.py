"""Run detect-secrets in a process with limits: its patterns may take long, and its settings are global."""

import sys
from pathlib import Path

import msgspec

import hitl
from hitl.adapters.checkers.limited import ProcessLimits, run_limited
from hitl.checks import Finding, Severity
from hitl.checks.secrets import secrets_in

LIMITS = ProcessLimits(wall_s=20.0, cpu_s=5)

PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from hitl.adapters.checkers.secrets import main; main()"
ARGV = (sys.executable, "-c", PROGRAM, str(Path(hitl.__file__).parents[1]))


async def find_secrets(text: str, limits: ProcessLimits = LIMITS) -> list[Finding]:
    """Its findings; one of severity unknown where it could not look at the whole text."""
    try:
        return msgspec.json.decode(await run_limited(ARGV, text, limits), type=list[Finding])
    except (TimeoutError, msgspec.DecodeError):
        return [Finding(1, "secret", "the search for secrets did not end within its limits", Severity.UNKNOWN)]


def main() -> None:
    """The process: a text in, its findings out."""
    text = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(msgspec.json.encode(list(secrets_in(text))))
