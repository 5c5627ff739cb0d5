"""Rules that are a pattern each: what a line must look like, and why that matters."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hitl.checks.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """``holds`` looks closer at what the pattern found; None: the pattern is enough."""

    name: str
    pattern: re.Pattern[str]
    reason: str
    severity: Severity
    holds: Callable[[str], bool] | None = None


def rule(name: str, pattern: str, reason: str, severity: Severity, holds: Callable[[str], bool] | None = None) -> Rule:
    return Rule(name, re.compile(pattern, re.IGNORECASE), reason, severity, holds)


PIECE, OVERLAP = 2_000, 200
"""Characters of a line that are looked at together: patterns cost more than their share on one endless line."""


def hits(text: str, rules: Sequence[Rule]) -> Iterator[Finding]:
    """At most one finding a rule and line."""
    for number, line in enumerate(text.splitlines(), 1):
        for each in rules:
            if any(_holds(each, piece) for piece in _pieces(line)):
                yield Finding(number, each.name, each.reason, each.severity)


def _pieces(line: str) -> list[str]:
    return [line[at : at + PIECE + OVERLAP] for at in range(0, len(line), PIECE)]


def _holds(each: Rule, piece: str) -> bool:
    return any(each.holds is None or each.holds(match.group()) for match in each.pattern.finditer(piece))
