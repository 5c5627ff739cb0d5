"""Where a function is zero."""

from collections.abc import Callable


def root_of(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where ``function``, of different signs at ``low`` and ``high``, is zero between them (Brent's method)."""
    from scipy.optimize import brentq  # slow to import: no start of a process waits for it

    return float(brentq(function, low, high))
