"""A finding of a check, and the sum of all findings."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


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
class Report:
    """``check`` names what looked; the severity is that of the worst finding."""

    check: str
    findings: list[Finding]

    @property
    def severity(self) -> Severity:
        return max((finding.severity for finding in self.findings), key=ORDER.index, default=Severity.NONE)

    def plain(self) -> dict[str, Any]:
        """As approvers see it, in the order of the lines."""
        rows = [asdict(finding) | {"severity": finding.severity.value} for finding in by_line(self.findings)]
        return {"check": self.check, "severity": self.severity.value, "findings": rows}


def by_line(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(dict.fromkeys(findings), key=lambda finding: (finding.line, finding.rule))
