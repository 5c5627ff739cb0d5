"""Compute the wait before the next attempt: exponential, bounded, with equal jitter.

Half of the wait is certain and half is drawn ("equal jitter"; Brooker, "Exponential Backoff and Jitter", AWS 2015).
"""

from collections.abc import Callable

FIRST_S = 2.0
MOST_S = 4 * 3600.0


def max_delay_s(attempt: int) -> float:
    """The longest wait in seconds after failed attempt number ``attempt``, from 1.

    >>> [max_delay_s(n) for n in (1, 2, 3, 20)]
    [2.0, 4.0, 8.0, 14400.0]
    """
    # Without the bound the product overflows a float from attempt 1024 on.
    return float(min(MOST_S, FIRST_S * 2 ** min(attempt - 1, 32)))


def delay_s(attempt: int, uniform: Callable[[], float]) -> float:
    """Seconds to wait after failed attempt number ``attempt``; ``uniform`` draws from [0, 1)."""
    most = max_delay_s(attempt)
    return most / 2 + uniform() * most / 2
