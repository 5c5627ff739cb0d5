"""What can be asked of a task's serving state. ``by`` comes from a token or names the part of the service that asks."""

from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from hitl.canonical import JsonObject
from hitl.machine.asked import Command
from hitl.serving.views import ChangedPolicy, ChangedServing, NewCertificate, RecordedDefinitions, UnchangedServing

UnlessSo: TypeAlias = ChangedServing | UnchangedServing
"""The answer to a command that changes nothing where the task stands as it asks."""


@dataclass(frozen=True, slots=True)
class RevertPolicy(Command[ChangedPolicy]):
    """Let a policy route again that was adopted before; ``digest`` None: the one of the task's configuration."""

    ANSWER: ClassVar[object] = ChangedPolicy

    task: str
    digest: str | None
    operator: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecordDefinitions(Command[RecordedDefinitions]):
    """Take ``definitions``, by task, as the first ones; nothing where the journal has any."""

    ANSWER: ClassVar[object] = RecordedDefinitions

    definitions: dict[str, JsonObject]
    by: str


@dataclass(frozen=True, slots=True)
class Certify(Command[NewCertificate]):
    """Let cases of each segment in ``thresholds`` be automatic from its threshold on; None: none of them.

    ``certificate`` is the whole evidence, with ``versions`` = ``{"model", "policy", ...}`` that it is about.
    """

    ANSWER: ClassVar[object] = NewCertificate

    task: str
    certificate: JsonObject
    thresholds: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class PlanCertification(Command[UnlessSo]):
    """Fix which thresholds are tested for ``model`` under ``policy_version``, by segment; a segment that has a plan keeps it."""

    ANSWER: ClassVar[object] = (ChangedServing, UnchangedServing)

    task: str
    model: str
    policy_version: str
    plans: dict[str, JsonObject]


@dataclass(frozen=True, slots=True)
class WithdrawCertificate(Command[UnlessSo]):
    """No automatic decision of ``model`` in ``segment`` until its labels bear out a threshold again."""

    ANSWER: ClassVar[object] = (ChangedServing, UnchangedServing)

    task: str
    model: str
    segment: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class StopAutomation(Command[UnlessSo]):
    """No automatic decision in ``segment`` until a new certificate, model or policy."""

    ANSWER: ClassVar[object] = (ChangedServing, UnchangedServing)

    task: str
    segment: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class SetShares(Command[ChangedServing]):
    """Divide the traffic among ``versions``, ``(digest, share)`` pairs of what was deployed before. ``generation``: only while
    this one serves; None: whatever serves."""

    ANSWER: ClassVar[object] = ChangedServing

    task: str
    versions: list[tuple[str, float]]
    reason: str
    by: str
    generation: int | None = None


@dataclass(frozen=True, slots=True)
class SetAuditRate(Command[UnlessSo]):
    """Check this share of a segment's automatic decisions; None: the policy's own share again."""

    ANSWER: ClassVar[object] = (ChangedServing, UnchangedServing)

    task: str
    segment: str
    probability: float | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class SetPrices(Command[UnlessSo]):
    """What a case more costs in each queue while people are scarce, in dollars: ``review`` and ``expert``."""

    ANSWER: ClassVar[object] = (ChangedServing, UnchangedServing)

    task: str
    review: float
    expert: float
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class SetShadow(Command[UnlessSo]):
    """Watch what ``policy`` (a body) and ``model`` (a digest) would do beside what serves; both None: nothing."""

    ANSWER: ClassVar[object] = (ChangedServing, UnchangedServing)

    task: str
    policy: JsonObject | None = None
    model: str | None = None
    by: str = field(default="")


ServingCommand: TypeAlias = (
    RecordDefinitions
    | RevertPolicy
    | Certify
    | PlanCertification
    | WithdrawCertificate
    | StopAutomation
    | SetShares
    | SetAuditRate
    | SetPrices
    | SetShadow
)
