"""E-processes for an error rate: evidence that may be inspected after every label.

An e-process: under the claim to be refuted its expected value is at most 1 at any stopping time, so by Ville's inequality it
ever reaches ``1 / delta`` with probability at most ``delta``. The whole state is two integers, labels and errors. Each is a
likelihood ratio against risk ``level``, mixed over a Beta prior truncated to the side in question (Robbins 1970; Howard et
al., arXiv 1810.08240).
"""

from math import log1p

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, betaincc, betaln, xlog1py, xlogy

from hitl.quality.arrays import Floats
from hitl.quality.interval import Interval
from hitl.quality.roots import root_of

PRIOR_A = 0.5
CERTIFY_PRIOR_MEAN = 0.5
"""Times the level: where a model worth certifying is expected to be."""
ALARM_PRIOR_MEAN = 2.0
"""Times the level: where a model worth stopping is expected to be."""
MOST_OF_RISKY = -0.5
"""Above the log of any evidence of a risk under the level where the share of errors is not under it."""


def log_e_certify(errors: ArrayLike, n: ArrayLike, level: float) -> Floats:
    """Return the log of the evidence that the risk is *under* ``level``. Certify at ``log(1 / delta)``.

    >>> round(float(log_e_certify(0, 200, 0.02)), 2)
    3.4
    """
    a, b = _prior(CERTIFY_PRIOR_MEAN * level)
    k, good = _counts(errors, n)
    with np.errstate(divide="ignore"):
        gained = betaln(a + k, b + good) + np.log(betainc(a + k, b + good, level))
    return np.asarray(gained - _log_prior(level) - _log_likelihood(k, good, level), dtype=np.float64)


def log_e_certify_bound(errors: ArrayLike, n: ArrayLike, level: float) -> Floats:
    """Return what ``log_e_certify`` is at most, to the last bit, without the incomplete beta function, which takes
    most of its time.

    That function is at most 1, and what follows it rounds in the same way. Where the share of errors is at or above the level the
    likelihood ratio is nowhere above 1, and its mean under the prior is at most a half whatever the level: log -0.69.

    >>> bool(log_e_certify_bound(3, 200, 0.02) >= log_e_certify(3, 200, 0.02))
    True
    """
    a, b = _prior(CERTIFY_PRIOR_MEAN * level)
    k, good = _counts(errors, n)
    most = betaln(a + k, b + good) - _log_prior(level) - _log_likelihood(k, good, level)
    is_risky = (k >= level * (k + good)) & (k > 0)
    return np.asarray(np.where(is_risky, np.minimum(most, MOST_OF_RISKY), most), dtype=np.float64)


def log_e_alarm(errors: ArrayLike, n: ArrayLike, level: float) -> Floats:
    """Return the log of the evidence that the risk is *above* ``level``. Alarm at ``log(1 / delta)``."""
    a, b = _prior(min(ALARM_PRIOR_MEAN * level, 0.5 + level / 2))
    k, good = _counts(errors, n)
    with np.errstate(divide="ignore"):
        gained = betaln(a + k, b + good) + np.log(betaincc(a + k, b + good, level))
        before = betaln(a, b) + np.log(betaincc(a, b, level))
    return np.asarray(gained - before - _log_likelihood(k, good, level), dtype=np.float64)


def confidence_sequence(errors: int, n: int, confidence: float = 0.95) -> Interval:
    """Return an interval of the error rate that holds at all times at once: what a live display may show.

    The rates whose likelihood the mixture over Beta(1/2, 1/2) does not beat by ``1 / (1 - confidence)``.
    """
    rate = errors / n if n else None
    if rate is None:
        return Interval(None, 0.0, 1.0, 0, confidence, "confidence-sequence")
    mixture = float(betaln(PRIOR_A + errors, PRIOR_A + n - errors) - betaln(PRIOR_A, PRIOR_A))

    def doubt(risk: float) -> float:
        return mixture - float(_log_likelihood(errors, n - errors, risk)) + log1p(-confidence)

    edge = 1e-12
    low = root_of(doubt, edge, rate) if errors and doubt(edge) > 0 else 0.0
    high = root_of(doubt, rate, 1 - edge) if errors < n and doubt(1 - edge) > 0 else 1.0
    return Interval(rate, low, high, n, confidence, "confidence-sequence")


def _prior(mean: float) -> tuple[float, float]:
    return PRIOR_A, PRIOR_A * (1 - mean) / mean


def _log_prior(level: float) -> float:
    a, b = _prior(CERTIFY_PRIOR_MEAN * level)
    return float(betaln(a, b) + np.log(betainc(a, b, level)))


def _counts(errors: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    k = np.asarray(errors, dtype=np.float64)
    return k, np.asarray(n, dtype=np.float64) - k


def _log_likelihood(errors: ArrayLike, good: ArrayLike, risk: float) -> Floats:
    return np.asarray(xlogy(errors, risk) + xlog1py(good, -risk), dtype=np.float64)
