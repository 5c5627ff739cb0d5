"""What can be asked of a task's serving state. ``by`` comes from a token or names the part of the service that asks."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class AdoptPolicy:
    """Let the approved policy with version ``digest`` route the task: the commit point of a policy change. ``lapsed`` as of a
    Deploy."""

    approval_id: str
    digest: str
    lapsed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RevertPolicy:
    """Let a policy route again that was adopted before; ``digest`` None: the one of the task's configuration."""

    task: str
    digest: str | None
    operator: str
    reason: str


@dataclass(frozen=True, slots=True)
class Certify:
    """Let cases of each segment in ``thresholds`` be automatic from its threshold on; None: none of them.

    ``certificate`` is the whole evidence, with ``versions`` = ``{"model", "policy", ...}`` that it is about.
    """

    task: str
    certificate: dict[str, Any]
    thresholds: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class StopAutomation:
    """No automatic decision in ``segment`` until a new certificate, model or policy."""

    task: str
    segment: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class SetShares:
    """Divide the traffic among ``versions``, ``(digest, share)`` pairs of what was deployed before. ``generation``: only while
    this one serves; None: whatever serves."""

    task: str
    versions: list[tuple[str, float]]
    reason: str
    by: str
    generation: int | None = None


@dataclass(frozen=True, slots=True)
class SetAuditRate:
    """Check this share of a segment's automatic decisions; None: the policy's own share again."""

    task: str
    segment: str
    probability: float | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class SetPrices:
    """What a case more costs in each queue while people are scarce, in dollars: ``review`` and ``expert``."""

    task: str
    review: float
    expert: float
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class SetShadow:
    """Watch what ``policy`` (a body) and ``model`` (a digest) would do beside what serves; both None: nothing."""

    task: str
    policy: dict[str, Any] | None = None
    model: str | None = None
    by: str = field(default="")


ServingCommand: TypeAlias = (
    AdoptPolicy | RevertPolicy | Certify | StopAutomation | SetShares | SetAuditRate | SetPrices | SetShadow
)
