"""The promotion evidence as one HTML page: no script, no font, no request; every value is escaped; one pack, one page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1a1a1a}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{border:1px solid #ccc;padding:.25rem .6rem;text-align:left}"
    "th{background:#f3f3f3}code{word-break:break-all}svg{max-width:100%}svg text{font:12px system-ui,sans-serif}"
    ".verdict{font-weight:600;font-size:1.2rem}"
)
SIDE = 260
EDGE = 34
COLOURS = {"challenger": "#1f6feb", "champion": "#b35900"}


@dataclass(frozen=True, slots=True)
class Live:
    """What was seen of the model on live cases since the pack was made: the figures of hitl.quality.shadow.model_figures, and the
    serving history's lines with its shares."""

    shadow: Mapping[str, Any] | None = None
    shares: Sequence[Mapping[str, Any]] = ()


def promotion_page(title: str, digest: str, pack: Mapping[str, Any], live: Live | None = None) -> str:
    """``digest`` is the model's that the pack is about; ``live`` is no part of what was voted on. A pack that is none raises
    LookupError, TypeError, ValueError or AttributeError."""
    compared = pack["comparison"]
    verdict = compared["verdict"] if compared else "the first model of the task: nothing to compare with"
    parts = [
        f"<h1>{escape(title)}</h1><p>Model <code>{escape(digest)}</code></p><p class=verdict>Verdict: {escape(verdict)}</p>",
        f"<p>{escape(str(pack['rows']['n']))} rows ({escape(pack['rows']['source'])}), which neither model learned from.</p>",
        "<h2>Side by side</h2>" + _side_by_side(pack["models"]),
        "<h2>Calibration</h2>" + _reliability(pack["models"]),
        *(_certificates(name, model) for name, model in pack["models"].items() if model["automatic"]["certificates"]),
        *(_comparison(compared) if compared else ()),
        *(_live(live) if live else ()),
        f"<h2>The way back</h2><p>{escape(pack['rollback'])}</p>",
    ]
    head = f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title><style>{_STYLE}</style>"
    return f"{head}<body>{''.join(parts)}</body></html>"


def _side_by_side(models: Mapping[str, Any]) -> str:
    figures: dict[str, Callable[[Any], str]] = {
        "accuracy": lambda m: _number(m["accuracy"]["value"]),
        "automatic share": lambda m: _number(m["automatic"]["share"]),
        "errors among automatic": lambda m: f"{m['automatic']['errors']} of {m['automatic']['n']}",
        "cost per decision, $": lambda m: _number(m["per_decision"]["cost"]),
        "reviewer hours per 1,000 cases": lambda m: _number(m["reviewer_hours_per_1000"]),
        "calibration error": lambda m: _number(m["calibration"]["error"]["value"]),
        "ms for 64 rows, median": lambda m: _number(m["latency_ms"]),
        "ms for 64 rows, 99 %": lambda m: _number(m.get("latency_p99_ms")),
        "corrections kept": lambda m: _number((m["corrections_kept"] or {}).get("value")),
    }
    lines = [[name, *(show(model) for model in models.values())] for name, show in figures.items()]
    return _table(["", *models], lines)


def _comparison(compared: Mapping[str, Any]) -> list[str]:
    table, gain = compared["table"], compared["gain"]
    cells = _table(
        ["", "champion right", "champion wrong"],
        [
            ["challenger right", table["both_right"], table["only_challenger_right"]],
            ["challenger wrong", table["only_champion_right"], table["both_wrong"]],
        ],
    )
    words = (
        f"<p>Exact one-sided McNemar p = {_number(compared['mcnemar_p'])}; gain in accuracy {_number(gain['value'])} "
        f"[{_number(gain['low'])}, {_number(gain['high'])}]; at most {_number(compared['worst_loss'])} is lost; log evidence "
        f"{_number(compared['log_e'])} of {_number(compared['eligible_at_log_e'])}; a batch takes "
        f"{_number(compared.get('latency_ratio'))} times as long.</p>"
    )
    names = ("rows", "wins", "losses", "worst_loss", "verdict")
    segments = [[name, *(_plain(one[key]) for key in names)] for name, one in compared["segments"].items()]
    return [
        f"<h2>Champion against challenger</h2>{cells}{words}",
        f"<h2>By segment</h2>{_table(['segment', *names], segments)}",
        f"<h2>New errors, the surest first</h2>{_examples(compared['new_errors'])}",
        f"<h2>What it fixes</h2>{_examples(compared['fixes'])}",
    ]


def _live(live: Live) -> list[str]:
    """In the shadow, and on trial."""
    parts = []
    if live.shadow is not None:
        shadow = live.shadow
        names = ("cases", "failed", "dropped")
        rates = [(name, shadow[name]) for name in ("disagreement", "failing", "route_disagreement")]
        lines = [[name, shadow[name], "", ""] for name in names]
        lines += [[name, *(_number(rate[part]) for part in ("value", "low", "high"))] for name, rate in rates]
        parts.append(f"<h2>In the shadow of live cases</h2>{_table(['', 'value', 'low', 'high'], lines)}")
    if live.shares:
        steps = [[line["share"], line["cause"], line["reason"] or ""] for line in live.shares]
        parts.append(f"<h2>On trial</h2>{_table(['share', 'event', 'reason'], steps)}")
    return parts


def _certificates(name: str, model: Mapping[str, Any]) -> str:
    keys = ("threshold", "labels", "errors", "upper_bound", "coverage", "reason")
    found = model["automatic"]["certificates"]
    lines = [[segment, *(_plain(one[key]) for key in keys)] for segment, one in found.items()]
    return f"<h2>Certificates of the {escape(name)}</h2>{_table(['segment', *keys], lines)}"


def _examples(rows: Sequence[Mapping[str, Any]]) -> str:
    keys = ("id", "truth", "challenger", "champion", "confidence")
    return _table(keys, [[_plain(row[key]) for key in keys] for row in rows]) if rows else "<p>None.</p>"


def _reliability(models: Mapping[str, Any]) -> str:
    """What the models say of themselves against how often they are right; the diagonal is honest."""
    full = SIDE + 2 * EDGE
    lines = [f'<line x1="{EDGE}" y1="{EDGE + SIDE}" x2="{EDGE + SIDE}" y2="{EDGE}" stroke="#999" stroke-dasharray="4"/>']
    lines.append(f'<rect x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#ccc"/>')
    for at, (name, model) in enumerate(models.items()):
        bins, colour = model["calibration"]["reliability"], COLOURS[name]
        points = [(EDGE + SIDE * b["confidence"], EDGE + SIDE * (1 - b["accuracy"])) for b in bins]
        lines.append(f'<polyline fill="none" stroke="{colour}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')
        lines += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        lines.append(f'<text x="{EDGE + 8}" y="{EDGE + 18 + 16 * at}" fill="{colour}">{escape(name)}</text>')
    lines.append(f'<text x="{EDGE}" y="{full - 10}">confidence, 0 to 1; upwards: share that is right</text>')
    return f'<svg role="img" aria-label="reliability" viewBox="0 0 {full} {full}" width="{full}">{"".join(lines)}</svg>'


def _table(head: Sequence[str], lines: Sequence[Sequence[Any]]) -> str:
    top = "".join(f"<th>{escape(str(name))}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<table><tr>{top}</tr>{body}</table>"


def _plain(value: Any) -> str:
    return _number(value) if isinstance(value, float) or value is None else str(value)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
