"""The audit trail: every entry with what the person saw and what followed, and a report for a period. Pure."""

from hitl.audit.report import ReportBuilder, report
from hitl.audit.trail import AuditRow, Consequences, row_of

__all__ = ["AuditRow", "Consequences", "ReportBuilder", "report", "row_of"]
