"""Requests and answers of ``human_layer``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

from hitl.client.answer_types import ApprovalView, Finding, Tally

GRANTED = frozenset({"approved", "deployed"})
"""The statuses of what people approved. Nothing else is a yes: not silence, not an error, not an address that is away."""


class AskedOption(TypedDict):
    """A choice for the approvers: what they read, the value that is told, and whether the asker recommends it."""

    label: str
    value: str
    recommended: NotRequired[bool]


class AskedDefault(TypedDict):
    """What silence means, in words: the option's value, and why."""

    option: str
    reason: str


@dataclass(frozen=True, slots=True)
class HumanApprovalRequest:
    """``type`` is the kind; ``timeout`` in seconds, None: the urgency's own; ``options`` are ``{label, value, recommended}``;
    ``default`` says in words what silence means, ``{option, reason}``; None: it is not approved.
    ``sensitive`` names keys of ``context`` and ``metadata`` that are sealed, and shown only by a reveal."""

    type: str
    title: str
    description: str = ""
    context: Mapping[str, object] = field(default_factory=dict)
    options: tuple[AskedOption, ...] = ()
    urgency: str = "medium"
    timeout: float | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    id: str | None = None
    policy: Mapping[str, object] = field(default_factory=dict)
    default: AskedDefault | None = None
    sensitive: tuple[str, ...] = ()

    def body(self) -> Mapping[str, object]:
        """Return the request as the service takes it."""
        asked: dict[str, object] = {
            "kind": self.type,
            "title": self.title,
            "description": self.description,
            "context": self.context,
            "options": list(self.options),
            "urgency": self.urgency,
            "metadata": self.metadata,
        }
        given: dict[str, object] = {
            "timeout": self.timeout,
            "id": self.id,
            "policy": self.policy or None,
            "default": self.default,
            "sensitive": list(self.sensitive) or None,
        }
        return {**asked, **{name: value for name, value in given.items() if value is not None}}


@dataclass(frozen=True, slots=True)
class ApprovalStatus:
    """``status`` is pending, approved, rejected, expired, cancelled, deployed or failed; ``tally`` what the votes add up to."""

    id: str
    status: str
    choice: str | None
    expires_at: float
    tally: Tally
    approval: ApprovalView = field(repr=False)

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
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ComplianceResult:
    is_compliant: bool
    severity: str
    policies: tuple[str, ...]
    findings: tuple[Finding, ...]
