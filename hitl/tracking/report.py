"""The report of a feature and a period: distributions, errors, slowest and most expensive calls, anomalies, trend."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import TypeAlias, TypedDict

from hitl.canonical import JsonObject
from hitl.tracking.anomalies import Anomaly, anomalies
from hitl.tracking.budgets import alerts, period_of
from hitl.tracking.config import TrackingConfig
from hitl.tracking.record import FAILURE
from hitl.tracking.rows import RunRow, grouped, mean_of, summary, total_of, values_of

BINS = 10
MAX_LISTED = 20
DISTRIBUTIONS = ("accuracy", "confidence_score", "execution_time", "cost", "total_tokens")


@dataclass(frozen=True, slots=True)
class Distribution:
    """``bins`` are (lower edge, upper edge, count); quantiles are of the values themselves."""

    metric: str
    count: int
    mean: float
    p50: float
    p95: float
    p99: float
    bins: tuple[tuple[float, float, int], ...]


@dataclass(frozen=True, slots=True)
class OperationLine:
    """One operation's figures."""

    feature: str
    operation: str
    runs: int
    failures: int
    avg_execution_time: float | None
    p95_execution_time: float | None
    cost: float
    tokens: float


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One kind of error: how often, and the newest message and stack."""

    type: str
    count: int
    operations: tuple[str, ...]
    message: str
    stack: str


class SlowRun(TypedDict):
    """A run that took long, in ``seconds``."""

    seconds: float
    feature: str
    operation: str
    status: str
    run_id: str


class BudgetLine(TypedDict):
    """What was ``spent`` of a budget in its ``period``, and the shares of the limit that were ``passed``."""

    feature: str
    period: str
    spent: float
    limit: float
    passed: list[float]


ReportLine: TypeAlias = dict[str, str | float | int | None]
"""A row with the columns of ``summary`` beside those that name its group."""


@dataclass(frozen=True, slots=True)
class FeatureReport:
    """Everything for one feature (None: all) and the runs that began in [since_s, until_s)."""

    feature: str | None
    since_s: float
    until_s: float
    currency: str
    summary: dict[str, float | int | None]
    distributions: tuple[Distribution, ...]
    operations: tuple[OperationLine, ...]
    slowest: tuple[SlowRun, ...]
    dearest: tuple[OperationLine, ...]
    errors: tuple[ErrorLine, ...]
    by_model: tuple[ReportLine, ...]
    trend: tuple[ReportLine, ...]
    budgets: tuple[BudgetLine, ...]
    anomalies: tuple[Anomaly, ...]

    def plain(self) -> JsonObject:
        """Return the report as JSON."""
        return asdict(self)


def report(feature: str | None, rows: Sequence[RunRow], since_s: float, until_s: float, config: TrackingConfig) -> FeatureReport:
    """Return the report of ``rows``, which come newest first."""
    ours = [row for row in rows if since_s <= row.started_s < until_s]
    operations = tuple(_operation(key, group) for key, group in grouped(ours, "feature", "operation").items())
    return FeatureReport(
        feature=feature,
        since_s=since_s,
        until_s=until_s,
        currency=config.currency,
        summary=summary(ours),
        distributions=tuple(found for metric in DISTRIBUTIONS if (found := distribution(metric, values_of(ours, metric)))),
        operations=operations,
        slowest=_slowest(ours),
        dearest=tuple(sorted((line for line in operations if line.cost), key=lambda line: -line.cost)[:MAX_LISTED]),
        errors=_errors(ours),
        by_model=_by_model(ours),
        trend=_trend(ours),
        budgets=_budgets(ours, until_s, config),
        anomalies=tuple(anomalies(ours)[:MAX_LISTED]),
    )


def distribution(metric: str, values: Sequence[float]) -> Distribution | None:
    """Mean, quantiles and a histogram; None for no values."""
    if not values:
        return None
    low, high = (0.0, 1.0) if metric in ("accuracy", "confidence_score") else (min(values), max(values))
    wide = (max(high, max(values)) - min(low, min(values))) / BINS or 1.0
    low = min(low, min(values))
    counts = [0] * BINS
    for value in values:
        counts[min(int((value - low) / wide), BINS - 1)] += 1
    cuts = quantiles(values, n=100, method="inclusive") if len(values) > 1 else [values[0]] * 99
    bins = tuple((low + i * wide, low + (i + 1) * wide, count) for i, count in enumerate(counts))
    return Distribution(metric, len(values), sum(values) / len(values), cuts[49], cuts[94], cuts[98], bins)


def _operation(key: tuple[str, ...], rows: Sequence[RunRow]) -> OperationLine:
    times = distribution("execution_time", values_of(rows, "execution_time"))
    failures = sum(row.status == FAILURE for row in rows)
    cost, tokens = total_of(rows, "cost"), total_of(rows, "total_tokens")
    mean, p95 = (times.mean, times.p95) if times else (None, None)
    return OperationLine(key[0], key[1], len(rows), failures, mean, p95, cost, tokens)


def _slowest(rows: Sequence[RunRow]) -> tuple[SlowRun, ...]:
    timed = sorted((row for row in rows if "execution_time" in row.metrics), key=lambda row: -row.metrics["execution_time"])
    return tuple(map(_slow, timed[:MAX_LISTED]))


def _slow(row: RunRow) -> SlowRun:
    named: SlowRun = {
        "seconds": row.metrics["execution_time"],
        "feature": row.feature,
        "operation": row.operation,
        "status": row.status,
        "run_id": row.run_id,
    }
    return named


def _errors(rows: Sequence[RunRow]) -> tuple[ErrorLine, ...]:
    failed = grouped((row for row in rows if row.status == FAILURE), "error_type")
    lines = (_error(key[0], group) for key, group in failed.items())
    return tuple(sorted(lines, key=lambda line: -line.count))


def _error(kind: str, rows: Sequence[RunRow]) -> ErrorLine:
    tags = rows[0].tags
    names = tuple(sorted({row.operation for row in rows}))
    return ErrorLine(kind or "unknown", len(rows), names, tags.get("error_message", ""), tags.get("error_stack", ""))


def _by_model(rows: Sequence[RunRow]) -> tuple[ReportLine, ...]:
    groups = grouped((row for row in rows if "model" in row.params), "model", "temperature", "prompt_version")
    names = ("model", "temperature", "prompt_version")
    return tuple({**dict(zip(names, key, strict=True)), **summary(group)} for key, group in groups.items())


def _trend(rows: Sequence[RunRow]) -> tuple[ReportLine, ...]:
    days: dict[str, list[RunRow]] = {}
    for row in rows:
        days.setdefault(time.strftime("%Y-%m-%d", time.gmtime(row.started_s)), []).append(row)
    return tuple({"day": day, **summary(days[day]), "avg_accuracy": mean_of(days[day], "accuracy")} for day in sorted(days))


def _budgets(rows: Sequence[RunRow], until_s: float, config: TrackingConfig) -> tuple[BudgetLine, ...]:
    """Return each budget's period that ``until_s`` lies in, as far as these runs know it."""
    told: list[BudgetLine] = []
    for budget in config.budgets:
        period = period_of(until_s, budget.period)
        ours = [row for row in rows if budget.feature in (row.feature, "*") and period_of(row.started_s, budget.period) == period]
        spent = total_of(ours, "cost")
        passed = [alert["share"] for _, alert in alerts(budget, spent, period, config.currency)]
        told.append({"feature": budget.feature, "period": period, "spent": spent, "limit": budget.limit, "passed": passed})
    return tuple(told)
