"""The documents' figures by task and period, from counters that the journals and the intake were folded into."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse

from hitl.errors import InvalidRequest
from hitl.identity import Principal, Role
from hitl.metrics import MetricFigure, Smoothed, figures
from hitl.metrics.figures import counters
from hitl.metrics.gains import NO_TASK
from hitl.metrics.prometheus import QueueSample, text
from hitl.review import task_of
from hitl.review.views import QueueDepth
from serve_app.api.routes.metrics import PEOPLE
from serve_app.api.routes.queues import queue_stats
from serve_app.api.services.context import AnyCaller, ApiPorts, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.views.metrics import (
    ModelPerformance,
    PeopleMetrics,
    PeriodFigures,
    ProcessingMetrics,
    QueueStatus,
    SystemMetrics,
    TaskFigures,
)

router = APIRouter(prefix="/v1/metrics", tags=["metrics"], route_class=StrictRoute)


class PrometheusText(PlainTextResponse):
    """Prometheus' text exposition format."""

    media_type = "text/plain; version=0.0.4"


MAX_DAYS = 800
"""As long as days are kept."""

Day = Annotated[date | None, Query(description="the last UTC day; today when left out")]
FromDay = Annotated[date | None, Query(alias="from", description="the first UTC day, e.g. 2026-01-01")]


@router.get("/figures", summary="Every figure with its n and definition, by task, of a period (any person, of their tasks)")
async def show_figures(ports: PortsOf, caller: AnyCaller, from_day: FromDay = None, to: Day = None) -> PeriodFigures:
    """Without days: since the first entry. ``-`` stands for what belongs to no task."""
    caller.principal.require("see metrics", *PEOPLE)
    days = _days(from_day, to)
    counts, smoothed = await _counted(ports, caller.principal, days)
    tasks = {task: TaskFigures(figures(row, smoothed.get(task, [])), counters(row)) for task, row in counts.items()}
    return PeriodFigures(days[0] if days else None, days[-1] if days else None, tasks)


@router.get(
    "/prometheus",
    summary="Counters, figures and queues in Prometheus' text format (operator, of their tasks)",
    response_class=PrometheusText,
)
async def export_metrics(ports: PortsOf, caller: AnyCaller) -> PrometheusText:
    caller.principal.require("scrape metrics", Role.OPERATOR)
    (counts, smoothed), queues = await asyncio.gather(_counted(ports, caller.principal, None), queue_stats(ports))
    told = {task: figures(row, smoothed.get(task, [])) for task, row in counts.items()}
    plain = {task: {name: value for name, value in row.items() if not name.startswith("by:")} for task, row in counts.items()}
    waiting = {name: _sample(row) for name, row in queues.items() if caller.principal.sees(task_of(name))}
    return PrometheusText(text(plain, told, waiting))


def _sample(row: QueueDepth) -> QueueSample:
    return QueueSample(row.waiting, row.oldest_age_s or 0.0, row.leased)


@router.get("/system", summary="The documents' system metrics over the caller's tasks (any person)")
async def show_system_metrics(ports: PortsOf, caller: AnyCaller) -> SystemMetrics:
    caller.principal.require("see metrics", *PEOPLE)
    (counts, smoothed), queues = await asyncio.gather(_counted(ports, caller.principal, None), queue_stats(ports))
    total = Counter[str]()
    for row in counts.values():
        total.update(row)
    told = figures(total, [each for of_task in smoothed.values() for each in of_task])
    mine = [row for queue, row in queues.items() if caller.principal.sees(task_of(queue))]
    found = counters(total)
    people = (told[name].value for name in ("activeReviewers", "averageReviewTime", "slaCompliance"))
    return SystemMetrics(
        processing_metrics=_processing(found, told),
        queue_status=_queue_status(mine),
        model_performance=ModelPerformance(found.get("agreed", 0), found.get("compared", 0)),
        system_health=PeopleMetrics(*people),
    )


def _processing(counts: dict[str, int], told: dict[str, MetricFigure]) -> ProcessingMetrics:
    smoothed_s = told["movingAverageProcessingTime"].value
    return ProcessingMetrics(
        total_decisions=counts["total_decisions"],
        automated_decisions=counts["automated_decisions"],
        human_reviews=counts["human_reviews"],
        expert_escalations=counts["expert_escalations"],
        automation_rate=told["automationRate"].value,
        avg_processing_time_ms=None if smoothed_s is None else 1000 * smoothed_s,
    )


def _queue_status(rows: Sequence[QueueDepth]) -> QueueStatus:
    by_priority = Counter[str]()
    for row in rows:
        by_priority.update({level.value: count for level, count in row.by_priority.items()})
    return QueueStatus(sum(row.waiting for row in rows), dict(by_priority))


async def _counted(
    ports: ApiPorts, person: Principal, days: list[str] | None
) -> tuple[dict[str, dict[str, float]], dict[str, list[Smoothed]]]:
    """The counters and moving averages of the tasks that ``person`` may know of."""
    store = ports.records.metrics
    counts, smoothed = await asyncio.gather(store.counts(days), store.smoothed())
    averages: dict[str, list[Smoothed]] = {}
    for of_source in smoothed.values():
        for task, each in of_source.items():
            averages.setdefault(task, []).append(each)
    return {task: row for task, row in counts.items() if person.sees(task) or (task == NO_TASK and not person.tasks)}, {
        task: each for task, each in averages.items() if person.sees(task)
    }


def _days(first: date | None, last: date | None) -> list[str] | None:
    """Return every day from ``first`` to ``last``; None for all time. Raises InvalidRequest."""
    if first is None and last is None:
        return None
    first = first or datetime.now(UTC).date()
    last = last or datetime.now(UTC).date()
    if not 0 <= (last - first).days < MAX_DAYS:
        raise InvalidRequest("query from, to", f"two days in order, less than {MAX_DAYS} apart")
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
