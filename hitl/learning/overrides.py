"""Corrections that answer the next case that is the same, seconds after people made them; the model learns later.

An override answers an equal input; a near one only where its task allows a distance, the model makes the very mistake that was
corrected, and no rule asks for people. It answers a small share of the traffic at most, and nothing after its time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hitl.canonical import canonical, digest_of
from hitl.tasks.inputs import Vector
from hitl.tasks.learning_terms import OverrideTerms
from hitl.tasks.spec import TaskSpec

SEGMENT = "override"
"""Its answers stand outside every certificate, and are audited on their own."""

FREE_ANSWERS = 20
"""Answers before the share is asked: one percent of nothing would be nothing."""


@dataclass(frozen=True, slots=True)
class ConfirmedOverride:
    """A confirmed override with the input of its case."""

    override_id: str
    task: str
    label: str
    model_label: str
    expires_at: float
    features: Any
    vector: Vector


@dataclass(frozen=True, slots=True)
class Hit:
    """``distance`` is 0 for an equal input."""

    entry: ConfirmedOverride
    distance: float

    @property
    def reason(self) -> str:
        how = "equals" if self.distance == 0 else f"is near (distance {self.distance:.3f})"
        return (
            f"override {reference_of(self.entry.override_id)}: the input {how} one that people corrected to {self.entry.label!r}"
        )


def reference_of(override_id: str) -> str:
    """Return how the reasons of cases name an override: its id is that of a case, which may be another client's."""
    return digest_of(override_id.encode())[:12]


class OverrideTable:
    """The overrides in force. Counts what it is asked and what it answers, for the share that each task allows."""

    def __init__(self, tasks: Mapping[str, TaskSpec]) -> None:
        self._tasks = {name: spec for name, spec in tasks.items() if spec.overrides is not None}
        self._equal: dict[tuple[str, bytes], ConfirmedOverride] = {}
        self._of_task: dict[str, list[ConfirmedOverride]] = {}
        self._asked: dict[str, int] = dict.fromkeys(self._tasks, 0)
        self._answered: dict[str, int] = dict.fromkeys(self._tasks, 0)

    def replace(self, entries: Iterable[ConfirmedOverride]) -> None:
        """These are in force now."""
        kept = [entry for entry in entries if entry.task in self._tasks]
        self._equal = {(entry.task, canonical(entry.features)): entry for entry in kept}
        self._of_task = {name: [entry for entry in kept if entry.task == name] for name in self._tasks}

    def find(self, task: str, features: Any, vector: Vector, predicted: str | None, now: float) -> Hit | None:
        """Find the override that answers this input, which the model took for ``predicted``; None for the model to answer."""
        if task not in self._asked:
            return None
        self._asked[task] += 1
        if not self._of_task.get(task):
            return None
        hit = self._hit(self._tasks[task], features, vector, predicted, now)
        if hit is None or not self._may_answer(task):
            return None
        self._answered[task] += 1
        return hit

    def _hit(self, spec: TaskSpec, features: Any, vector: Vector, predicted: str | None, now: float) -> Hit | None:
        equal = self._equal.get((spec.task, canonical(features)))
        if equal is not None and now < equal.expires_at:
            return Hit(equal, 0.0)
        terms = _terms(spec)
        if terms.near is None:
            return None
        same_mistake = [one for one in self._of_task[spec.task] if one.model_label == predicted and now < one.expires_at]
        near = [Hit(one, distance(spec, vector, one.vector)) for one in same_mistake]
        nearest = min(near, key=lambda hit: hit.distance, default=None)
        return nearest if nearest is not None and nearest.distance <= terms.near else None

    def _may_answer(self, task: str) -> bool:
        allowed = max(FREE_ANSWERS, _terms(self._tasks[task]).max_share * self._asked[task])
        return self._answered[task] + 1 <= allowed


def distance(spec: TaskSpec, one: Vector, other: Vector) -> float:
    """From 0 for the same to 1, as the task's kind of input measures it."""
    return spec.input.distance(one, other)


def _terms(spec: TaskSpec) -> OverrideTerms:
    assert spec.overrides is not None
    return spec.overrides
