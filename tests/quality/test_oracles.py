"""Our formulas beside those of cleanlab, MAPIE and crowd-kit: the same numbers. With the extra ``oracles``."""

import mapie.risk_control.methods as mapie
import numpy as np
import pandas as pd
import pytest
from cleanlab import count
from crowdkit.aggregation.classification import dawid_skene as crowd

from hitl.quality.arrays import Floats, Ints
from hitl.quality.binomial import risk_p_value
from hitl.quality.consensus import posterior
from hitl.quality.label_noise import suspicious

pytestmark = pytest.mark.slow
CLASSES = 4


def noisy_labels(items: int = 2000, seed: int = 61) -> tuple[Floats, Ints]:
    """Probabilities around the truth, and labels of which 8 % are wrong."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, CLASSES, items)
    logits = 2.5 * np.eye(CLASSES)[truth] + rng.normal(0, 1, (items, CLASSES))
    likely = np.exp(logits)
    moved = np.where(rng.random(items) < 0.08, (truth + rng.integers(1, CLASSES, items)) % CLASSES, truth)
    return likely / likely.sum(axis=1, keepdims=True), moved


def test_suspicious_labels_are_cleanlabs_off_diagonals() -> None:
    probabilities, labels = noisy_labels()
    _, found = count.compute_confident_joint(labels, probabilities, return_indices_of_off_diagonals=True, calibrate=False)
    assert np.flatnonzero(suspicious(probabilities, labels)).tolist() == sorted(found)


def test_p_values_of_a_risk_are_within_mapies_hoeffding_bentkus() -> None:
    """Its exact part is e times the binomial tail, for losses that need not be 0 or 1."""
    n = 200
    for errors in (0, 2, 5, 9):
        theirs = mapie.compute_hoeffding_bentkus_p_value(np.array([errors / n]), n, 0.05)
        ours = float(risk_p_value(errors, n, 0.05))
        assert ours <= float(np.min(theirs)) <= np.e * ours + 1e-9


def test_posteriors_are_crowd_kits_expectation_step() -> None:
    rng = np.random.default_rng(62)
    confusion = 0.2 * rng.dirichlet(np.ones(CLASSES), (3, CLASSES)) + 0.8 * np.eye(CLASSES)
    prior = rng.dirichlet(np.ones(CLASSES))
    votes = [(item, worker, int(rng.integers(CLASSES))) for item in range(20) for worker in range(3)]
    rows = [(w, v, *confusion[w, :, v]) for w in range(3) for v in range(CLASSES)]
    errors = pd.DataFrame(rows, columns=["worker", "label", *range(CLASSES)]).set_index(["worker", "label"])
    data = pd.DataFrame(votes, columns=["task", "worker", "label"])
    theirs = crowd.DawidSkene._e_step(data, pd.Series(prior, index=range(CLASSES)), errors)
    for item in range(20):
        ours = posterior(prior, [(worker, label) for each, worker, label in votes if each == item], confusion)
        assert ours == pytest.approx(theirs.loc[item].to_numpy(), abs=1e-9)
