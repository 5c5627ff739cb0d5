"""The product's evidence with a memory: a simulation asks for the same few errors in the same few labels thousands of times."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from hitl.quality.arrays import Floats
from hitl.quality.certificate import ScoredSample
from hitl.quality.eprocess import log_e_certify
from hitl.quality.prefixes import Draws, PrefixEvidence
from hitl.quality.prefixes import prefix_evidence as _prefix_evidence

MOST = 32_000_000
"""Numbers that are remembered of one level: 256 MB; beyond them all are computed."""


class KnownEvidence:
    """hitl.quality.eprocess.log_e_certify of one ``level``, computed once for each pair of errors and labels."""

    def __init__(self, level: float) -> None:
        self._level, self._known = level, np.full((64, 1024), np.nan)

    def __call__(self, errors: ArrayLike, n: ArrayLike, level: float) -> Floats:
        k, counted = np.asarray(errors, dtype=np.int64), np.asarray(n, dtype=np.int64)
        if not k.size:
            return log_e_certify(k, counted, level)
        shape = self._wanted(int(k.max()), int(counted.max()))
        if shape[0] * shape[1] > MOST or level != self._level:
            return log_e_certify(k, counted, level)
        self._grow(shape)
        found = self._known[k, counted]
        unknown = np.isnan(found)
        if unknown.any():
            pairs = np.unique(k[unknown] * shape[1] + counted[unknown])
            k_new, n_new = pairs // shape[1], pairs % shape[1]
            self._known[k_new, n_new] = log_e_certify(k_new, n_new, level)
            found = self._known[k, counted]
        return found

    def _wanted(self, errors: int, n: int) -> tuple[int, int]:
        rows, columns = self._known.shape
        while rows <= errors:
            rows *= 2
        while columns <= n:
            columns *= 2
        return rows, columns

    def _grow(self, shape: tuple[int, int]) -> None:
        if shape != self._known.shape:
            grown = np.full(shape, np.nan)
            grown[: self._known.shape[0], : self._known.shape[1]] = self._known
            self._known = grown


@cache
def known_evidence(level: float) -> KnownEvidence:
    """The memory of this process about ``level``."""
    return KnownEvidence(level)


def prefix_evidence(sample: ScoredSample, grid: Floats, level: float, draws: Draws | None = None) -> PrefixEvidence:
    """As hitl.quality.prefixes.prefix_evidence, to the last bit."""
    return _prefix_evidence(sample, grid, level, draws, known_evidence(level))
