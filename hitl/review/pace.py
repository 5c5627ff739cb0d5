"""How fast a queue is filled and emptied, measured over its newest events; and how many people that asks for."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

SAMPLES = 200
"""Events that a rate is measured over."""


@dataclass(slots=True)
class Pace:
    """Times in UTC seconds of the newest arrivals and answers of a queue, and how long people held what they answered."""

    arrivals: deque[float] = field(default_factory=lambda: deque(maxlen=SAMPLES))
    answers: deque[float] = field(default_factory=lambda: deque(maxlen=SAMPLES))
    handling_s: deque[float] = field(default_factory=lambda: deque(maxlen=SAMPLES))


@dataclass(frozen=True, slots=True)
class Rates:
    """Per second; None where fewer than two events were seen. ``handling_s`` is the mean time a person needs."""

    arrivals_per_s: float | None
    answers_per_s: float | None
    handling_s: float | None


def rates(pace: Pace, now: float) -> Rates:
    """Return the rates up to ``now``: they fall while nothing happens."""
    handling = list(pace.handling_s)
    mean_s = sum(handling) / len(handling) if handling else None
    return Rates(_per_s(pace.arrivals, now), _per_s(pace.answers, now), mean_s)


def together(parts: Iterable[Rates]) -> Rates:
    """Return one queue from its parts in several shards: rates add up, the handling time is weighed by the answers."""
    known = list(parts)
    weighed = [(part.handling_s, part.answers_per_s or 1e-9) for part in known if part.handling_s is not None]
    total = sum(weight for _, weight in weighed)
    handling_s = sum(seconds * weight for seconds, weight in weighed) / total if weighed else None
    return Rates(_sum([part.arrivals_per_s for part in known]), _sum([part.answers_per_s for part in known]), handling_s)


def wait_s(ahead: int, measured: Rates) -> float | None:
    """Return when the review behind ``ahead`` others is answered, at the present rate; None while there is none.

    >>> wait_s(3, Rates(None, 0.5, None))
    8.0
    """
    return (ahead + 1) / measured.answers_per_s if measured.answers_per_s else None


def reviewers_needed(waiting: int, measured: Rates, horizon_s: float) -> float | None:
    """Return how many people answer what waits and what will arrive within ``horizon_s``; None while nobody's speed is known.

    >>> reviewers_needed(120, Rates(0.01, 0.01, 60.0), 7200)
    1.6
    """
    if measured.handling_s is None:
        return None
    work = waiting + (measured.arrivals_per_s or 0.0) * horizon_s
    return work * measured.handling_s / horizon_s


def _per_s(times: Sequence[float], now: float) -> float | None:
    if len(times) < 2 or now <= times[0]:
        return None
    return (len(times) - 1) / (now - times[0])


def _sum(parts: list[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None
