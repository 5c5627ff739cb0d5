"""Compare runs and experiments: one line for each configuration, the best one named, with its significance."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from hitl.tracking.rows import RunRow, grouped, values_of
from hitl.tracking.significance import Difference, compare_means

LOWER_IS_BETTER = frozenset(("execution_time", "cost", "loss", "error", "mae", "mse", "rmse", "total_tokens", "latency"))


@dataclass(frozen=True, slots=True)
class Line:
    """Runs that share their grouping values. ``means`` by metric; ``difference`` to the best line in the metric asked for."""

    group: dict[str, str]
    runs: int
    means: dict[str, float]
    values: tuple[float, ...]
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Best line first. Lines without the metric come last and are never best."""

    metric: str
    lower_is_better: bool
    by: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def best(self) -> Line | None:
        """The configuration with the best mean, None where no run has the metric."""
        return self.lines[0] if self.lines and self.lines[0].values else None


def compare(rows: Sequence[RunRow], metric: str, by: Sequence[str] = (), *, lower_is_better: bool | None = None) -> Comparison:
    """Group ``rows`` by experiment, feature, parameters or tags and rank the groups by the mean of ``metric``.

    Without ``by`` the groups are those parameters that differ between runs.
    """
    lower = metric in LOWER_IS_BETTER if lower_is_better is None else lower_is_better
    keys = tuple(by) or varying(rows) or ("experiment",)
    groups = grouped(rows, *keys)
    ranked = sorted(groups.items(), key=lambda item: _rank(item[1], metric, lower))
    best = values_of(ranked[0][1], metric) if ranked else []
    return Comparison(metric, lower, keys, tuple(_line(keys, key, group, metric, best) for key, group in ranked))


def varying(rows: Sequence[RunRow]) -> tuple[str, ...]:
    """The parameters that differ between these runs, by name."""
    names = sorted({name for row in rows for name in row.params})
    return tuple(name for name in names if len({row.params.get(name) for row in rows}) > 1)


def metrics_in(rows: Sequence[RunRow]) -> list[str]:
    """Return all metrics that any run has, the commonest first."""
    counts: dict[str, int] = {}
    for row in rows:
        for name in row.metrics:
            counts[name] = counts.get(name, 0) + 1
    return sorted(counts, key=lambda name: (-counts[name], name))


def _line(keys: tuple[str, ...], key: tuple[str, ...], rows: Sequence[RunRow], metric: str, best: list[float]) -> Line:
    means = {name: fmean(values_of(rows, name)) for name in metrics_in(rows)}
    values = values_of(rows, metric)
    return Line(dict(zip(keys, key, strict=True)), len(rows), means, tuple(values), compare_means(best, values))


def _rank(rows: Sequence[RunRow], metric: str, lower: bool) -> tuple[bool, float]:
    values = values_of(rows, metric)
    return (not values, (fmean(values) if lower else -fmean(values)) if values else 0.0)
