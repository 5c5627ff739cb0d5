"""Which requests take only the votes of people who are signed in to the service."""

from hitl.approval.asking import is_high_risk
from hitl.approval.kinds import GATED
from hitl.approval.rules import ApprovalRules
from hitl.approval.state import Approval


def needs_sign_in(approval: Approval, rules: ApprovalRules) -> bool:
    """What serves, what is configured as fixed, what is risky, and what has sealed parts, which nobody sees from outside."""
    is_fixed = approval.kind in GATED or rules.of(approval.kind).is_fixed
    return is_fixed or bool(approval.sealed) or is_high_risk(approval.context, approval.checks)
