"""Count routed cases, automatic ones included, from the intake, with a moving average of their processing time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hitl.intake.routed import RoutedCase
from hitl.metrics.gains import DAY_S, Gains

ALPHA = 0.1
"""Of the moving average: the newest case's share."""

COUNTED = {"automatic": "automatic", "review": "to_review", "expert": "to_expert"}


@dataclass(frozen=True, slots=True)
class Smoothed:
    """A moving average that begins at its first sample, and how many it has seen."""

    value: float
    n: int


@dataclass(slots=True)
class _Tally:
    """The cases of one task and day."""

    cases: int = 0
    seconds: float = 0.0
    actions: dict[str, int] = field(default_factory=dict)


def count_cases(cases: Iterable[RoutedCase], smoothed: Mapping[str, Smoothed]) -> tuple[Gains, dict[str, Smoothed]]:
    """Increments from ``cases`` (of one partition, in order), and the partition's averages by task after them."""
    tallies, times = dict[tuple[str, float], _Tally](), dict[str, list[float]]()
    for case in cases:
        place = (case.task, case.at // DAY_S)
        tally = tallies.get(place)
        if tally is None:
            tally = tallies[place] = _Tally()
        tally.cases += 1
        tally.seconds += case.processing_time
        tally.actions[case.action] = tally.actions.get(case.action, 0) + 1
        times.setdefault(case.task, []).append(case.processing_time)
    return _gains(tallies), {**smoothed, **{task: _smoothed(smoothed.get(task), each) for task, each in times.items()}}


def _gains(tallies: Mapping[tuple[str, float], _Tally]) -> Gains:
    gains = Gains()
    for (task, day), tally in tallies.items():
        at = day * DAY_S
        gains.add(at, task, "cases", tally.cases)
        gains.add(at, task, "processing_s", tally.seconds)
        for action, count in tally.actions.items():
            gains.add(at, task, COUNTED[action], count)
    return gains


def _smoothed(before: Smoothed | None, times: Sequence[float]) -> Smoothed:
    known = Smoothed(times[0], 1) if before is None else before
    value, later = known.value, times[1:] if before is None else times
    for seconds in later:
        value = (1 - ALPHA) * value + ALPHA * seconds
    return Smoothed(value, known.n + len(later))
