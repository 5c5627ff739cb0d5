"""The shards as their callers see them, each by its name."""

from typing import Protocol, TypedDict

from hitl.canonical import JsonObject
from hitl.machine.asked import A, Question
from hitl.machine.machine import Envelope
from hitl.partitioning import Partitioning

STANDBY = "standby"
"""The phase of a shard whose cluster does not own the store: it is started, and waits for its cluster's turn."""

APPROVAL = "approval"
"""The one shard that holds all approvals and the serving pointers."""

WORKFLOW = "workflow"
"""The one shard that holds all interactions and workflows."""

LEARNING = "learning"
"""The one shard that holds retrainings and overrides."""
ACCESS = "access"
"""The one shard that holds what happened to accounts, and what was revealed and erased."""


CONTROL = "control"
"""The actor that runs the shards of the control plane, to which few commands come: each actor is a process of its own."""


def actor_of(shard: str) -> str:
    """Return the name of the actor that runs ``shard``."""
    return CONTROL if shard in (APPROVAL, WORKFLOW, LEARNING, ACCESS) else shard


def review_shard(partition: int) -> str:
    """Return the shard that holds the reviews of ``partition``."""
    return f"review-{partition}"


def review_shards(partitions: int) -> list[str]:
    return [review_shard(partition) for partition in range(partitions)]


def shard_of_case(case_id: str, partitioning: Partitioning) -> str:
    """Return the shard that holds the reviews of ``case_id``."""
    return review_shard(partitioning.partition_of(case_id))


def all_shards(partitions: int) -> list[str]:
    return [*review_shards(partitions), APPROVAL, WORKFLOW, LEARNING, ACCESS]


class KeptAlive(TypedDict):
    """A lease that runs ``lease_s`` (seconds) anew."""

    review_id: str
    lease: int
    lease_s: float


class ShardPlace(TypedDict):
    """Where a shard is: ``epoch`` grows with each process that writes it, its journal ends at ``seq`` with ``hash``."""

    shard: str
    phase: str
    epoch: int
    seq: int
    hash: str


class ShardReport(ShardPlace, total=False):
    """``waiting`` counts commands that wait to be decided, ``pid`` is its process, ``build`` the digest of the settings and the
    version that it runs; ``failure`` says what keeps it from serving, ``troubles`` by part what else is wrong."""

    waiting: int
    pid: int
    build: str
    failure: str | None
    troubles: dict[str, str]


class PlainState(TypedDict):
    """The compared state that a shard has after entry ``seq``, whose hash is ``hash``."""

    seq: int
    hash: str
    state: JsonObject


class Shards(Protocol):
    """Each method raises the machine's own HitlError, or Recovering while the shard cannot answer. None repeats by itself."""

    async def submit(self, shard: str, envelope: Envelope[A]) -> A:
        """Return the answer of a command, after its effect is durable."""

    async def ask(self, shard: str, question: Question[A]) -> A:
        """Return the answer of a question from committed state."""

    async def wait(self, shard: str, topic: str, question: Question[A], timeout_s: float) -> A:
        """As ``ask``, as soon as the answer's status is ``decided`` or ``timeout_s`` is over; ``topic`` is what changes it."""

    async def heartbeat(self, shard: str, review_id: str, lease: int, reviewer: str) -> KeptAlive:
        """Let the lease run anew. Raises StaleLease unless ``reviewer`` holds exactly this one."""

    async def status(self, shard: str) -> ShardReport:
        """Return where the shard is, also while it recovers."""

    async def plain(self, shard: str) -> PlainState:
        """Return the compared state as JSON."""
