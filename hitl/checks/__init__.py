"""What programs can say of code and content before a person does: findings with their line and their reason. Nothing is run."""

from hitl.checks.code import check_code
from hitl.checks.content import POLICIES, check_content
from hitl.checks.finding import Finding, Report, Severity

__all__ = ["POLICIES", "Finding", "Report", "Severity", "check_code", "check_content"]
