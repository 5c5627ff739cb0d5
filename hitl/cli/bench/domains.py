"""The example domains end to end, in process and without HTTP: build/bench/domains.json.

Each task's first model is fitted on its initial rows and streams the rest of its rows through the product's own coin and
certifier. Until a segment is certified, people decide all of it; afterwards the model decides above the certified threshold and
only what the coin draws is still labelled blindly. What is automatic is then judged on all rows of the held-out part.

Reviewers: on the tweets two of an item's real votes, a third held out as the reference (where both disagree, an expert gives the
published class); on triage the nurse, validated by the experts'
consensus; on the messages people who err in 1 %, two of them on what the coin draws, where an expert settles disagreement.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hitl.adapters.data_sources import Labelled, SplitData, read_table, split
from hitl.inference import Classifier, pack
from hitl.inference import load as load_model
from hitl.quality.answers import Answer
from hitl.quality.arrays import Bools, Floats, Ints
from hitl.quality.binomial import clopper_pearson
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import Progress, progress
from hitl.routing.coin import Stream, toss
from hitl.routing.policy import WHOLE
from hitl.settings import Settings
from hitl.tasks import TaskSpec, load_tasks
from training.data import freeze_data
from training.model import fit
from training.sample import held_out_sample, sample_of

OUTPUT = Path("build/bench/domains.json")
GOLD = {"sms_spam": 0.3, "tweets": 0.15, "ktas_triage": 0.6}
"""The share of the traffic that is labelled blindly while certificates are earned: streams of a few thousand rows are short."""

LOOK_EVERY = 50
"""Gold labels between two looks at the evidence; looking more often costs time and no validity."""

SEED = 0
BAND = 0.95
REVIEW_COST, EXPERT_COST, ERROR_COST = 0.40, 4.0, 10.0
"""Dollars: of a person's answer, an expert's look, a wrong outcome. A toy, the same for both ways."""

HUMAN_ERROR = 0.01


@dataclass(frozen=True, slots=True)
class People:
    """``labels`` (n,) is what review makes of each row, ``gold`` what a blind check makes of it, ``answers`` how many answers a
    review takes and ``checks`` how many more a blind check, ``experts`` whether an expert looks; ``reference`` (n,) is what
    outcomes are judged by, ``votes_held_out`` a vote that nobody saw, or -1."""

    labels: Ints
    gold: Ints
    checks: int
    answers: Ints
    experts: Bools
    reference: Ints
    votes_held_out: Ints


def run(tasks: Sequence[str], folder: Path) -> dict[str, Any]:
    specs = load_tasks(Settings().tasks_dir.glob("*.yaml"))
    return {name: measure(specs[name], folder) for name in tasks if (folder / specs[name].data.source).is_file()}


def measure(spec: TaskSpec, folder: Path) -> dict[str, Any]:
    """One task: the certified way beside the fixed band on the same stream, and what an oracle could automate."""
    parts, labels = split(spec, folder), tuple(spec.labels)
    sample = sample_of(freeze_data(spec, parts, []), labels)
    model = load_model(pack(fit(spec.model.family, sample, spec.model.params, SEED)), labels, spec.width)
    people = _people(spec, folder, parts)
    probabilities = model.predict(held_out_sample(parts.rest, labels).rows)
    certified, automatic, budget = _stream(spec, probabilities, people)
    judged = _held_out(spec, model, parts.holdout, certified)
    return {
        "how": "in process, without HTTP",
        "risk": {"level": _risk(spec).level, "confidence": _risk(spec).confidence},
        "initial_labels": len(parts.initial.rows),
        "stream": len(parts.rest.rows),
        "label_budget": budget,
        "certificates": {name: _told(one) for name, one in certified.items()},
        "certified": _figures(probabilities, people, automatic),
        "fixed_band": _figures(probabilities, people, probabilities.max(axis=1) > BAND),
        "all_review": _figures(probabilities, people, np.zeros(len(probabilities), dtype=np.bool_)),
        "held_out": judged,
    }


def _stream(spec: TaskSpec, probabilities: Floats, people: People) -> tuple[dict[str, Progress], Bools, dict[str, int]]:
    """The certificates at the end, which cases were automatic when they came, and how many labels people gave."""
    risk, gold = _risk(spec), GOLD[spec.task]
    answers: dict[str, list[Answer]] = {}
    certified: dict[str, Progress] = {}
    automatic = np.zeros(len(probabilities), dtype=np.bool_)
    count = {"reviews": 0, "gold": 0, "answers": 0, "experts": 0}
    for i, row in enumerate(probabilities):
        segment, confidence = _segment(spec, row), float(row.max())
        held = certified[segment].threshold if segment in certified else None
        allowed = spec.policy.automatic_labels is None or spec.labels[int(row.argmax())] in spec.policy.automatic_labels
        automatic[i] = allowed and held is not None and confidence >= held
        drawn = toss(b"domains", Stream.GOLD, f"case-{i}", "", gold).drawn
        if automatic[i] and not drawn:
            continue
        count = {name: count[name] + n for name, n in _work(people, i, drawn, bool(automatic[i])).items()}
        if drawn:
            answers.setdefault(segment, []).append(_answer(spec, i, row, segment, people, gold))
            _look(segment, answers[segment], risk, certified)
    return certified, automatic, count


def _look(segment: str, answers: list[Answer], risk: RiskLevel, certified: dict[str, Progress]) -> None:
    if len(answers) % LOOK_EVERY == 0:
        before = certified.get(segment)
        certified[segment] = progress(answers, risk, before.threshold if before else None, before.plan if before else None)


def _work(people: People, i: int, drawn: bool, is_automatic: bool) -> dict[str, int]:
    return {
        "reviews": int(not is_automatic),
        "gold": int(drawn),
        "answers": int(people.answers[i]) + (people.checks if drawn else 0),
        "experts": int(people.experts[i]),
    }


def _answer(spec: TaskSpec, i: int, row: Floats, segment: str, people: People, gold: float) -> Answer:
    name, said = f"case-{i}", spec.labels[int(row.argmax())]
    about = (spec.labels[int(people.gold[i])], said, float(row.max()), segment, "model", "policy", False)
    return Answer(name, name, "gold", True, *about, (str(Stream.GOLD),), gold, 0.0, float(i), float(i))


def _figures(probabilities: Floats, people: People, automatic: Bools) -> dict[str, Any]:
    """Outcomes of the whole stream: the model's where ``automatic``, else people's."""
    predicted = probabilities.argmax(axis=1)
    outcome = np.where(automatic, predicted, people.labels)
    right = outcome == people.reference
    reviewed = ~automatic
    work = REVIEW_COST * people.answers[reviewed].sum() + EXPERT_COST * people.experts[reviewed].sum()
    cost = ERROR_COST * (~right).sum() + work
    wrong, n = int((~right & automatic).sum()), int(automatic.sum())
    seen = people.votes_held_out >= 0
    return {
        "automation_rate": round(float(automatic.mean()), 4),
        "error_among_automatic": clopper_pearson(wrong, n).value if n else None,
        "error_by_label": _by_label(predicted, right, automatic),
        "system_accuracy": round(float(right.mean()), 4),
        "agreement_with_held_out_votes": round(float((outcome == people.votes_held_out)[seen].mean()), 4) if seen.any() else None,
        "dollars_per_decision": round(float(cost) / len(right), 4),
    }


def _by_label(predicted: Ints, right: Bools, automatic: Bools) -> dict[str, Any]:
    found = {}
    for label in sorted(set(predicted[automatic].tolist())):
        here = automatic & (predicted == label)
        found[str(label)] = {"n": int(here.sum()), "error": round(float((~right)[here].mean()), 4)}
    return found


def _held_out(spec: TaskSpec, model: Classifier, part: Labelled, certified: dict[str, Progress]) -> dict[str, Any]:
    """The certified thresholds on rows that nobody used, beside the most that any threshold could automate there."""
    sample = held_out_sample(part, tuple(spec.labels))
    probabilities = model.predict(sample.rows)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == sample.targets
    names = [_segment(spec, row) for row in probabilities]
    limit = np.array([_threshold(certified.get(name)) for name in names])
    may = np.array([_may(spec, row) for row in probabilities])
    automatic = may & (confidence >= limit)
    wrong, n = int((automatic & ~right).sum()), int(automatic.sum())
    bound = clopper_pearson(wrong, n, 0.95)
    return {
        "rows": len(right),
        "automation_rate": round(float(automatic.mean()), 4),
        "error_among_automatic": bound.value,
        "interval_95": [bound.low, bound.high],
        "oracle_coverage": round(_oracle(confidence[may], right[may], _risk(spec).level) * float(may.mean()), 4),
    }


def _oracle(confidence: Floats, right: Bools, level: float) -> float:
    """The largest share above one threshold whose error is at most ``level``, knowing the truth."""
    order = np.argsort(-confidence, kind="stable")
    error = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(error <= level)
    return float((good[-1] + 1) / len(order)) if len(good) else 0.0


def _threshold(certified: Progress | None) -> float:
    return np.inf if certified is None or certified.threshold is None else certified.threshold


def _may(spec: TaskSpec, row: Floats) -> bool:
    return spec.policy.automatic_labels is None or spec.labels[int(row.argmax())] in spec.policy.automatic_labels


def _segment(spec: TaskSpec, row: Floats) -> str:
    return f"{WHOLE}/{spec.labels[int(row.argmax())]}" if spec.policy.segments.by_label else WHOLE


def _risk(spec: TaskSpec) -> RiskLevel:
    risk = spec.configured_policy().risk_of(WHOLE)
    assert risk is not None
    return RiskLevel(risk.level, risk.confidence)


def _told(one: Progress) -> dict[str, Any]:
    names = ("threshold", "labels", "errors", "low", "high", "coverage", "gold", "missing", "reason")
    return {name: getattr(one, name) for name in names}


# --- who answers ----------------------------------------------------------------------------------


def _people(spec: TaskSpec, folder: Path, parts: SplitData) -> People:
    at = np.array([int(id.rsplit(":", 1)[1]) for id in parts.rest.ids])
    truth = np.array([spec.labels.index(label) for label in parts.rest.labels], dtype=np.int64)
    rng = np.random.default_rng(SEED)
    return MAKERS[spec.task](spec, folder, at, truth, rng)


def _careful(spec: TaskSpec, folder: Path, at: Ints, truth: Ints, rng: np.random.Generator) -> People:
    """One person a review, who errs in HUMAN_ERROR of the cases; a blind check is wrong only where two err."""
    slips = rng.random((2, len(truth))) < HUMAN_ERROR
    other = (truth + 1) % len(spec.labels)
    labels, gold = np.where(slips[0], other, truth), np.where(slips.all(axis=0), other, truth)
    ones = np.ones(len(truth), dtype=np.int64)
    return People(labels, gold, 1, ones, np.zeros(len(truth), dtype=np.bool_), truth, -ones)


def _voters(spec: TaskSpec, folder: Path, at: Ints, truth: Ints, rng: np.random.Generator) -> People:
    """Two of the item's real votes; where they disagree an expert says the published class. One more vote is held out."""
    table = read_table(spec, folder)
    counts = np.array([table[name] for name in ("hate_speech", "offensive_language", "neither")], dtype=np.int64).T[at]
    votes = np.array([rng.permutation(np.repeat(np.arange(3), row))[:3] for row in counts])
    agree = votes[:, 0] == votes[:, 1]
    labels = np.where(agree, votes[:, 0], truth)
    return People(labels, labels, 0, np.full(len(truth), 2), ~agree, truth, votes[:, 2])


def _nurses(spec: TaskSpec, folder: Path, at: Ints, truth: Ints, rng: np.random.Generator) -> People:
    """The nurse answers, and the experts validate every answer: the outcome is theirs."""
    ones = np.ones(len(truth), dtype=np.int64)
    return People(truth, truth, 0, ones, np.ones(len(truth), dtype=np.bool_), truth, -ones)


MAKERS: dict[str, Callable[[TaskSpec, Path, Ints, Ints, np.random.Generator], People]] = {
    "sms_spam": _careful,
    "tweets": _voters,
    "ktas_triage": _nurses,
}


def main() -> int:
    report = run(list(MAKERS), Settings().datasets_dir)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
