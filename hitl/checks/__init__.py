"""Static checks of code and content before people see it: findings with line and reason. Nothing is run."""

from hitl.checks.code import check_code
from hitl.checks.content import POLICIES, check_content
from hitl.checks.finding import CheckReport, ContentReport, Finding, Severity

__all__ = ["POLICIES", "CheckReport", "ContentReport", "Finding", "Severity", "check_code", "check_content"]
