"""The counters and figures in Prometheus' text format."""

import re
from collections.abc import Iterable, Mapping

from hitl.metrics.figures import MetricFigure

CAPITAL = re.compile(r"(?<!^)([A-Z])")


def text(counts: Mapping[str, Mapping[str, float]], told: Mapping[str, Mapping[str, MetricFigure]]) -> str:
    """``counts`` and ``told`` (figures) by task."""
    names = sorted({name for of_task in counts.values() for name in of_task})
    lines = [line for name in names for line in _counter(name, counts)]
    figures = sorted({name for of_task in told.values() for name in of_task})
    return "\n".join([*lines, *(line for name in figures for line in _gauge(name, told)), ""])


def _counter(name: str, counts: Mapping[str, Mapping[str, float]]) -> Iterable[str]:
    full = f"hitl_{name.replace('_s', '_seconds') if name.endswith('_s') else name}_total"
    yield f"# TYPE {full} counter"
    for task, of_task in sorted(counts.items()):
        if name in of_task:
            yield f'{full}{{task="{_escaped(task)}"}} {of_task[name]:.17g}'


def _gauge(name: str, told: Mapping[str, Mapping[str, MetricFigure]]) -> Iterable[str]:
    full = "hitl_" + CAPITAL.sub(r"_\1", name).lower()
    said = [(task, figures[name]) for task, figures in sorted(told.items()) if figures[name].value is not None]
    if said:
        yield f"# HELP {full} {said[0][1].definition} ({said[0][1].unit})"
        yield f"# TYPE {full} gauge"
    for task, figure in said:
        yield f'{full}{{task="{_escaped(task)}"}} {figure.value:.17g}'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
