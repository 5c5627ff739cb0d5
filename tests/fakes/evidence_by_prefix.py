"""The evidence of every prefix at every threshold, as hitl.quality.prefixes looks for the greatest of it."""

import numpy as np

from hitl.quality import prefixes
from hitl.quality.arrays import Floats
from hitl.quality.certificate import ScoredSample
from hitl.quality.eprocess import log_e_certify
from hitl.quality.prefixes import Draws, PrefixEvidence
from hitl.quality.unequal_draws import log_factors, log_mean


def prefix_evidence(sample: ScoredSample, grid: Floats, level: float, draws: Draws | None) -> PrefixEvidence:
    """As hitl.quality.prefixes.prefix_evidence, with the evidence of every prefix at every threshold."""
    equal = len(sample) if draws is None else draws.equal
    ends, places = prefixes._ends(sample.wrong), np.arange(len(sample))
    above = sample.scores >= grid[:, None]

    def sums(weights: Floats) -> Floats:
        whole = np.cumsum(np.concatenate([np.zeros((len(grid), 1)), above * weights], axis=1), axis=1)
        return np.asarray(whole[:, ends].T)

    labels, errors = sums(np.ones(len(sample))).astype(np.int64), sums(sample.wrong * 1.0).astype(np.int64)
    found = log_e_certify(sums(sample.wrong * (places < equal)), sums(1.0 * (places < equal)), level)
    if draws is not None and equal < len(sample):
        logs = log_factors(sample.wrong, draws.probability, draws.floor, level) * (places >= equal)
        found = found + log_mean(np.array([sums(each) for each in logs]))
    best, at = found.argmax(axis=0), np.arange(len(grid))
    return PrefixEvidence(found[best, at], labels[best, at], errors[best, at])
