"""The promotion evidence as one HTML page: no script, no font, no request; one pack, one page.

A pack is whatever the requester of an approval sent: it is taken apart here, so that a part that is missing or of another
kind raises LookupError, TypeError, ValueError or AttributeError, and the template shows texts and numbers alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hitl.html import render_page
from hitl.quality.shadow import ModelFigures

SIDE = 260
EDGE = 34
COLOURS = {"challenger": "#1f6feb", "champion": "#b35900"}


@dataclass(frozen=True, slots=True)
class StepOnTrial:
    """``share`` of the cases was the model's after the serving event ``cause``."""

    share: float
    cause: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Live:
    """What was seen of the model on live cases since the pack was made: its figures in the shadow, None where it never watched,
    and the serving history's lines with its shares."""

    shadow: ModelFigures | None = None
    shares: Sequence[StepOnTrial] = ()


@dataclass(frozen=True, slots=True)
class PageSection:
    """A heading over a table, and words below it. Without lines the page says so."""

    heading: str
    names: Sequence[str]
    lines: Sequence[Sequence[str]]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A model's reliability in the chart's pixels."""

    name: str
    colour: str
    points: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chart:
    """The square of the reliability curves, in pixels."""

    curves: Sequence[Curve]
    side: int = SIDE
    low: int = EDGE
    high: int = EDGE + SIDE
    full: int = SIDE + 2 * EDGE


def promotion_page(title: str, digest: str, pack: Mapping[str, Any], live: Live | None = None) -> str:
    """``digest`` is the model's that the pack is about; ``live`` is no part of what was voted on. A pack that is none raises
    LookupError, TypeError, ValueError or AttributeError."""
    compared = pack["comparison"]
    verdict = compared["verdict"] if compared else "the first model of the task: nothing to compare with"
    parts = [
        *_certificates(pack["models"]),
        *(_comparison(compared) if compared else ()),
        *(_live(live) if live else ()),
    ]
    return render_page(
        "hitl.learning",
        "promotion.html",
        title=title,
        digest=digest,
        verdict=str(verdict),
        rows=str(pack["rows"]["n"]),
        source=str(pack["rows"]["source"]),
        side_by_side=_side_by_side(pack["models"]),
        chart=_reliability(pack["models"]),
        parts=parts,
        rollback=str(pack["rollback"]),
    )


def _side_by_side(models: Mapping[str, Any]) -> PageSection:
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
    return PageSection("Side by side", ["", *models], lines)


def _comparison(compared: Mapping[str, Any]) -> Iterator[PageSection]:
    table, gain = compared["table"], compared["gain"]
    cells = [
        ["challenger right", str(table["both_right"]), str(table["only_challenger_right"])],
        ["challenger wrong", str(table["only_champion_right"]), str(table["both_wrong"])],
    ]
    words = (
        f"Exact one-sided McNemar p = {_number(compared['mcnemar_p'])}; gain in accuracy {_number(gain['value'])} "
        f"[{_number(gain['low'])}, {_number(gain['high'])}]; at most {_number(compared['worst_loss'])} is lost; log evidence "
        f"{_number(compared['log_e'])} of {_number(compared['eligible_at_log_e'])}; a batch takes "
        f"{_number(compared.get('latency_ratio'))} times as long."
    )
    names = ("rows", "wins", "losses", "worst_loss", "verdict")
    segments = [[name, *(_plain(one[key]) for key in names)] for name, one in compared["segments"].items()]
    yield PageSection("Champion against challenger", ("", "champion right", "champion wrong"), cells, words)
    yield PageSection("By segment", ("segment", *names), segments)
    yield _examples("New errors, the surest first", compared["new_errors"])
    yield _examples("What it fixes", compared["fixes"])


def _live(live: Live) -> Iterator[PageSection]:
    """In the shadow, and on trial."""
    if live.shadow is not None:
        lines = _shadow_lines(live.shadow)
        yield PageSection("In the shadow of live cases", ("", "value", "low", "high"), lines)
    if live.shares:
        steps = [[str(step.share), step.cause or "", step.reason or ""] for step in live.shares]
        yield PageSection("On trial", ("share", "event", "reason"), steps)


def _shadow_lines(shadow: ModelFigures) -> list[list[str]]:
    counts = {"cases": shadow.cases, "failed": shadow.failed, "dropped": shadow.dropped}
    rates = {"disagreement": shadow.disagreement, "failing": shadow.failing, "route_disagreement": shadow.route_disagreement}
    return [
        *([name, str(count), "", ""] for name, count in counts.items()),
        *([name, _number(rate.value), _number(rate.low), _number(rate.high)] for name, rate in rates.items()),
    ]


def _certificates(models: Mapping[str, Any]) -> Iterator[PageSection]:
    keys = ("threshold", "labels", "errors", "upper_bound", "coverage", "reason")
    for name, model in models.items():
        found = model["automatic"]["certificates"]
        if found:
            lines = [[segment, *(_plain(one[key]) for key in keys)] for segment, one in found.items()]
            yield PageSection(f"Certificates of the {name}", ("segment", *keys), lines)


def _examples(heading: str, rows: Sequence[Mapping[str, Any]]) -> PageSection:
    keys = ("id", "truth", "challenger", "champion", "confidence")
    return PageSection(heading, keys, [[_plain(row[key]) for key in keys] for row in rows])


def _reliability(models: Mapping[str, Any]) -> Chart:
    """Return what the models say of themselves against how often they are right; the diagonal is honest."""
    return Chart([_curve(name, model["calibration"]["reliability"]) for name, model in models.items()])


def _curve(name: str, bins: Sequence[Mapping[str, Any]]) -> Curve:
    points = [(EDGE + SIDE * b["confidence"], EDGE + SIDE * (1 - b["accuracy"])) for b in bins]
    return Curve(name, COLOURS[name], [(f"{x:.1f}", f"{y:.1f}") for x, y in points])


def _plain(value: Any) -> str:
    return _number(value) if isinstance(value, float) or value is None else str(value)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
