"""The counters, figures and queues in Prometheus' text format."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hitl.metrics.figures import MetricFigure

CAPITAL = re.compile(r"(?<!^)([A-Z])")


IN_SECONDS = {"in_two_hours": "resolved_within_7200_seconds", "resolvedWithinTwoHours": "resolved_within_7200_seconds_ratio"}
"""Names of ours with another unit than Prometheus' base unit, and what they are called there."""

QUEUE_GAUGES = {
    "hitl_queue_depth": "Reviews that wait for a person.",
    "hitl_queue_oldest_age_seconds": "Age of the oldest review that waits.",
    "hitl_queue_leases": "Reviews that a person holds.",
}


@dataclass(frozen=True, slots=True)
class QueueSample:
    """One queue now."""

    depth: int
    oldest_age_s: float
    leases: int


def text(
    counts: Mapping[str, Mapping[str, float]],
    told: Mapping[str, Mapping[str, MetricFigure]],
    queues: Mapping[str, QueueSample] = MappingProxyType({}),
) -> str:
    """``counts`` and ``told`` (figures) by task, ``queues`` by name."""
    names = sorted({name for of_task in counts.values() for name in of_task})
    lines = [line for name in names for line in _counter(name, counts)]
    figures = sorted({name for of_task in told.values() for name in of_task})
    return "\n".join([*lines, *(line for name in figures for line in _gauge(name, told)), *_queues(queues), ""])


def _counter(name: str, counts: Mapping[str, Mapping[str, float]]) -> Iterable[str]:
    full = f"hitl_{IN_SECONDS.get(name) or _in_seconds(name)}_total"
    yield f"# HELP {full} {_words(name)}, counted since the first entry."
    yield f"# TYPE {full} counter"
    for task, of_task in sorted(counts.items()):
        if name in of_task:
            yield f'{full}{{task="{_escaped(task)}"}} {of_task[name]:.17g}'


def _in_seconds(name: str) -> str:
    return f"{name.removesuffix('_s')}_seconds" if name.endswith("_s") else name


def _words(name: str) -> str:
    return f"{name.removesuffix('_s').replace('_', ' ')}, in seconds" if name.endswith("_s") else name.replace("_", " ")


def _gauge(name: str, told: Mapping[str, Mapping[str, MetricFigure]]) -> Iterable[str]:
    full = "hitl_" + (IN_SECONDS.get(name) or CAPITAL.sub(r"_\1", name).lower())
    said = [(task, figures[name]) for task, figures in sorted(told.items()) if figures[name].value is not None]
    if said:
        yield f"# HELP {full} {said[0][1].definition} ({said[0][1].unit})"
        yield f"# TYPE {full} gauge"
    for task, figure in said:
        yield f'{full}{{task="{_escaped(task)}"}} {figure.value:.17g}'


def _queues(queues: Mapping[str, QueueSample]) -> Iterable[str]:
    for name, meaning in QUEUE_GAUGES.items() if queues else ():
        yield f"# HELP {name} {meaning}"
        yield f"# TYPE {name} gauge"
        for queue, now in sorted(queues.items()):
            value = dict(zip(QUEUE_GAUGES, (now.depth, now.oldest_age_s, now.leases), strict=True))[name]
            yield f'{name}{{queue="{_escaped(queue)}"}} {value:.17g}'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
