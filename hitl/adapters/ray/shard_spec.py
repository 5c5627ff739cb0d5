"""The specification of a shard as plain data, so that every node builds the same one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from hitl.access import AccessMachine
from hitl.approval import ApprovalMachine, ApprovalRules
from hitl.intake.leaving import LeavingTerms
from hitl.learning.journalled import LearningMachine
from hitl.machine import Machine
from hitl.machine.shards import ACCESS, APPROVAL, LEARNING, WORKFLOW, review_shard
from hitl.review import ReviewMachine
from hitl.tasks.spec import TaskSpec
from hitl.tracing import TracingTerms
from hitl.workflow import WorkflowMachine
from hitl.workflow.voters import voters_of

DEFAULT_TIMEOUT_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Retention:
    """The place of snapshots, old entries and anchors (a directory or an fsspec URI), and after how many entries, or
    seconds with an entry, the next snapshot is made. ``reviews`` settled cases stay in a shard's memory, and none for longer
    than ``reviews_s``; so do ``approvals``, and ``workflows``, which counts interactions, cases and workflows that are over.
    ``rows`` of each list of settled reviews stay for each task. ``leaving`` says which cases of a partition move from the store
    to the archive."""

    archive_uri: str
    every_entries: int = 10_000
    every_s: float = 300.0
    reviews: int = 20_000
    reviews_s: float = 604_800.0
    leaving: LeavingTerms = field(default_factory=LeavingTerms)
    approvals: int = 5_000
    approvals_s: float = 604_800.0
    workflows: int = 5_000
    workflows_s: float = 604_800.0
    rows: int = 10_000

    def kept_of(self, kind: str) -> tuple[int, float]:
        """Return how much of what is over stays in the memory of a shard of ``kind``: objects, and seconds."""
        kept = {"review": (self.reviews, self.reviews_s), "approval": (self.approvals, self.approvals_s)}
        return kept.get(kind, (self.workflows, self.workflows_s))


@dataclass(frozen=True, slots=True)
class ShardSpec:
    """``shard`` names the shard and its journal. A review shard reads the intake of ``partition``; the approval shard
    publishes to all ``partitions``; it and the workflow shard read ``rules``. ``machine`` makes the machine of kind "custom".
    ``keeping`` None: no snapshots, no archive, no anchor and no signatures; ``signing_key_file`` None: the entries are not
    signed. ``max_open`` bounds the open objects of one account. ``tracing`` None: no command is traced. ``owner`` names the
    cluster that must own the store before the shard opens its journal; None: nobody is asked. ``build`` is a digest of all that
    the shard is made of."""

    kind: Literal["review", "approval", "workflow", "access", "custom"]
    shard: str
    redis_url: str = field(repr=False)
    partitions: int = 1
    partition: int = 0
    tasks: Mapping[str, TaskSpec] = field(default_factory=dict, repr=False)
    default_timeout_s: float = DEFAULT_TIMEOUT_S
    log_level: str = "INFO"
    num_cpus: float = 0.05
    machine: Callable[[], Machine[Any]] | None = None
    rules: ApprovalRules = field(default_factory=ApprovalRules, repr=False)
    keeping: Retention | None = None
    signing_key_file: Path | None = None
    max_open: int | None = None
    tracing: TracingTerms | None = None
    owner: str | None = None
    build: str = ""

    @property
    def machine_name(self) -> str:
        """``module:name`` of what makes a machine that can replay: its configuration is for decisions alone."""
        made = REPLAYING.get(self.kind) or self.machine
        if made is None:
            raise ValueError(f"shard {self.shard} names no machine")
        return f"{made.__module__}:{made.__qualname__}"

    def build_machine(self) -> Machine[Any]:
        """Raises ValueError for a custom shard without its machine."""
        if self.kind == "review":
            return ReviewMachine(self.tasks, self.default_timeout_s)
        if self.kind == "approval":
            return ApprovalMachine(self.rules, self.max_open)
        if self.kind == "workflow":
            return WorkflowMachine(voters_of(self.rules), self.max_open)
        if self.kind == "access":
            return AccessMachine()
        if self.machine is None:
            raise ValueError(f"shard {self.shard} names no machine")
        return self.machine()


def replaying_reviews() -> Machine[Any]:
    """Return a review machine without tasks: it evolves like any other."""
    return ReviewMachine({}, DEFAULT_TIMEOUT_S)


REPLAYING: dict[str, Callable[[], Machine[Any]]] = {
    "review": replaying_reviews,
    APPROVAL: ApprovalMachine,
    WORKFLOW: WorkflowMachine,
    ACCESS: AccessMachine,
}


def machine_of(shard: str) -> Machine[Any]:
    """Return a machine that can replay the journal of ``shard``."""
    return (REPLAYING | {LEARNING: LearningMachine}).get(shard, replaying_reviews)()


def review_spec(redis_url: str, partition: int, tasks: Mapping[str, TaskSpec], default_timeout_s: float) -> ShardSpec:
    """Return the shard that holds the reviews of ``partition``."""
    return ShardSpec("review", review_shard(partition), redis_url, 1, partition, tasks, default_timeout_s)


def approval_spec(redis_url: str, partitions: int, rules: ApprovalRules | None = None) -> ShardSpec:
    """Return the shard that holds all approvals, and publishes what serves to ``partitions`` partitions."""
    return ShardSpec("approval", APPROVAL, redis_url, partitions, rules=rules or ApprovalRules())


def workflow_spec(redis_url: str, rules: ApprovalRules | None = None) -> ShardSpec:
    """Return the shard that holds all interactions and workflows."""
    return ShardSpec("workflow", WORKFLOW, redis_url, rules=rules or ApprovalRules())


def learning_spec(redis_url: str) -> ShardSpec:
    """The shard that holds retrainings and overrides."""
    return ShardSpec("custom", LEARNING, redis_url, machine=LearningMachine)


def access_spec(redis_url: str) -> ShardSpec:
    """Return the shard that holds what happened to accounts, and what was revealed and erased."""
    return ShardSpec("access", ACCESS, redis_url)
