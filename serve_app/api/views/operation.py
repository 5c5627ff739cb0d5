"""Answers about the service itself: health, shards, the outbox, alerts and checks of texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from hitl.canonical import JsonObject
from hitl.checks import CheckReport
from hitl.outbox import Delivery, LoggedAttempt
from hitl.outbox.alerts import OpenAlert
from hitl.outbox.rules import ChannelView


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """The process answers."""

    status: Literal["ok"] = "ok"


@dataclass(frozen=True, slots=True)
class ServiceReady:
    """The store and every shard answer."""

    status: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True)
class ServiceReadyAtRisk:
    """As ``ServiceReady``, on a store that may lose what it acknowledged, or with task files that are not in force; ``risks`` say
    why, and what to do."""

    risks: Sequence[str]
    status: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True)
class ServiceNotReady:
    """``missing`` says what is wrong, by the name of the part: ``store`` or a shard."""

    missing: Mapping[str, str]
    status: Literal["not ready"] = "not ready"


@dataclass(frozen=True, slots=True)
class ShardStatus:
    """A shard that answers. Its journal ends at ``seq`` with ``hash``; ``epoch`` grows with each process that writes it.

    ``waiting`` counts commands that wait to be decided, ``pid`` is its process, ``build`` the digest of the settings and the
    version that it runs; ``failure`` says what keeps it from serving, ``troubles`` by part what else is wrong.
    """

    shard: str
    phase: str
    epoch: int
    seq: int
    hash: str
    waiting: int = 0
    pid: int | None = None
    build: str = ""
    failure: str | None = None
    troubles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnreachableShard:
    """A shard that does not answer."""

    shard: str
    phase: Literal["unreachable"] = "unreachable"


@dataclass(frozen=True, slots=True)
class ShardStatuses:
    """Every shard of the service."""

    shards: list[ShardStatus | UnreachableShard]


@dataclass(frozen=True, slots=True)
class ShardState:
    """The compared state of a shard after the entry ``seq`` of its journal, whose hash is ``hash``."""

    seq: int
    hash: str
    state: JsonObject


@dataclass(frozen=True, slots=True)
class Deliveries:
    """A page of deliveries of one status; ``counts`` are of all, by what happened to them since the first."""

    counts: Mapping[str, int]
    deliveries: list[Delivery]


@dataclass(frozen=True, slots=True)
class DeliveryLog:
    """The newest attempts, the last one first."""

    attempts: list[LoggedAttempt]


@dataclass(frozen=True, slots=True)
class OneDelivery:
    """One message to one channel."""

    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Channels:
    """Where messages may go, in the order of the configuration."""

    channels: Sequence[ChannelView]


@dataclass(frozen=True, slots=True)
class TrialMessage:
    """A test message that is on its way to ``channel``, as the delivery ``delivery_id``."""

    channel: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class ReplayedDeliveries:
    """The ids of the deliveries that are sent again."""

    replayed: list[str]


@dataclass(frozen=True, slots=True)
class ReplayedDelivery:
    """``replayed`` is false for a delivery that waits already."""

    delivery_id: str
    replayed: bool


@dataclass(frozen=True, slots=True)
class StandingAlerts:
    """The alerts that were told and are not over, by name."""

    alerts: list[OpenAlert]


@dataclass(frozen=True, slots=True)
class CodeCheck(CheckReport):
    """``is_safe``: nothing above a low severity was found, and the check could look."""

    is_safe: bool


@dataclass(frozen=True, slots=True)
class ContentCheck(CheckReport):
    """``policies`` were checked; ``is_compliant``: none of them is violated."""

    policies: list[str]
    is_compliant: bool
