"""What an auditor reads: every entry with what the person saw and what came of it, and a report for a period. Pure."""

from hitl.audit.report import Report, report
from hitl.audit.trail import Consequences, row_of

__all__ = ["Consequences", "Report", "report", "row_of"]
