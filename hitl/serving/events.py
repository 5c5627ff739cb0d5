"""The events that change what serves a task. Each has the next ``generation``, all ``versions`` and all that is in force.

``docs/journal.md`` describes them field by field. The fields in force have defaults, since events of earlier versions lack them.
"""

from typing import TypeAlias

from msgspec import field

from hitl.canonical import JsonObject
from hitl.machine.events import Event
from hitl.routing.in_force import ModelThresholds, Watching
from hitl.serving.in_force import NOTHING, InForce

Versions: TypeAlias = list[tuple[str, float]]
"""Pairs of a model's digest and its share of the traffic; the shares add up to 1."""


class ServingChanged(Event):
    """Base of the serving events. ``approval_id``: the one under which the main model, or with PolicyAdopted the policy, was
    approved. The fields after it are those of hitl.serving.in_force.InForce."""

    task: str
    generation: int
    versions: Versions
    approval_id: str | None
    policy: JsonObject | None = None
    thresholds: dict[str, ModelThresholds] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    audit: dict[str, float] = field(default_factory=dict)
    prices: dict[str, float] = field(default_factory=dict)
    shadow: Watching = field(default_factory=lambda: Watching())
    definition: str | None = None

    @property
    def in_force(self) -> InForce:
        """All that this event puts in force."""
        now = InForce(self.policy, self.thresholds, self.stopped, self.audit, self.prices, self.shadow, self.definition)
        return NOTHING if now == NOTHING else now

    @property
    def told_operator(self) -> str | None:
        """The person who went back to an earlier version."""
        return None

    @property
    def told_reason(self) -> str | None:
        """Why, in words, where somebody or a rule said so."""
        return None


class _Explained(ServingChanged):
    reason: str

    @property
    def told_reason(self) -> str | None:
        return self.reason


class _ByOperator(_Explained):
    operator: str

    @property
    def told_operator(self) -> str | None:
        return self.operator


class Deployed(ServingChanged):
    """The approved model ``digest`` serves: the commit point of a promotion."""

    digest: str


class PolicyAdopted(ServingChanged):
    """The approved policy ``digest`` routes: the commit point of a policy change."""

    digest: str


class DefinitionAdopted(ServingChanged):
    """The approved definition ``digest`` of the task is in force: the commit point of its change. ``body`` is the whole of it;
    None: the task is taken away. ``fits``: models of the definition before may answer its cases."""

    digest: str
    body: JsonObject | None
    fits: bool


class DefinitionsRecorded(Event):
    """The first definition of each task in ``definitions``, as the files of the first start ``by`` the service gave them."""

    definitions: dict[str, JsonObject]
    by: str


class RolledBack(_ByOperator):
    """A model that was deployed before serves alone again."""

    digest: str


class PolicyReverted(_ByOperator):
    """A policy that was adopted before routes again; ``digest`` None: the configured one."""

    digest: str | None


class Certified(ServingChanged):
    """A certificate (its digest, and the whole ``evidence``) sets thresholds for ``model``."""

    model: str
    certificate: str
    evidence: JsonObject


class CertificationPlanned(ServingChanged):
    """For ``model`` under ``policy_version``: which thresholds of each segment in ``plans`` are tested, in which order, and since
    when cases count. Fixed before any label that proves something, and once."""

    model: str
    policy_version: str
    plans: dict[str, JsonObject]


class CertificateWithdrawn(_Explained):
    """The labels of ``segment`` no longer bear out any threshold for ``model``; cases go on counting as evidence."""

    model: str
    segment: str
    by: str


class AutomationStopped(_Explained):
    """Nothing is automatic in ``segment`` any more."""

    segment: str
    by: str


class SharesSet(_Explained):
    """The traffic is divided anew among deployed versions."""

    by: str


class AuditRateSet(_Explained):
    """Audits of ``segment`` are drawn with ``probability``; None: the policy's."""

    segment: str
    probability: float | None
    by: str


class PricesSet(_Explained):
    """What a case more costs in each queue."""

    by: str


class ShadowSet(ServingChanged):
    """A policy and a model are watched beside what serves, or nothing is."""

    by: str = ""


Adopting: TypeAlias = Deployed | PolicyAdopted | DefinitionAdopted
"""Those that settle an approval."""

ServingEvent: TypeAlias = (
    Deployed
    | PolicyAdopted
    | DefinitionAdopted
    | RolledBack
    | PolicyReverted
    | Certified
    | CertificationPlanned
    | CertificateWithdrawn
    | AutomationStopped
    | SharesSet
    | AuditRateSet
    | PricesSet
    | ShadowSet
)
"""Those that make the next generation of a task."""
