"""Requests and answers of ``human_layer``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GRANTED = frozenset({"approved", "deployed"})
"""The statuses of what people approved. Nothing else is a yes: not silence, not an error, not an address that is away."""


@dataclass(frozen=True, slots=True)
class HumanApprovalRequest:
    """``type`` is the kind; ``timeout`` in seconds, None: the urgency's own; ``options`` are ``{label, value, recommended}``;
    ``default`` says in words what silence means, ``{option, reason}``; None: it is not approved.
    ``sensitive`` names keys of ``context`` and ``metadata`` that are sealed, and shown only by a reveal."""

    type: str
    title: str
    description: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[Mapping[str, Any], ...] = ()
    urgency: str = "medium"
    timeout: float | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None
    policy: Mapping[str, Any] = field(default_factory=dict)
    default: Mapping[str, Any] | None = None
    sensitive: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        given: dict[str, Any] = {"timeout": self.timeout, "id": self.id, "policy": self.policy or None, "default": self.default}
        given["sensitive"] = list(self.sensitive) or None
        said = {"kind": self.type, "title": self.title, "description": self.description, "context": self.context}
        rest = {"options": list(self.options), "urgency": self.urgency, "metadata": self.metadata}
        return {**said, **rest, **{name: value for name, value in given.items() if value is not None}}


@dataclass(frozen=True, slots=True)
class ApprovalStatus:
    """``status`` is pending, approved, rejected, expired, cancelled, deployed or failed; ``tally`` what the votes add up to."""

    id: str
    status: str
    choice: str | None
    expires_at: float
    tally: Mapping[str, Any]
    approval: Mapping[str, Any] = field(repr=False)

    @property
    def is_pending(self) -> bool:
        return self.status == "pending"


@dataclass(frozen=True, slots=True)
class HumanApprovalResponse:
    """``approved`` only where people approved it, or where the request said in words that silence would."""

    id: str
    approved: bool
    status: str
    choice: str | None
    approvers: tuple[str, ...]
    comments: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class HumanLayerMetrics:
    total: int
    pending: int
    approval_rate: float | None
    rejection_rate: float | None
    timeout_rate: float | None
    average_decision_s: float | None
    by_kind: Mapping[str, int]
    by_status: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SecurityAnalysis:
    """``findings`` are ``{line, rule, reason, severity}``."""

    is_safe: bool
    severity: str
    findings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ComplianceResult:
    is_compliant: bool
    severity: str
    policies: tuple[str, ...]
    findings: tuple[Mapping[str, Any], ...]
