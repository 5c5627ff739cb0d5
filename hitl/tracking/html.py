"""Render reports as HTML pages: tables and bars in one file, no script, no network; every value is escaped."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from html import escape
from typing import Any

from hitl.tracking.compare import Comparison
from hitl.tracking.prompts import AbReport
from hitl.tracking.report import Distribution, Report

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1a1a1a}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{border:1px solid #ccc;padding:.25rem .6rem;text-align:left}"
    "th{background:#f3f3f3}td.n{text-align:right;font-variant-numeric:tabular-nums}pre{overflow:auto;background:#f6f6f6;padding:.6rem}"
    "tr.best td{background:#eaf6ea}svg text{font:12px system-ui,sans-serif}"
)
Row = Mapping[str, Any]


def report_page(report: Report) -> str:
    """A report as one HTML page."""
    title = f"Tracking report: {report.feature or 'all features'}"
    span = f"{_day(report.since_s)} to {_day(report.until_s)} (UTC), costs in {report.currency}"
    parts = [("Summary", table([report.summary])), ("Trend by day", table(report.trend))]
    parts += [(f"Distribution of {d.metric}", histogram(d)) for d in report.distributions]
    parts += [("Operations", table(_rows(report.operations))), ("Slowest runs", table(report.slowest))]
    parts += [("Dearest operations", table(_rows(report.dearest))), ("By model, temperature and prompt", table(report.by_model))]
    parts += [("Budgets", table(report.budgets)), ("Anomalies", table(_rows(report.anomalies)))]
    parts += [
        ("Errors", table([{"type": e.type, "count": e.count, "operations": ", ".join(e.operations)} for e in report.errors]))
    ]
    stacks = "".join(f"<h3>{escape(e.type)}: {escape(e.message[:200])}</h3><pre>{escape(e.stack)}</pre>" for e in report.errors)
    return page(title, span, parts, stacks)


def comparison_page(comparison: Comparison) -> str:
    """A comparison as one HTML page, the best configuration marked."""
    sense = "lower" if comparison.lower_is_better else "higher"
    bars = [(", ".join(line.group.values()) or "all", line.means.get(comparison.metric, 0.0)) for line in comparison.lines]
    best = comparison.best
    told = ", ".join(f"{key} = {value}" for key, value in best.group.items()) if best else "no run has the metric"
    parts = [("Best configuration", f"<p><strong>{escape(told)}</strong></p>"), ("Means", bar_chart(bars))]
    parts += [("All configurations", table(comparison_rows(comparison), best=best is not None))]
    return page(f"Comparison by {comparison.metric}", f"{sense} is better", parts)


def ab_page(report: AbReport) -> str:
    """A prompt test as one HTML page."""
    verdict = f"version {report.winner} wins" if report.winner else "no significant difference yet"
    parts = [("Variants", table(_rows(report.variants)))]
    parts += [("Differences to the first", table([{"version": k} | asdict(d) for k, d in report.differences.items()]))]
    return page(f"Prompt test {report.key}", f"{verdict} (level {report.alpha:g})", parts)


def comparison_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """One flat row a configuration."""
    return [
        {**line.group, "runs": line.runs, **{name: line.means[name] for name in sorted(line.means)}}
        | {"p_value_vs_best": line.difference.p_value if line.difference and line is not comparison.lines[0] else None}
        for line in comparison.lines
    ]


def page(title: str, subtitle: str, parts: Iterable[tuple[str, str]], tail: str = "") -> str:
    """A whole page of headed parts."""
    body = "".join(f"<h2>{escape(head)}</h2>{part}" for head, part in parts)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    shown = f"<h1>{escape(title)}</h1><p>{escape(subtitle)}</p>{body}{tail}"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{shown}</body></html>'


def table(rows: Sequence[Row], *, best: bool = False) -> str:
    """Rows as a table; the first is marked when it is the best."""
    if not rows:
        return "<p>None.</p>"
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    lines = (
        f"<tr{' class=best' if best and not i else ''}>{''.join(_cell(row.get(n)) for n in names)}</tr>"
        for i, row in enumerate(rows)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def histogram(d: Distribution) -> str:
    """A distribution as bars with its quantiles."""
    told = f"<p>n {d.count}, mean {d.mean:.4g}, median {d.p50:.4g}, p95 {d.p95:.4g}, p99 {d.p99:.4g}</p>"
    return told + bar_chart([(f"{low:.3g}–{high:.3g}", float(count)) for low, high, count in d.bins])


def bar_chart(bars: Sequence[tuple[str, float]]) -> str:
    """Horizontal bars with their values, as SVG."""
    top = max((abs(value) for _, value in bars), default=0) or 1
    lines = "".join(
        f'<text x="0" y="{22 * i + 15}">{escape(name[:40])}</text>'
        f'<rect x="260" y="{22 * i + 4}" width="{400 * abs(value) / top:.1f}" height="14" fill="#4472a8"/>'
        f'<text x="{266 + 400 * abs(value) / top:.1f}" y="{22 * i + 15}">{value:.4g}</text>'
        for i, (name, value) in enumerate(bars)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="760" height="{22 * len(bars) + 6}">{lines}</svg>'


def _rows(items: Iterable[Any]) -> list[Row]:
    return [asdict(item) if is_dataclass(item) and not isinstance(item, type) else item for item in items]


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f'<td class="n">{value:.6g}</td>'
    if isinstance(value, int):
        return f'<td class="n">{value}</td>'
    return f"<td>{escape('' if value is None else str(value))}</td>"


def _day(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(at))
