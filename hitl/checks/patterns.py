"""Rules that consist of one pattern each, with the reason why a match matters.

RE2 searches for them: its time grows with the length of the text alone, whatever the text is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import re2

from hitl.checks.finding import Finding, Severity
from hitl.checks.plain_text import plain_lines

FOUND = 1
"""The group that ``holds`` looks at; what stands around it is only the condition."""


class Match(Protocol):
    def group(self, group: int) -> bytes: ...

    def start(self, group: int = 0) -> int: ...

    def end(self, group: int = 0) -> int: ...


class LinePattern(Protocol):
    """Of the bytes of ``plain_lines``."""

    def search(self, text: bytes, pos: int = 0) -> Match | None: ...


@dataclass(frozen=True, slots=True)
class CheckRule:
    """``holds`` looks closer at what the pattern found; None: the pattern is enough. With ``holds`` a pattern is of bounded
    length and its first group is what counts: a search that goes on after it must not read the rest of the line again."""

    name: str
    pattern: LinePattern
    reason: str
    severity: Severity
    holds: Callable[[str], bool] | None = None


def linear(pattern: str) -> LinePattern:
    """``pattern`` in any case, within one line."""
    options = re2.Options()
    options.never_nl = True
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    made: LinePattern = re2.compile(b"(?im)" + pattern.encode(), options)
    return made


def rule(name: str, pattern: str, reason: str, severity: Severity, holds: Callable[[str], bool] | None = None) -> CheckRule:
    return CheckRule(name, linear(pattern), reason, severity, holds)


def hits(text: str, rules: Sequence[CheckRule]) -> Iterator[Finding]:
    """Yield at most one finding a rule and line, in the order of the lines."""
    plain = plain_lines(text)
    found = [Finding(number, each.name, each.reason, each.severity) for each in rules for number in _lines_of(each, plain)]
    yield from sorted(found, key=lambda finding: finding.line)


def _lines_of(each: CheckRule, plain: bytes) -> Iterator[int]:
    """Yield the numbers of the lines, from 1: after a hit the search goes on in the next line."""
    at, line, counted = 0, 1, 0
    while (match := each.pattern.search(plain, at)) is not None:
        if not _holds(each, match):
            at = match.end(FOUND)
            continue
        start = match.start(FOUND if each.holds else 0)
        line, counted = line + plain.count(b"\n", counted, start), start
        yield line
        at = plain.find(b"\n", start) + 1
        if not at:
            return


def _holds(each: CheckRule, match: Match) -> bool:
    return each.holds is None or each.holds(match.group(FOUND).decode("ascii"))
