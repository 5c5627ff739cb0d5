"""Find anomalies: figures far from their operation's usual value, and operations that fail more than before.

Robust z-score after Iglewicz and Hoaglin (1993): 0.6745 (x - median) / MAD, flagged above 3.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from hitl.tracking.record import FAILURE, SUCCESS
from hitl.tracking.rows import RunRow, grouped
from hitl.tracking.significance import compare_rates

LIMIT = 3.5
MIN_RUNS = 12
"""Fewer runs of an operation say nothing of what is usual."""
WATCHED = ("execution_time", "cost", "confidence_score", "total_tokens")
ALPHA = 0.001
"""Error rates are compared for every operation at once: a level that many comparisons can bear."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """``score`` is the robust z-score, or for an error rate the number of times it grew."""

    feature: str
    operation: str
    what: str
    value: float
    usual: float
    score: float
    run_id: str | None = None


def anomalies(rows: Sequence[RunRow]) -> list[Anomaly]:
    """All anomalies of these runs, the strongest first. ``rows`` come newest first."""
    found: list[Anomaly] = []
    for (feature, operation), group in grouped(rows, "feature", "operation").items():
        for metric in WATCHED:
            found += _outliers(feature, operation, metric, group)
        found += _failing(feature, operation, group)
    return sorted(found, key=lambda anomaly: -abs(anomaly.score))


def _outliers(feature: str, operation: str, metric: str, rows: Sequence[RunRow]) -> list[Anomaly]:
    told = [(row.metrics[metric], row) for row in rows if metric in row.metrics and row.status == SUCCESS]
    if len(told) < MIN_RUNS:
        return []
    usual = median(value for value, _ in told)
    spread = median(abs(value - usual) for value, _ in told) or _floor(usual)
    scored = [(0.6745 * (value - usual) / spread, value, row) for value, row in told]
    return [
        Anomaly(feature, operation, metric, value, usual, score, row.run_id) for score, value, row in scored if abs(score) > LIMIT
    ]


def _floor(usual: float) -> float:
    """The least deviation, a twentieth of the usual value, for the case that most values are equal."""
    return abs(usual) / 20 or 1e-9


def _failing(feature: str, operation: str, rows: Sequence[RunRow]) -> list[Anomaly]:
    ended = [row for row in rows if row.status in (SUCCESS, FAILURE)]
    recent, before = ended[: len(ended) // 4], ended[len(ended) // 4 :]
    if len(ended) < 2 * MIN_RUNS:
        return []
    new, old = _failures(recent), _failures(before)
    test = compare_rates(old, len(before), new, len(recent))
    if test is None or not test.is_significant(ALPHA) or test.difference <= 0:
        return []
    return [Anomaly(feature, operation, "error_rate", test.b, test.a, test.b / max(test.a, 1 / len(before)))]


def _failures(rows: Sequence[RunRow]) -> int:
    return sum(row.status == FAILURE for row in rows)
