"""The greatest evidence over all prefixes is found without computing that of each."""

import numpy as np
import pytest

from hitl.quality.certificate import ScoredSample
from hitl.quality.eprocess import log_e_certify, log_e_certify_bound
from hitl.quality.prefixes import Draws, prefix_evidence
from tests.fakes import evidence_by_prefix


@pytest.mark.parametrize("seed", range(40))
def test_evidence_that_is_bounded_first_is_that_of_every_prefix(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, level = int(rng.choice([0, 1, 7, 2_000])), float(rng.choice([0.01, 0.05, 0.4]))
    scores = rng.random(n).round(int(rng.integers(1, 4)))
    sample = ScoredSample(scores, rng.random(n) < rng.choice([0.0, 0.5, 1.0, 3.0]) * level * (1.3 - scores))
    grid = np.unique(rng.random(40).round(2))[::-1]
    probability, equal = rng.choice([0.2, 0.5, 1.0], n), int(rng.integers(0, n + 1))
    for draws in (None, Draws(np.where(np.arange(n) < equal, 0.3, probability), equal, 0.2)):
        found, wanted = (each(sample, grid, level, draws) for each in (prefix_evidence, evidence_by_prefix.prefix_evidence))
        assert found.labels.tolist() == wanted.labels.tolist()
        assert found.errors.tolist() == wanted.errors.tolist()
        assert found.log_e.tolist() == pytest.approx(wanted.log_e.tolist(), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("level", [1e-6, 1e-4, 0.01, 0.05, 0.3, 0.7, 0.9, 0.9999])
def test_no_evidence_is_above_its_bound(level: float) -> None:
    rng = np.random.default_rng(3)
    n = np.concatenate([np.arange(1, 400), rng.integers(1, 10**6, 4_000)])
    for share in (0.0, 0.5 * level, 0.99 * level, level, 1.001 * level, 2 * level, 1.0):
        errors = np.minimum(np.ceil(share * n), n)
        assert (log_e_certify(errors, n, level) <= log_e_certify_bound(errors, n, level)).all()
