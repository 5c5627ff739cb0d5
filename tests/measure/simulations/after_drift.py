"""After a drift: does the evidence call the challenger that mends it better, and seldom one that is no better?"""

from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from hitl.quality.promotion import mcnemar_p
from hitl.quality.vault_evidence import ComparedRow, compare_on_vault

TRAIN, HELD_OUT = 600, 300
LEARNED, VAULT = 420, 180
"""Of 600 answers since the drift: the vault takes 0.3 of them."""
RARE = 0.1


@dataclass(frozen=True, slots=True)
class AfterDrift:
    """The share of worlds in which the challenger that learned after the drift is called ``better`` by the vault's rows, the mean
    ``gain`` in accuracy that they show, and the share of them in which it is significantly worse on the rows held out before."""

    worlds: int
    better: float
    gain: float
    old_rows_reject: float


def pixels_shifted(worlds: int, seed: int = 101) -> AfterDrift:
    """The digits move by one pixel; champion and challenger are models of before and after."""
    found = np.array([_shifted(np.random.default_rng([seed, world])) for world in range(worlds)])
    return AfterDrift(worlds, *(float(each) for each in found.mean(axis=0)))


def _shifted(rng: np.random.Generator) -> tuple[bool, float, bool]:
    images, labels = load_digits(return_X_y=True)
    moved = np.roll(images.reshape(-1, 8, 8), 1, axis=2).reshape(len(images), -1)
    order = rng.permutation(len(labels))
    train, held_out, learned, vault = np.split(order, np.cumsum([TRAIN, HELD_OUT, LEARNED]))
    champion = _fit(images[train], labels[train])
    challenger = _fit(moved[learned], labels[learned])
    new, old = (model.predict(moved[vault]) == labels[vault] for model in (challenger, champion))
    sure = champion.predict_proba(moved[vault]).max(axis=1) >= 0.95
    drawn = ~sure | (rng.random(len(vault)) < RARE)
    rows = [ComparedRow(RARE if sure[i] else 1.0, bool(new[i]), bool(old[i])) for i in np.flatnonzero(drawn)[:VAULT]]
    compared = compare_on_vault(rows, 1)
    before = [model.predict(images[held_out]) == labels[held_out] for model in (challenger, champion)]
    worse = mcnemar_p(int((before[1] & ~before[0]).sum()), int((before[0] & ~before[1]).sum())) <= 0.05
    return compared.verdict == "better", compared.gain or 0.0, worse


def _fit(rows: np.ndarray, labels: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=10.0, max_iter=300).fit(rows / 16.0, labels)


def no_better_in_nights(nights: int, repetitions: int, rows_a_night: int = 30, seed: int = 102) -> float:
    """The share of repetitions in which any of the challengers, one a night, each exactly as good as the champion, is called
    better. The vault grows by so many rows a night, a part of them drawn with a small probability."""
    rng = np.random.default_rng(seed)
    return float(np.mean([_ever_better(nights, rows_a_night, rng) for _ in range(repetitions)]))


def _ever_better(nights: int, rows_a_night: int, rng: np.random.Generator) -> bool:
    for night in range(1, nights + 1):
        n = night * rows_a_night
        won, lost = (rng.random(n) < 0.05 for _ in range(2))
        drawn = np.where(rng.random(n) < 0.3, RARE, 1.0)
        rows = [ComparedRow(float(drawn[i]), bool(won[i] or not lost[i]), not won[i]) for i in range(n)]
        if compare_on_vault(rows, night).verdict == "better":
            return True
    return False
