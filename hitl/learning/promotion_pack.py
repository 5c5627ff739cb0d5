"""What approvers see before a challenger may replace the champion: whether it is better, where it is worse, what it would change.

Both models answer the same rows, which neither learned from. The pack is plain JSON and nothing in it depends on when or where
it is made, so that its digest stands for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from hitl.learning.pack_form import (
    CertificateLine,
    ComparisonPack,
    ModelPack,
    PromotionPack,
    ShareOfRows,
    ShownRow,
)
from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.calibration import expected_calibration_error, reliability
from hitl.quality.certificate import Certificate, RiskLevel, ScoredSample, Versions, certify_segments, threshold_grid
from hitl.quality.interval import Interval
from hitl.quality.promotion import ELIGIBLE_E, log_e_better, mcnemar_p, paired_gain, segment_evidence, worst_loss

MARGIN = 0.005
"""Accuracy that a challenger may lose and still count as not worse."""
LEVEL = 0.05
SHOWN_ROWS = 20
REVIEWS_AN_HOUR = 100.0
SEED = 0


@dataclass(frozen=True, slots=True)
class Model:
    """One model's answers: ``probabilities`` (n, classes); ``latency_ms`` of a batch of 64 rows, the median, and
    ``latency_p99_ms``, None where nobody timed it; ``calibrated`` (n,), the confidence that it would serve with, the largest
    probability where it is None."""

    digest: str
    probabilities: Floats
    latency_ms: float | None
    calibrated: Floats | None = None
    latency_p99_ms: float | None = None

    @property
    def confidence(self) -> Floats:
        largest = np.asarray(self.probabilities.max(axis=1), dtype=np.float64)
        return largest if self.calibrated is None else self.calibrated


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that both answer: ``targets`` (n,) as indices into ``labels``, the ``segment`` and ``entity`` of each (rows of one
    entity go together), and an ``id`` to show. ``source`` says where they come from."""

    labels: Sequence[str]
    targets: Ints
    ids: Sequence[str]
    segments: Sequence[str]
    source: str
    entities: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class PromotionTerms:
    """``risk`` None: the bands automate above ``automatic`` without a certificate. Costs in dollars."""

    risk: RiskLevel | None
    automatic: float
    review_cost: float = 0.40
    error_cost: float = 10.0
    by_label: bool = False
    corrections: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Of past corrections, by model digest: ``(answered as corrected, all)``."""


def promotion_pack(rows: Rows, challenger: Model, champion: Model | None, terms: PromotionTerms) -> PromotionPack:
    """Return the evidence. Without a champion there is nothing to compare with: its part is None."""
    models = {"challenger": challenger} | ({"champion": champion} if champion else {})
    return {
        "rows": {"source": rows.source, "n": len(rows.targets), "segments": _sizes(rows.segments)},
        "models": {name: _alone(model, rows, terms) for name, model in models.items()},
        "comparison": _compared(rows, challenger, champion) if champion else None,
        "rollback": "POST /v1/models/{task}/rollback to the champion's digest; a canary rolls back by itself",
    }


def _alone(model: Model, rows: Rows, terms: PromotionTerms) -> ModelPack:
    right, confidence = _right(model, rows), model.confidence
    rng = np.random.default_rng(SEED)
    automatic, certificates = _automatic(model, rows, terms)
    errors = int((automatic & ~right).sum())
    reviews = float(1 - automatic.mean())
    return {
        "digest": model.digest,
        "accuracy": _share(right),
        "automatic": {
            "share": float(automatic.mean()),
            "errors": errors,
            "n": int(automatic.sum()),
            "certificates": certificates,
        },
        "per_decision": {"cost": terms.review_cost * reviews + terms.error_cost * errors / len(right), "reviews": reviews},
        "reviewer_hours_per_1000": reviews * 1000 / REVIEWS_AN_HOUR,
        "calibration": {
            "error": asdict(expected_calibration_error(confidence, right, rng)),
            "reliability": [asdict(one) for one in reliability(confidence, right)],
        },
        "latency_ms": _rounded(model.latency_ms),
        "latency_p99_ms": _rounded(model.latency_p99_ms),
        "corrections_kept": _kept(terms.corrections.get(model.digest)),
        "recall": {label: _share(right[rows.targets == i]) for i, label in enumerate(rows.labels)},
    }


def _automatic(model: Model, rows: Rows, terms: PromotionTerms) -> tuple[Bools, dict[str, CertificateLine]]:
    """Return which rows would be automatic, and the certificates of this very model on them: one half of the rows fixes the grid,
    the other proves, and automation is counted on the proving half's thresholds over all rows."""
    confidence = model.confidence
    if terms.risk is None:
        return confidence > terms.automatic, {}
    right, names = _right(model, rows), _segments_of(model, rows, terms)
    proving = np.random.default_rng(SEED).permutation(len(right)) % 2 == 0
    samples, grids, pilots = {}, {}, {}
    for name in sorted(set(names.tolist())):
        here = names == name
        samples[name] = ScoredSample(confidence[here & proving], ~right[here & proving])
        pilots[name] = ScoredSample(confidence[here & ~proving], ~right[here & ~proving])
        grids[name] = threshold_grid(pilots[name].scores, len(samples[name]), terms.risk)
    found = certify_segments(samples, grids, terms.risk, Versions(model.digest, "", ""), pilots, simultaneous=False)
    automatic = np.zeros(len(right), dtype=np.bool_)
    for name, one in found.items():
        if one.threshold is not None:
            automatic |= (names == name) & (confidence >= one.threshold)
    return automatic, {name: _line_of(one) for name, one in found.items()}


def _line_of(one: Certificate) -> CertificateLine:
    return {
        "threshold": one.threshold,
        "labels": one.labels,
        "errors": one.errors,
        "upper_bound": one.upper_bound,
        "coverage": one.coverage,
        "reason": one.reason,
    }


def _compared(rows: Rows, challenger: Model, champion: Model) -> ComparisonPack:
    new, old = _right(challenger, rows), _right(champion, rows)
    wins, losses = int((new & ~old).sum()), int((old & ~new).sum())
    entities = np.unique(np.array(rows.entities or rows.ids), return_inverse=True)[1].astype(np.int64)
    gain = paired_gain(new.astype(float), old.astype(float), entities, np.random.default_rng(SEED))
    log_e = float(log_e_better(wins, losses))
    at_most = worst_loss(wins, losses, len(new), LEVEL)
    names = np.array(rows.segments)
    segments = segment_evidence({name: (new[names == name], old[names == name]) for name in sorted(set(rows.segments))})
    p = mcnemar_p(wins, losses)
    return {
        "table": {
            "both_right": int((new & old).sum()),
            "only_challenger_right": wins,
            "only_champion_right": losses,
            "both_wrong": int((~new & ~old).sum()),
        },
        "mcnemar_p": p,
        "log_e": log_e,
        "eligible_at_log_e": float(np.log(ELIGIBLE_E)),
        "gain": asdict(gain),
        "latency_ratio": _ratio(challenger.latency_ms, champion.latency_ms),
        "worst_loss": at_most,
        "segments": {name: {**asdict(one), "verdict": one.verdict.value} for name, one in segments.items()},
        "verdict": _verdict(p, at_most, gain, any(one.blocks for one in segments.values())),
        "new_errors": _shown(rows, challenger, champion, old & ~new),
        "fixes": _shown(rows, challenger, champion, new & ~old),
    }


def _verdict(p: float, at_most: float, gain: Interval, harms_a_segment: bool) -> str:
    """Return one of ``harms a segment``, ``better``, ``not worse``, ``worse`` and ``not enough evidence``."""
    if harms_a_segment:
        return "harms a segment"
    if p <= LEVEL:
        return "better"
    if at_most <= MARGIN:
        return "not worse"
    return "worse" if gain.high < 0 else "not enough evidence"


def _shown(rows: Rows, challenger: Model, champion: Model, where: Bools) -> list[ShownRow]:
    """Return the rows ``where``, those of which the challenger is the surest first."""
    surest = challenger.confidence
    order = [int(i) for i in np.argsort(-surest, kind="stable") if where[i]][:SHOWN_ROWS]
    return [
        {
            "id": rows.ids[i],
            "truth": rows.labels[rows.targets[i]],
            "challenger": rows.labels[int(challenger.probabilities[i].argmax())],
            "champion": rows.labels[int(champion.probabilities[i].argmax())],
            "confidence": float(surest[i]),
        }
        for i in order
    ]


def _right(model: Model, rows: Rows) -> Bools:
    return np.asarray(model.probabilities.argmax(axis=1) == rows.targets, dtype=np.bool_)


def _segments_of(model: Model, rows: Rows, terms: PromotionTerms) -> Any:
    """Return the segment that a certificate would be about: with ``by_label`` also the predicted label."""
    names = np.array(rows.segments, dtype=object)
    if not terms.by_label:
        return names
    predicted = [rows.labels[int(i)] for i in model.probabilities.argmax(axis=1)]
    return np.array([f"{name}/{label}" for name, label in zip(names, predicted, strict=True)], dtype=object)


def _share(values: Bools) -> ShareOfRows:
    return {"value": float(values.mean()) if len(values) else None, "n": len(values)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _ratio(new: float | None, old: float | None) -> float | None:
    return round(new / old, 3) if new is not None and old else None


def _kept(corrections: tuple[int, int] | None) -> ShareOfRows | None:
    if corrections is None:
        return None
    kept, n = corrections
    return {"value": kept / n if n else None, "n": n}


def _sizes(names: Sequence[str]) -> dict[str, int]:
    return {name: sum(one == name for one in names) for name in sorted(set(names))}
