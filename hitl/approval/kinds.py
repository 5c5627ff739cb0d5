"""What an approval can be about, and how pressing it is."""

from enum import StrEnum


class ApprovalKind(StrEnum):
    """``model_deployment``, ``policy_change`` and ``task_change`` decide what serves: they are bound to the
    digest of those bytes, and only votes approve them. The others are bound to the digest of what was shown."""

    CODE_EXECUTION = "code_execution"
    CONTENT_PUBLISHING = "content_publishing"
    WORKFLOW = "workflow"
    AI_DECISION = "ai_decision"
    MODEL_DEPLOYMENT = "model_deployment"
    POLICY_CHANGE = "policy_change"
    TASK_CHANGE = "task_change"
    CUSTOM = "custom"


class Urgency(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


GATED = frozenset({ApprovalKind.MODEL_DEPLOYMENT, ApprovalKind.POLICY_CHANGE, ApprovalKind.TASK_CHANGE})
"""What serves is decided by a quorum for exactly these bytes; silence and defaults never approve them."""
