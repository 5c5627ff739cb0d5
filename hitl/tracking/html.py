"""Render reports as HTML pages: tables and bars in one file, no script, no network; every value is escaped."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, TypeAlias

from hitl.html import render_page
from hitl.tracking.compare import Comparison, Line
from hitl.tracking.report import Distribution, ErrorLine, FeatureReport, ReportLine

Row: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A heading, then words, bars or a table of ``lines``; a table without lines says so. None: there is no such thing."""

    heading: str
    words: str = ""
    bars: Sequence[tuple[str, float]] | None = None
    names: Sequence[str] = ()
    lines: Sequence[Sequence[Any]] | None = None
    is_first_best: bool = False

    @property
    def longest_bar(self) -> float:
        """The value that fills the width; 1 where all bars are empty."""
        return max((abs(value) for _, value in self.bars or ()), default=0) or 1


def report_page(report: FeatureReport) -> str:
    """Return a report as one HTML page."""
    span = f"{_day(report.since_s)} to {_day(report.until_s)} (UTC), costs in {report.currency}"
    errors = [{"type": e.type, "count": e.count, "operations": ", ".join(e.operations)} for e in report.errors]
    parts = [
        _table("Summary", [report.summary]),
        _table("Trend by day", report.trend),
        *map(_histogram, report.distributions),
        _table("Operations", report.operations),
        _table("Slowest runs", report.slowest),
        _table("Dearest operations", report.dearest),
        _table("By model, temperature and prompt", report.by_model),
        _table("Budgets", report.budgets),
        _table("Anomalies", report.anomalies),
        _table("Errors", errors),
    ]
    return _page(f"Tracking report: {report.feature or 'all features'}", span, parts, report.errors)


def comparison_page(comparison: Comparison) -> str:
    """Return a comparison as one HTML page, the best configuration marked."""
    sense = "lower" if comparison.lower_is_better else "higher"
    bars = [(", ".join(line.group.values()) or "all", line.means.get(comparison.metric, 0.0)) for line in comparison.lines]
    best = comparison.best
    told = ", ".join(f"{key} = {value}" for key, value in best.group.items()) if best else "no run has the metric"
    lines = _table("All configurations", comparison_rows(comparison), is_first_best=best is not None)
    parts = [ReportSection("Best configuration", words=told), ReportSection("Means", bars=bars), lines]
    return _page(f"Comparison by {comparison.metric}", f"{sense} is better", parts)


def comparison_rows(comparison: Comparison) -> list[ReportLine]:
    """Return one flat row a configuration."""
    return [_comparison_row(line, line is comparison.lines[0]) for line in comparison.lines]


def _comparison_row(line: Line, is_best: bool) -> ReportLine:
    p_value = line.difference.p_value if line.difference and not is_best else None
    means = {name: line.means[name] for name in sorted(line.means)}
    return {**line.group, "runs": line.runs, **means, "p_value_vs_best": p_value}


def _page(title: str, subtitle: str, parts: Sequence[ReportSection], errors: Sequence[ErrorLine] = ()) -> str:
    return render_page("hitl.tracking", "page.html", title=title, subtitle=subtitle, parts=parts, errors=errors)


def _table(heading: str, items: Iterable[Any], *, is_first_best: bool = False) -> ReportSection:
    """Rows as a table; the first is marked when it is the best."""
    rows: list[Row] = [asdict(item) if is_dataclass(item) and not isinstance(item, type) else item for item in items]
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [[row.get(name) for name in names] for row in rows]
    return ReportSection(heading, names=names, lines=lines, is_first_best=is_first_best)


def _histogram(d: Distribution) -> ReportSection:
    """Return a distribution as bars with its quantiles."""
    words = f"n {d.count}, mean {d.mean:.4g}, median {d.p50:.4g}, p95 {d.p95:.4g}, p99 {d.p99:.4g}"
    bars = [(f"{low:.3g}–{high:.3g}", float(count)) for low, high, count in d.bins]
    return ReportSection(f"Distribution of {d.metric}", words, bars)


def _day(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(at))
