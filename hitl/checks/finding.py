"""A finding of a check, and the sum of all findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from hitl.canonical import JsonObject, to_plain


class Severity(StrEnum):
    """``unknown``: the check could not look, which is no good news."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    UNKNOWN = "unknown"


ORDER = (Severity.NONE, Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Finding:
    """``line`` counts from 1. The reason never repeats what was found: it is journalled."""

    line: int
    rule: str
    reason: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found, in the order of the lines, and the severity of the worst finding."""

    check: str
    severity: Severity
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class ContentReport:
    """``check`` names what looked; the severity is that of the worst finding."""

    check: str
    findings: list[Finding]

    @property
    def severity(self) -> Severity:
        return max((finding.severity for finding in self.findings), key=ORDER.index, default=Severity.NONE)

    def view(self) -> CheckReport:
        """Return the report as people see it."""
        return CheckReport(self.check, self.severity, by_line(self.findings))

    def plain(self) -> JsonObject:
        """Return the same as JSON, for the evidence of an approval."""
        return cast("JsonObject", to_plain(self.view()))


def by_line(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(dict.fromkeys(findings), key=lambda finding: (finding.line, finding.rule))
