"""Certify the threshold above which a model may decide alone, at a stated risk and confidence.

Learn-then-Test (Angelopoulos et al., arXiv 2110.01052) by fixed-sequence testing: thresholds are fixed before any label is
seen; from a start they are tested one after the other, towards more automation, each with an exact binomial tail at the
same level; the last one accepted before the first refusal is certified. Then
``P(risk above the threshold > level) <= 1 - confidence``, for any score and without any assumption on its shape.

Four starts share the error budget: one chosen on a pilot (rows independent of the certifying labels), the safest threshold of
all, and two between them. The safe start alone has few labels and dies when even the most confident cases have noisy ones; the
pilot's start alone dies when the pilot was lucky.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from hitl.canonical import fingerprint
from hitl.errors import InvalidConfig
from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.binomial import labels_needed, risk_p_value, upper_bound
from hitl.quality.number_of import number_of

GRID_SIZE = 60
SLACK = 2.0
"""The safest threshold keeps this many times the labels that a proof needs without any error."""
LARGEST_FIRST_COVERAGE = 0.9
STARTS = ((1.0, 0.5), (2 / 3, 0.2), (1 / 3, 0.15), (0.0, 0.15))
"""Where walks start, as parts of the way from the safest threshold to the pilot's, and the share of the error budget of each."""


@dataclass(frozen=True, slots=True)
class RiskLevel:
    """Among automatic decisions at most ``level`` may be wrong, with probability ``confidence``.

    Raises InvalidConfig unless both lie strictly between 0 and 1.
    """

    level: float
    confidence: float

    def __post_init__(self) -> None:
        for key, value in asdict(self).items():
            if not 0.0 < value < 1.0:
                raise InvalidConfig("risk", key, f"expected a number strictly between 0 and 1, came {value!r}")

    @property
    def delta(self) -> float:
        return 1 - self.confidence


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions that a certificate is about; a change of any of them voids it."""

    model: str
    calibrator: str
    policy: str


@dataclass(frozen=True, slots=True)
class ScoredSample:
    """Scored cases with their truth: ``scores`` (n,), higher is surer, and ``wrong`` (n,), whether the model erred."""

    scores: Floats
    wrong: Bools

    def __len__(self) -> int:
        return len(self.scores)


@dataclass(frozen=True, slots=True)
class Certificate:
    """``threshold`` None: nothing may be automatic, for the ``reason``. ``labels`` and ``errors`` are counted at or above the
    threshold; ``upper_bound`` is the exact bound on the risk there, at the level spent by the start that reached it;
    ``coverage`` is the share of the certifying rows that would be automatic."""

    segment: str
    versions: Versions
    risk: RiskLevel
    threshold: float | None
    labels: int
    errors: int
    upper_bound: float
    coverage: float
    reason: str

    def allows(self, score: float, segment: str, versions: Versions) -> bool:
        """Tell whether a case may be decided automatically. False for other versions or another segment: it fails closed."""
        return self.threshold is not None and score >= self.threshold and (segment, versions) == (self.segment, self.versions)

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def digest(self) -> str:
        return fingerprint(self.plain())


def threshold_grid(traffic: Floats, labels: int, risk: RiskLevel, size: int = GRID_SIZE) -> Floats:
    """Thresholds from safest to riskiest: quantiles of scores of *unlabelled, independent* ``traffic`` (n,).

    The safest leaves enough of ``labels`` rows above it for a proof. Empty without traffic or labels.
    """
    if not len(traffic) or labels <= 0:
        return np.empty(0)
    first = min(LARGEST_FIRST_COVERAGE, SLACK * labels_needed(risk.level, risk.confidence) / labels)
    coverages = np.linspace(first, 1.0, size)
    return np.unique(np.quantile(traffic, 1 - coverages, method="inverted_cdf"))[::-1]


def counts_above(sample: ScoredSample, grid: Floats) -> tuple[Ints, Ints]:
    """Return ``(labels, errors)`` at or above each threshold."""
    order = np.argsort(-sample.scores, kind="stable")
    errors = np.concatenate(([0], np.cumsum(sample.wrong[order])))
    labels = np.searchsorted(-sample.scores[order], -grid, side="right")
    return labels.astype(np.int64), errors[labels].astype(np.int64)


def pilot_start(pilot: ScoredSample, grid: Floats, labels: int, risk: RiskLevel) -> int:
    """Return the position in ``grid`` whose risk is expected to be the most clearly under the level, by the ``pilot`` alone."""
    seen, errors = counts_above(pilot, grid)
    return _clearest(seen.astype(np.float64), errors.astype(np.float64), len(pilot), labels, risk)


def _clearest(seen: Floats, errors: Floats, rows: int, labels: int, risk: RiskLevel) -> int:
    """Return the position in the grid whose risk is the most clearly under the level, in standard errors; 0, the safest, where
    none would have enough labels. Of the pilot's ``rows``, ``seen`` stand at or above each threshold, with ``errors`` wrong."""
    rate = (errors + 0.5) / (seen + 1)  # half an error more: a pilot without errors does not show a risk of 0
    expected = labels * seen / rows
    clarity = (risk.level - rate) * np.sqrt(expected / (rate * (1 - rate)))
    enough = expected >= labels_needed(risk.level, risk.confidence)
    return int(np.argmax(np.where(enough, clarity, -np.inf)))


def last_accepted(p_values: Floats, start: int, level: float) -> int | None:
    """Return the last position, walking from ``start``, before the first p-value above ``level``; None if that is the first."""
    refused = np.flatnonzero(p_values[start:] > level)
    steps = int(refused[0]) if refused.size else len(p_values) - start
    return start + steps - 1 if steps else None


def starts_of(pilot: ScoredSample | None, grid: Floats, labels: int, risk: RiskLevel) -> list[tuple[int, float]]:
    """Return ``(position, share of delta)``; the shares sum to ``delta``, so that the union of all walks keeps the promise."""
    if pilot is None or not len(pilot):
        return [(0, risk.delta)]
    return _starts(pilot_start(pilot, grid, labels, risk), risk)


def starts_at(seen: Floats, errors: Floats, rows: int, labels: int, risk: RiskLevel) -> list[tuple[int, float]]:
    """As starts_of, where a pilot of ``rows`` has ``seen`` of them at or above each threshold and expects ``errors`` there."""
    return _starts(_clearest(seen, errors, rows, labels, risk), risk)


def _starts(pilots: int, risk: RiskLevel) -> list[tuple[int, float]]:
    shares: dict[int, float] = {}
    for part, share in STARTS:
        position = int(pilots * part)
        shares[position] = shares.get(position, 0.0) + share * risk.delta
    return list(shares.items())


def certify(
    sample: ScoredSample,
    grid: Floats,
    risk: RiskLevel,
    versions: Versions,
    segment: str = "all",
    pilot: ScoredSample | None = None,
) -> Certificate:
    """Return the certificate that ``sample`` supports: rows drawn from the traffic to be automated, labelled whatever their
    score.

    ``grid`` and ``pilot`` must not depend on the sample's labels.
    """

    def refuse(reason: str) -> Certificate:
        return Certificate(segment, versions, risk, None, 0, 0, 1.0, 0.0, reason)

    if not len(grid) or not len(sample):
        return refuse("no labels yet")
    labels, errors = counts_above(sample, grid)
    p_values = risk_p_value(errors, labels, risk.level)
    walks = [(last_accepted(p_values, at, level), level) for at, level in starts_of(pilot, grid, len(sample), risk)]
    accepted = [(at, level) for at, level in walks if at is not None]
    if not accepted:
        return refuse(_why_not(int(labels.max()), risk))
    at, level = max(accepted)
    k, n = int(errors[at]), int(labels[at])
    reason = f"{number_of(k, 'error')} in {number_of(n, 'label')} at or above {grid[at]:.6g}"
    bound = upper_bound(k, n, 1 - level)
    return Certificate(segment, versions, risk, float(grid[at]), n, k, bound, n / len(sample), reason)


def certify_segments(
    samples: Mapping[str, ScoredSample],
    grids: Mapping[str, Floats],
    risk: RiskLevel,
    versions: Versions,
    pilots: Mapping[str, ScoredSample] | None = None,
    simultaneous: bool = True,
) -> dict[str, Certificate]:
    """Return one certificate a segment. ``simultaneous``: all of them hold together with ``risk.confidence`` (each is given
    an equal part of delta); otherwise each holds by itself. A segment without labels is refused, never served by a pooled
    threshold."""
    share = len(samples) if simultaneous else 1
    each = RiskLevel(risk.level, 1 - risk.delta / max(share, 1))
    empty = np.empty(0)
    return {
        segment: certify(sample, grids.get(segment, empty), each, versions, segment, (pilots or {}).get(segment))
        for segment, sample in samples.items()
    }


def _why_not(labels: int, risk: RiskLevel) -> str:
    need = labels_needed(risk.level, risk.confidence)
    if labels < need:
        return f"{labels} labels; a risk under {risk.level:g} needs at least {need}"
    return f"the labels do not show a risk under {risk.level:g} at any threshold"
