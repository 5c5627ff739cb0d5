"""What can be read of interactions and workflows.

``person`` bounds what is shown: what they may not see does not exist (NotFound)."""

from dataclasses import dataclass

from hitl.identity import Principal
from hitl.machine.asked import Question
from hitl.workflow import views


@dataclass(frozen=True, slots=True)
class InteractionOf(Question[views.InteractionView]):
    """Every field of the interaction, and its ``tally``."""

    interaction_id: str
    person: Principal


@dataclass(frozen=True, slots=True)
class PendingOf(Question[views.PendingInteractions]):
    """Those that wait for ``person`` at this moment, oldest first."""

    person: Principal


@dataclass(frozen=True, slots=True)
class ListInteractions(Question[views.InteractionList]):
    """The newest ``limit`` that ``person`` may see, newest first; None takes every status or pattern."""

    person: Principal
    status: str | None = None
    pattern: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Changes(Question[views.InteractionChanges]):
    """What happened after change number ``after``. Not complete when some are too old to be kept. For the service, not for a
    person."""

    after: int


@dataclass(frozen=True, slots=True)
class WorkflowOf(Question[views.WorkflowView]):
    """A case or a workflow of stages, with ``kind``, progress and estimated completion."""

    workflow_id: str
    person: Principal


@dataclass(frozen=True, slots=True)
class Workflows(Question[views.WorkflowList]):
    """Those that ``person`` may see, newest first; ``is_stuck`` True: only those with a stage that takes too long."""

    person: Principal
    status: str | None = None
    is_stuck: bool | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Analytics(Question[views.WorkflowAnalytics]):
    """Counts and times of all cases and workflows."""


@dataclass(frozen=True, slots=True)
class ArchivableWorkflowObjects(Question[views.ArchivableObjects]):
    """Up to ``limit`` interactions, cases and workflows that may leave memory, because more than ``kept`` are over or because
    they were over before ``before`` (UTC seconds)."""

    kept: int
    before: float
    limit: int
