"""Targets of the service, and whether the evidence says met, missed, or nothing yet.

A target is met only when the whole interval is on its good side: a good figure from few cases is not a met target.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from hitl.errors import InvalidConfig
from hitl.quality.interval import Interval
from hitl.yaml_text import from_yaml


class Verdict(StrEnum):
    MET = "met"
    MISSED = "missed"
    NOT_ENOUGH_EVIDENCE = "not enough evidence"


class Direction(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Target:
    """``value`` is in ``unit``; ``meaning`` says how the figure is counted; ``quoted`` is what the documents report of their own
    system, and no target."""

    name: str
    direction: Direction
    value: float
    unit: str
    meaning: str
    quoted: float | None = None


def judge(target: Target, figure: Interval) -> Verdict:
    """Return the verdict of one figure; touching the target counts as met.

    >>> judge(TARGETS["automation_rate"], Interval(0.87, 0.86, 0.88, 9000, 0.95, "clopper-pearson")).value
    'met'
    """
    if figure.value is None:
        return Verdict.NOT_ENOUGH_EVIDENCE
    at_least = target.direction is Direction.AT_LEAST
    if figure.low >= target.value if at_least else figure.high <= target.value:
        return Verdict.MET
    if figure.high < target.value if at_least else figure.low > target.value:
        return Verdict.MISSED
    return Verdict.NOT_ENOUGH_EVIDENCE


def load_targets(text: str, source: str) -> dict[str, Target]:
    """The table with the values of the YAML ``text``. Raises InvalidConfig that names the key."""
    config = from_yaml(text, source)
    if not isinstance(config, dict):
        raise InvalidConfig(source, "", "expected names of targets with their values")
    return targets_from(source, config)


def targets_from(source: str, config: Mapping[str, Any]) -> dict[str, Target]:
    """The table with the ``config``'s values in place of the defaults: ``{name: number}``.

    Raises InvalidConfig, naming the key, for an unknown name or what is not a number.
    """
    changed = dict(TARGETS)
    for name, value in config.items():
        if name not in TARGETS:
            raise InvalidConfig(source, f"targets.{name}", f"expected one of {', '.join(TARGETS)}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidConfig(source, f"targets.{name}", f"expected a number, came {value!r}")
        changed[name] = replace(TARGETS[name], value=float(value))
    return changed


def _table() -> dict[str, Target]:
    least, most = Direction.AT_LEAST, Direction.AT_MOST
    rows = [
        Target("automation_rate", least, 0.85, "share", "cases that the model decided alone, of all cases", 0.87),
        Target("review_latency", most, 2.0, "hours", "from a review's opening to its decision, mean", 0.75),
        Target("system_accuracy", least, 0.95, "share", "right final decisions, of the model or of people, of all cases", 0.968),
        Target("cost_per_decision", most, 0.50, "dollars", "reviews, expert time and machines, divided by all cases", 0.32),
        Target("inter_annotator_agreement", least, 0.85, "share", "pairs of blind answers to one case that are equal", 0.923),
        Target("human_ai_agreement", least, 0.90, "share", "blind human answers equal to the model's"),
        Target("review_efficiency", least, 100.0, "cases per hour", "decided reviews over the hours they were held", 125),
        Target("false_positive_rate", most, 0.05, "share", "automatic decisions that people would have changed"),
        Target("learning_acceleration", least, 3.0, "ratio", "labels at random over chosen labels, at equal accuracy", 3.2),
        Target(
            "expert_validation_rate", least, 0.95, "share", "decisions that an expert confirmed, of those shown to one", 0.971
        ),
        Target("time_to_resolution", most, 2.0, "hours", "from the request to its final decision, mean"),
    ]
    return {row.name: row for row in rows}


TARGETS = _table()
