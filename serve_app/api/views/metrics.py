"""Answers of the metrics routes: counts, figures of a period, and the documents' system metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from hitl.metrics import MetricFigure
from hitl.serving.views import PointerView


@dataclass(frozen=True, slots=True)
class ServiceMetrics:
    """Counts since the first entry of the journals, of the tasks that the caller may know of.

    ``reviews`` are counters by task, ``queues`` the state of each queue, ``approvals`` counts by status, ``serving`` what serves
    by task; ``leased`` reviews are held by somebody now.
    """

    reviews: Mapping[str, Mapping[str, int]]
    queues: Mapping[str, object]
    leased: int
    approvals: Mapping[str, int]
    serving: Mapping[str, PointerView]


@dataclass(frozen=True, slots=True)
class ServiceAndOutboxMetrics(ServiceMetrics):
    """For callers who may know of every task: also the counts of the outbox, by what happened to deliveries."""

    outbox: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """Every figure of one task by its name, and the counters behind them."""

    figures: Mapping[str, MetricFigure]
    counters: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """Figures by task, of the UTC days ``from`` to ``to`` (both included); None for both: since the first entry. The task ``-``
    stands for what belongs to none."""

    from_day: Annotated[str | None, Field(serialization_alias="from")]
    to: str | None
    tasks: Mapping[str, TaskFigures]


@dataclass(frozen=True, slots=True)
class ProcessingMetrics:
    """Counts of routed cases; ``automation_rate`` in [0, 1] and the smoothed processing time in milliseconds, None before the
    first case."""

    total_decisions: int
    automated_decisions: int
    human_reviews: int
    expert_escalations: int
    automation_rate: float | None
    avg_processing_time_ms: float | None


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """Reviews that wait for a person, in all and by priority."""

    total_pending: int
    by_priority: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ModelPerformance:
    """Final decisions that equal the model's prediction (``agreed``), of those that can be compared. No quality figure: people
    saw the prediction."""

    agreed: int
    compared: int


@dataclass(frozen=True, slots=True)
class PeopleMetrics:
    """``active_reviewers`` answered at least once; ``avg_review_time`` in seconds from a lease to its answer;
    ``sla_compliance`` the share in [0, 1] that was answered by its deadline. None where nothing was counted."""

    active_reviewers: float | None
    avg_review_time: float | None
    sla_compliance: float | None


@dataclass(frozen=True, slots=True)
class SystemMetrics:
    """The documents' system metrics over the caller's tasks, since the first entry."""

    processing_metrics: ProcessingMetrics
    queue_status: QueueStatus
    model_performance: ModelPerformance
    system_health: PeopleMetrics
