"""Stored runs as rows, and aggregates over them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean
from typing import Any

from hitl.tracking.record import FAILURE, SUCCESS


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. ``started_s`` is seconds since 1970; ``status`` success, failure, cancelled or running."""

    run_id: str
    experiment: str
    started_s: float
    status: str
    name: str = ""
    metrics: dict[str, float] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def feature(self) -> str:
        """The feature that the run belongs to; for a run of another origin, its experiment."""
        return self.tags.get("feature", self.experiment)

    @property
    def operation(self) -> str:
        """The operation, or the run's name."""
        return self.tags.get("operation", self.name)

    def flat(self) -> dict[str, Any]:
        """The run under MLflow's flat names: ``run_id``, ``metrics.x``, ``params.y``, ``tags.z``."""
        told: dict[str, Any] = {"run_id": self.run_id}
        for prefix, values in (("metrics", self.metrics), ("params", self.params)):
            told |= {f"{prefix}.{key}": value for key, value in values.items()}
        tags = {key: value for key, value in self.tags.items() if not key.startswith("mlflow.")}
        return told | {f"tags.{key}": value for key, value in (tags | {"status": self.status}).items()}


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Totals and means of runs: seconds of ``execution_time``, ``success_rate`` in per cent of those that ended, confidence in
    [0, 1], cost in the configured currency. A mean of nothing is None."""

    total_runs: int
    avg_execution_time: float | None
    success_rate: float | None
    avg_confidence: float | None
    total_cost: float


def summary(rows: Sequence[RunRow]) -> dict[str, float | int | None]:
    """Return the summary of ``rows`` as a row of a report."""
    return asdict(summarize_runs(rows))


def summarize_runs(rows: Sequence[RunRow]) -> RunSummary:
    """The totals and means of ``rows``.

    >>> summarize_runs([]).success_rate is None
    True
    """
    ended = [row for row in rows if row.status in (SUCCESS, FAILURE)]
    good = sum(row.status == SUCCESS for row in ended)
    return RunSummary(
        total_runs=len(rows),
        avg_execution_time=mean_of(rows, "execution_time"),
        success_rate=round(100 * good / len(ended), 2) if ended else None,
        avg_confidence=mean_of(rows, "confidence_score"),
        total_cost=total_of(rows, "cost"),
    )


def values_of(rows: Iterable[RunRow], metric: str) -> list[float]:
    """The values of one metric, in the rows' order."""
    return [row.metrics[metric] for row in rows if metric in row.metrics]


def mean_of(rows: Iterable[RunRow], metric: str) -> float | None:
    """The mean of one metric, None where no row has it."""
    values = values_of(rows, metric)
    return fmean(values) if values else None


def total_of(rows: Iterable[RunRow], metric: str) -> float:
    """Return the sum of one metric."""
    return round(sum(values_of(rows, metric)), 10)


def grouped(rows: Iterable[RunRow], *keys: str) -> dict[tuple[str, ...], list[RunRow]]:
    """Rows by ``feature``, ``operation`` or any parameter or tag, in order of first sight."""
    groups: dict[tuple[str, ...], list[RunRow]] = {}
    for row in rows:
        groups.setdefault(tuple(_value(row, key) for key in keys), []).append(row)
    return groups


def _value(row: RunRow, key: str) -> str:
    if key in ("feature", "operation", "status", "experiment"):
        return str(getattr(row, key))
    return row.params.get(key, row.tags.get(key, ""))
