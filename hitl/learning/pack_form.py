"""The form of a promotion pack, part by part. A pack is plain JSON: approvers vote on its digest."""

from typing import TypedDict

from hitl.canonical import JsonObject


class ShareOfRows(TypedDict):
    """A share in [0, 1] of ``n``; None of none."""

    value: float | None
    n: int


class CertificateLine(TypedDict):
    """What hitl.quality.certificate.Certificate proves of one segment."""

    threshold: float | None
    labels: int
    errors: int
    upper_bound: float
    coverage: float
    reason: str


class AutomaticPack(TypedDict):
    """The rows that would be automatic, with the model's ``errors`` among those ``n``, and its certificates by segment."""

    share: float
    errors: int
    n: int
    certificates: dict[str, CertificateLine]


class PerDecision(TypedDict):
    """The expected ``cost`` in dollars and ``reviews`` of one decision."""

    cost: float
    reviews: float


class CalibrationPack(TypedDict):
    """The calibration error with its interval, and the bins of the reliability curve."""

    error: JsonObject
    reliability: list[JsonObject]


class ModelPack(TypedDict):
    """One model on the rows, by itself. Latencies are of a batch of 64 rows, None where nobody timed it;
    ``corrections_kept`` None: nobody looked."""

    digest: str
    accuracy: ShareOfRows
    automatic: AutomaticPack
    per_decision: PerDecision
    reviewer_hours_per_1000: float
    calibration: CalibrationPack
    latency_ms: float | None
    latency_p99_ms: float | None
    corrections_kept: ShareOfRows | None
    recall: dict[str, ShareOfRows]


class ComparisonTable(TypedDict):
    """The rows by which of the two models is right."""

    both_right: int
    only_challenger_right: int
    only_champion_right: int
    both_wrong: int


class ShownRow(TypedDict):
    """A row on which the two differ."""

    id: str
    truth: str
    challenger: str
    champion: str
    confidence: float


class ComparisonPack(TypedDict):
    """The challenger against the champion. ``worst_loss`` is the most accuracy that may be lost, ``log_e`` the log evidence that
    the challenger is better; ``segments`` are hitl.quality.promotion.SegmentEvidence by name."""

    table: ComparisonTable
    mcnemar_p: float
    log_e: float
    eligible_at_log_e: float
    gain: JsonObject
    latency_ratio: float | None
    worst_loss: float
    segments: dict[str, JsonObject]
    verdict: str
    new_errors: list[ShownRow]
    fixes: list[ShownRow]


class RowsPack(TypedDict):
    """Where the rows come from, and how many there are, whole and by segment."""

    source: str
    n: int
    segments: dict[str, int]


class PromotionPack(TypedDict):
    """The evidence as JSON; ``models`` are ``challenger`` and ``champion``."""

    rows: RowsPack
    models: dict[str, ModelPack]
    comparison: ComparisonPack | None
    rollback: str
