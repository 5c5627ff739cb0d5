"""When a task is retrained, and why: each reason has a key, and a key is good for one retraining.

A key is made of what will not happen again (a count of labels, a champion, an alarm, a slot of the schedule), so that asking
twice, from two places, or after a crash starts one job.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor

from hitl.canonical import JsonObject
from hitl.learning.journalled.state import JobStatus
from hitl.learning.journalled.views import RetrainingView
from hitl.tasks.learning_terms import RetrainTerms

HOUR_S = 3600.0
UNSETTLED = (JobStatus.TRIGGERED, JobStatus.SUBMITTED)


@dataclass(frozen=True, slots=True)
class TriggerFacts:
    """What is known of a task: answers of people so far, the serving ``champion`` (digest) since when (UTC seconds), its
    generation, and ``alarms``, segment by segment why automation was stopped."""

    labels: int
    champion: str | None
    champion_since: float
    generation: int
    alarms: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Due:
    """A retraining to start: ``key`` names it for ever, ``reason`` is for people, ``manifest`` what was seen."""

    key: str
    reason: str
    manifest: JsonObject


def due(task: str, terms: RetrainTerms, seen: TriggerFacts, before: list[RetrainingView], now: float) -> Due | None:
    """Return the first reason to retrain that has not been used; none while a retraining of the task is under way. ``before`` are
    its retrainings so far (hitl.learning.journalled)."""
    if any(one.status in UNSETTLED for one in before):
        return None
    used = {one.key for one in before}
    learned = max((_labels_of(one) for one in before), default=0)
    manifest: JsonObject = {
        "task": task,
        "labels": seen.labels,
        "labels_before": learned,
        "champion": seen.champion,
        "generation": seen.generation,
        "at": now,
    }
    for name, reason in _reasons(terms, seen, learned, now):
        key = f"{task}/{name}"
        if key not in used:
            return Due(key, reason, {**manifest, "reason": reason})
    return None


def _labels_of(one: RetrainingView) -> int:
    """Return how many answers there were when it was triggered; 0 for one that an operator triggered."""
    labels = one.manifest.get("labels", 0)
    return labels if isinstance(labels, int) else 0


def _reasons(terms: RetrainTerms, seen: TriggerFacts, learned: int, now: float) -> list[tuple[str, str]]:
    """Return every reason that holds, the most urgent first, as the end of its key and its words."""
    reasons = [
        (f"drift/{seen.generation}/{segment}", f"automation stopped: {why}") for segment, why in sorted(seen.alarms.items())
    ]
    found = reasons if terms.on_drift else []
    fresh = seen.labels - learned
    if terms.new_labels is not None and fresh > terms.new_labels:
        found.append((f"labels/{learned}", f"{fresh} new labels, more than {terms.new_labels}"))
    if seen.champion is None:
        return found
    age_h = (now - seen.champion_since) / HOUR_S
    if terms.max_age_hours is not None and age_h > terms.max_age_hours:
        times = floor(age_h / terms.max_age_hours)
        found.append(
            (f"age/{seen.champion[:16]}/{times}", f"the champion is {age_h:.1f} hours old, over {terms.max_age_hours:g}")
        )
    if terms.every_hours is not None:
        slot, first = floor(now / HOUR_S / terms.every_hours), floor(seen.champion_since / HOUR_S / terms.every_hours)
        if slot > first:
            found.append((f"schedule/{terms.every_hours:g}/{slot}", f"every {terms.every_hours:g} hours"))
    return found
