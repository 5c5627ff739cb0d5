"""The audit trail: every entry with what the person saw and what followed, and a report for a period. Pure."""

from hitl.audit.report import Report, report
from hitl.audit.trail import Consequences, row_of

__all__ = ["Consequences", "Report", "report", "row_of"]
