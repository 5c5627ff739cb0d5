"""Evidence from checks that were drawn with unequal probabilities: all of what people decide anyway, a share of the rest.

After the first certificate people still decide every case under the threshold in force, so each of them may be a blind check,
while of those above it only a share is. For a drawn case with the probability pi, and ``u = floor / pi`` with ``floor`` the
least probability in use, the factor ``1 + b u (level - y)`` has an expected value of at most 1 where the risk is at or above the
level: drawing multiplies by pi, and u takes it out again. The product over the cases in order of arrival is an e-process for any
fixed b in [0, 1 / (1 - level)), and so is the mean over several. It is bets on weighted losses (Waudby-Smith and Ramdas, JRSS-B
2024, arXiv 2010.09686, section 4) on drawn cases alone. Bets are fixed, not fitted: it then falls with every y, so that a case
that waits may count as wrong.
"""

import numpy as np

from hitl.quality.arrays import Bools, Floats

BETS = (0.3, 0.6, 0.95)
"""As parts of the largest bet that no single error can ruin."""


def log_factors(wrong: Bools | Floats, probability: Floats, floor: float, level: float) -> Floats:
    """Return the log of each case's factor under each bet, shape ``(len(BETS), n)``. ``wrong`` (n,) is 0 or 1, or a loss in
    [0, 1]; ``probability`` (n,) that of the case's draw, at least ``floor``; ``level`` the risk that is tested."""
    weight = floor / probability
    bets = np.array(BETS)[:, None] / (1 - level)
    return np.asarray(np.log1p(bets * weight * (level - wrong)), dtype=np.float64)


def log_mean(logs: Floats) -> Floats:
    """The log of the mean over the bets, which are the first axis."""
    return np.asarray(np.logaddexp.reduce(logs, axis=0) - np.log(len(logs)), dtype=np.float64)
