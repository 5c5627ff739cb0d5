"""Sequential tests of two error rates against each other: a challenger's q and a champion's p.

Both are universal inference (Wasserman, Ramdas and Balakrishnan, PNAS 2020, arXiv 1912.11436, in its sequential form): the
likelihood under a mixture of what is hoped or feared, over the largest likelihood that the claim to be refuted allows. That
ratio is an e-process whatever the rates are and in whichever order the two get their cases, so by Ville's inequality it ever
reaches ``1 / a`` with probability at most ``a``: it may be looked at after every case. The whole state is four integers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln, xlog1py, xlogy

from hitl.quality.arrays import Floats

PRIOR = 0.5
"""Of both parameters of the Beta prior: Jeffreys'."""


@dataclass(frozen=True, slots=True)
class TwoCounts:
    """``wrong`` of ``n`` of the challenger's, and ``their_wrong`` of ``their_n`` of the champion's; numbers, or arrays of one
    shape."""

    wrong: ArrayLike
    n: ArrayLike
    their_wrong: ArrayLike
    their_n: ArrayLike


def log_e_worse(counts: TwoCounts) -> Floats:
    """Return the log of the evidence that q > p: equal versions ever reach ``log(1 / a)`` with probability at most ``a``.

    >>> round(float(log_e_worse(TwoCounts(3, 100, 0, 10_000))), 1)
    6.6
    """
    k, n, k0, n0 = _arrays(counts)
    apart = _mixed(k, n) + _mixed(k0, n0)
    free = _likeliest(k, n) + _likeliest(k0, n0)
    claimed = np.where(k * n0 <= k0 * n, free, _likeliest(k + k0, n + n0))
    return np.asarray(apart - claimed, dtype=np.float64)


def log_e_within(counts: TwoCounts, ratio: float) -> Floats:
    """Return the log of the evidence that q < ``ratio`` · p: a challenger that errs ``ratio`` times as often as the champion, or
    more, ever reaches ``log(1 / a)`` with probability at most ``a``. Half of the mixture expects equal rates."""
    k, n, k0, n0 = _arrays(counts)
    hoped = np.logaddexp(_mixed(k + k0, n + n0), _mixed(k, n) + _mixed(k0, n0)) - np.log(2)
    free = _likeliest(k, n) + _likeliest(k0, n0)
    claimed = np.where(k * n0 >= ratio * k0 * n, free, _likeliest_at(k, n, k0, n0, ratio))
    return np.asarray(hoped - claimed, dtype=np.float64)


def _arrays(counts: TwoCounts) -> tuple[Floats, Floats, Floats, Floats]:
    given = (counts.wrong, counts.n, counts.their_wrong, counts.their_n)
    k, n, k0, n0 = (np.asarray(each, dtype=np.float64) for each in given)
    return k, n, k0, n0


def _mixed(k: Floats, n: Floats) -> Floats:
    return np.asarray(betaln(PRIOR + k, PRIOR + n - k) - betaln(PRIOR, PRIOR), dtype=np.float64)


def _likeliest(k: Floats, n: Floats) -> Floats:
    """Return the largest log likelihood of ``k`` in ``n``."""
    rate = k / np.maximum(n, 1)
    return np.asarray(xlogy(k, rate) + xlog1py(n - k, -rate), dtype=np.float64)


def _likeliest_at(k: Floats, n: Floats, k0: Floats, n0: Floats, ratio: float) -> Floats:
    """Return the largest log likelihood of both where q = ratio · p: its derivative is a quadratic in p, of which the smaller
    root counts."""
    both, right0, right = k + k0, n0 - k0, n - k
    square, linear = ratio * (both + right0 + right), both * (1 + ratio) + right0 + ratio * right
    root = np.sqrt(np.maximum(linear**2 - 4 * square * both, 0.0))
    p = np.minimum(2 * both / np.maximum(linear + root, 1e-300), 1 / ratio)
    q = np.minimum(ratio * p, 1.0)
    return np.asarray(xlogy(k0, p) + xlog1py(right0, -p) + xlogy(k, q) + xlog1py(right, -q), dtype=np.float64)
