"""Forecast the wait for reviewers by the M/M/c queue (Erlang 1917)."""

from math import exp


def share_in_time(arrivals_per_hour: float, served_per_hour: float, people: int, within_h: float) -> float:
    """Return the share of cases that somebody starts within ``within_h`` hours; 0 where more comes than ``people`` can do.

    >>> round(share_in_time(80, 100, 1, 0.1), 3)
    0.892
    >>> share_in_time(120, 100, 1, 24)
    0.0
    """
    load = arrivals_per_hour / served_per_hour
    if load >= people:
        return 0.0
    spare_per_hour = people * served_per_hour - arrivals_per_hour
    return 1 - chance_of_waiting(load, people) * exp(-spare_per_hour * within_h)


def chance_of_waiting(load: float, people: int) -> float:
    """Erlang's C formula, for ``load`` < ``people``: the share of cases that find everybody busy.

    >>> chance_of_waiting(0.5, 1)
    0.5
    """
    blocked = 1.0
    for busy in range(1, people + 1):  # Erlang's B, by its stable recursion
        blocked = load * blocked / (busy + load * blocked)
    return people * blocked / (people - load * (1 - blocked))
