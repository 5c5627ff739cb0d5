"""Measure straight-through invoices: certified at a level, beside a fixed threshold, to build/bench/documents.json.

The pipeline is simulated, and so are the people: no OCR engine runs here. A page has a quality; on a bad one characters are
misread, and the pipeline's scores know it only in part. The field ``number`` is misread with high scores too (an O for a 0), as
it was with a real engine. Truth is known by construction: what is automatic is compared with it, not with what people said.
"""

import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict

import numpy as np
from numpy.random import Generator

from hitl.answers.fields import Fields, FieldsAnswer
from hitl.errors import InvalidInput
from hitl.quality.arrays import Bools, Floats
from hitl.quality.calibration import fit_isotonic
from hitl.quality.certificate import RiskLevel, ScoredSample, Versions, certify, threshold_grid
from hitl.tasks import load_task
from tests.measure.command_line import no_options
from tests.running import ROOT

FILE = ROOT / "build" / "bench" / "documents.json"
TASK = ROOT / "examples" / "tasks" / "declared_invoices.yaml"
FITTED, CERTIFIED, TRAFFIC = 500, 2_000, 20_000
"""Documents that people answer to fit the map and to certify, and those that come afterwards."""
FIXED = 0.9
RISK = RiskLevel(0.05, 0.9)
CARELESS = 0.02
"""The share of the wrong documents that a person takes for right."""
VENDORS = ("Acme Tools", "Olsen and Sons", "Bright Lamps", "Northern Oil", "Ill Wind Sails", "Zoo Supplies")
LOOK_ALIKE = dict(zip("0158OlSBenrt", "OlSB0158cuvf", strict=True))
LIKE_DIGITS = dict(zip("0135678", "8786513", strict=True))
"""What a misread character becomes: in a text; and in an amount or a day, where a pipeline's rules let only digits through."""
MISREAD, MISREAD_NUMBER, STEEP = 2.0, 0.08, 3.0
"""Chances of a character, on the worst page and on any page's number, and how fast they fall with the quality. They give .38
wrong documents, as a real engine had on 800 degraded invoices; wrong numbers .23 (it had .32), wrong amounts .07 to .08 (.16)."""


class ThroughRate(TypedDict):
    """The ``share`` of the documents that go straight through, and the share of those that is wrong in truth."""

    threshold: float | None
    share: float
    true_error: float


class Measured(TypedDict):
    """``fields`` has the share of each field that was misread; ``wrong`` that of the documents with any."""

    documents: int
    level: float
    wrong: float
    fields: dict[str, float]
    certified: ThroughRate
    fixed: ThroughRate
    certified_fields: dict[str, ThroughRate]
    fixed_fields: dict[str, ThroughRate]


@dataclass(frozen=True)
class Stream:
    """``scores`` and ``wrong`` of each field are (documents, fields); ``believed`` is what people find wrong of them."""

    scores: Floats
    wrong: Bools
    believed: Bools


def main() -> None:
    no_options(__doc__)
    report = measured(0)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=2) + "\n")


def measured(seed: int, traffic: int = TRAFFIC) -> Measured:
    """Straight-through rates over one stream of simulated documents, as a whole and field by field."""
    rng, answer = np.random.default_rng(seed), invoice_answer()
    fitting, proving, after = (stream(answer, count, rng) for count in (FITTED, CERTIFIED, traffic))
    return measured_over(fitting, proving, after, [each.name for each in answer.fields])


def measured_over(fitting: Stream, proving: Stream, after: Stream, names: list[str]) -> Measured:
    """The rates over what comes ``after``, with maps fitted on one stream and thresholds certified on another."""
    whole = [_whole(each) for each in (fitting, proving, after)]
    columns = {name: [_column(each, at) for each in (fitting, proving, after)] for at, name in enumerate(names)}
    return {
        "documents": len(after.scores),
        "level": RISK.level,
        "wrong": float(whole[2].wrong.mean()),
        "fields": {name: float(after.wrong[:, at].mean()) for at, name in enumerate(names)},
        "certified": _certified(*whole),
        "fixed": _through(whole[2], FIXED),
        "certified_fields": {name: _certified(*column) for name, column in columns.items()},
        "fixed_fields": {name: _through(column[2], FIXED) for name, column in columns.items()},
    }


def stream(answer: FieldsAnswer, count: int, rng: Generator) -> Stream:
    """``count`` invoices as the pipeline reads them and people correct them."""
    scores, wrong = np.zeros((count, len(answer.fields))), np.zeros((count, len(answer.fields)), dtype=np.bool_)
    for at in range(count):
        truth = answer.check(_invoice(rng))
        quality = float(rng.beta(6, 1.2))
        read, scores[at] = _read(answer, truth, quality, rng)
        differing = answer.differing(read, truth)
        wrong[at] = [name in differing for name in truth]
    careless = rng.random((count, 1)) < CARELESS
    return Stream(scores, wrong, wrong & ~careless)


def invoice_answer() -> FieldsAnswer:
    """Return the answer of the example task."""
    found = load_task(TASK.read_text(encoding="utf-8"), str(TASK)).fields
    assert found is not None, "the task's answers are fields"
    return found


def _invoice(rng: Generator) -> dict[str, object]:
    net = round(float(rng.lognormal(5, 1.2)), 2)
    vat = round(net * 0.2, 2)
    return {
        "vendor": VENDORS[int(rng.integers(len(VENDORS)))],
        "number": f"R{rng.integers(10**5, 10**6)}",
        "day": str(date(2026, 1, 1) + timedelta(int(rng.integers(365)))),
        "net": net,
        "vat": vat,
        "total": round(net + vat, 2),
    }


def _read(answer: FieldsAnswer, truth: Fields, quality: float, rng: Generator) -> tuple[Fields, Floats]:
    """What the pipeline reads of a page, and how sure it says that it is of each field."""
    read, scores = dict(truth), np.zeros(len(truth))
    for at, field in enumerate(answer.fields):
        with suppress(InvalidInput):  # a pipeline's own rules drop what is no amount and no day
            read[field.name] = field.normalise(_misread(field.name, str(truth[field.name]), quality, rng), "")
        seen = quality if field.name != "number" else 0.5 + quality / 2
        scores[at] = np.clip(1 - (1 - seen) * rng.uniform(0.1, 0.9), 0.0, 1.0)
    return read, scores


def _misread(name: str, text: str, quality: float, rng: Generator) -> str:
    chance = MISREAD * (1 - quality) ** STEEP + (MISREAD_NUMBER if name == "number" else 0.0)
    becomes = LOOK_ALIKE if name in ("vendor", "number") else LIKE_DIGITS
    return "".join(becomes.get(each, each) if rng.random() < chance else each for each in text)


def _whole(found: Stream) -> "Scored":
    return Scored(found.scores.min(axis=1), np.asarray(found.wrong.any(axis=1)), np.asarray(found.believed.any(axis=1)))


def _column(found: Stream, at: int) -> "Scored":
    return Scored(found.scores[:, at], found.wrong[:, at], found.believed[:, at])


@dataclass(frozen=True)
class Scored:
    """What is decided at once: a document by its least field, or one field."""

    scores: Floats
    wrong: Bools
    believed: Bools


def _certified(fitting: Scored, proving: Scored, after: Scored) -> ThroughRate:
    """Certified on what people said, and counted on what is true."""
    fitted = fit_isotonic(_two(fitting.scores), fitting.believed.astype(np.int64))
    grid = threshold_grid(fitted.confidence(_two(fitting.scores)), len(proving.scores), RISK)
    sample = ScoredSample(fitted.confidence(_two(proving.scores)), proving.believed)
    threshold = certify(sample, grid, RISK, Versions("reader", "isotonic", "bench")).threshold
    return _through(Scored(fitted.confidence(_two(after.scores)), after.wrong, after.believed), threshold)


def _two(scores: Floats) -> Floats:
    """Of a right and of a wrong reading; the first is the label that is declared."""
    return np.stack([np.maximum(scores, 0.5), np.minimum(1 - scores, 0.5)], axis=1)


def _through(found: Scored, threshold: float | None) -> ThroughRate:
    if threshold is None:
        return {"threshold": None, "share": 0.0, "true_error": 0.0}
    automatic = found.scores >= threshold
    errors = float(found.wrong[automatic].mean()) if automatic.any() else 0.0
    return {"threshold": float(threshold), "share": float(automatic.mean()), "true_error": errors}


if __name__ == "__main__":
    main()
