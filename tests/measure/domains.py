"""The example domains end to end, in process and without HTTP: build/bench/domains.json.

Each task's first model is fitted on its initial rows and streams the rest of its rows through the product's own coin and
certifier. Until a segment is certified, people decide all of it; afterwards the model decides above the certified threshold and
only what the coin draws is still labelled blindly. What is automatic is then judged on all rows of the held-out part.
``tests.measure.over_http`` does the same through the running service.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hitl.adapters.files.data_sources import LabelledRows, split
from hitl.adapters.files.labelled_sample import held_out_sample
from hitl.inference import Classifier, pack
from hitl.inference import load as load_model
from hitl.quality.arrays import Bools, Floats
from hitl.quality.certificate import RiskLevel
from hitl.quality.certifying import Progress, progress
from hitl.quality.checks import BlindCheck
from hitl.quality.planning import plan_of_traffic
from hitl.routing.coin import SampleStream, draw_sample
from hitl.routing.policy import WHOLE
from hitl.settings import Settings
from hitl.tasks import TaskSpec, load_tasks
from tests.measure.command_line import no_options
from tests.measure.outcomes import Outcomes, by_band, figures, judged, outcomes_of
from tests.measure.reported import write_report
from tests.measure.simulated_reviewers import Crowd, crowd_of
from training.data import freeze_data
from training.model import fit
from training.sample import sample_of

OUTPUT = Path("build/bench/domains.json")
GOLD = {"sms_spam": 0.3, "tweets": 0.15, "ktas_triage": 0.6}
"""The share of the traffic that is labelled blindly while certificates are earned: streams of a few thousand rows are short."""

LOOK_EVERY = 50
"""Gold labels between two looks at the evidence; looking more often costs time and no validity."""

SEED = 0


def run(tasks: Sequence[str], folder: Path) -> dict[str, Any]:
    specs = load_tasks(Settings().tasks_dir.glob("*.yaml"))
    return {name: measure(specs[name], folder) for name in tasks if (folder / specs[name].data.source).is_file()}


def measure(spec: TaskSpec, folder: Path) -> dict[str, Any]:
    """One task: the certified way beside the fixed band on the same stream, and what an oracle could automate."""
    parts, labels = split(spec, folder), tuple(spec.labels)
    sample = sample_of(freeze_data(spec, parts, []), labels)
    model = load_model(pack(fit(spec.model.family, sample, spec.model.params, SEED)), labels, spec.width)
    crowd = crowd_of(spec, folder, parts.rest)
    probabilities = model.predict(held_out_sample(parts.rest, labels).rows)
    certified, found = _stream(spec, probabilities, crowd)
    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    nobody = np.zeros(len(predicted), dtype=np.bool_)
    return {
        "how": "in process, without HTTP",
        "risk": {"level": _risk(spec).level, "confidence": _risk(spec).confidence},
        "initial_labels": len(parts.initial.rows),
        "stream": len(parts.rest.rows),
        "certificates": {name: _told(one) for name, one in certified.items()},
        "certified": figures(found, crowd),
        "fixed_band": figures(by_band(predicted, confidence, crowd), crowd),
        "all_review": figures(outcomes_of(predicted, nobody, nobody, crowd), crowd),
        "held_out": _held_out(spec, model, parts.holdout, certified),
    }


def _stream(spec: TaskSpec, probabilities: Floats, crowd: Crowd) -> tuple[dict[str, Progress], Outcomes]:
    """The certificates at the end, and what became of each case when it came."""
    risk, gold = _risk(spec), GOLD[spec.task]
    answers: dict[str, list[BlindCheck]] = {}
    certified: dict[str, Progress] = {}
    automatic, checked = np.zeros((2, len(probabilities)), dtype=np.bool_)
    for i, row in enumerate(probabilities):
        segment, confidence = _segment(spec, row), float(row.max())
        automatic[i] = _may(spec, row) and confidence >= _threshold(certified.get(segment))
        checked[i] = draw_sample(b"domains", SampleStream.GOLD, f"case-{i}", "", gold).drawn
        if checked[i]:
            said = spec.labels[int(crowd.checked[i])]
            answers.setdefault(segment, []).append(_answer(spec, i, row, segment, said))
            _look(segment, answers[segment], risk, certified)
    return certified, outcomes_of(probabilities.argmax(axis=1), automatic, checked, crowd)


def _look(segment: str, answers: list[BlindCheck], risk: RiskLevel, certified: dict[str, Progress]) -> None:
    if len(answers) % LOOK_EVERY == 0:
        before = certified.get(segment)
        plan = before.plan if before and before.plan else plan_of_traffic(answers, risk)
        certified[segment] = progress(answers, risk, plan)


def _answer(spec: TaskSpec, i: int, row: Floats, segment: str, label: str) -> BlindCheck:
    said, streams = spec.labels[int(row.argmax())], (str(SampleStream.GOLD),)
    about = ("model", "policy", said, float(row.max()), False, streams)
    return BlindCheck(f"case-{i}", float(i), segment, *about, wrong=label != said, probability=GOLD[spec.task])


def _held_out(spec: TaskSpec, model: Classifier, part: LabelledRows, certified: dict[str, Progress]) -> dict[str, Any]:
    """The certified thresholds on rows that nobody used."""
    sample = held_out_sample(part, tuple(spec.labels))
    probabilities = model.predict(sample.rows)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == sample.targets
    limit = np.array([_threshold(certified.get(_segment(spec, row))) for row in probabilities])
    may: Bools = np.array([_may(spec, row) for row in probabilities])
    return judged(confidence, right, may & (confidence >= limit), may, _risk(spec).level)


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
    names = ("threshold", "labels", "errors", "low", "high", "coverage", "random_answers", "missing", "reason")
    return {name: getattr(one, name) for name in names}


def main() -> None:
    no_options(__doc__)
    write_report(OUTPUT, run(list(GOLD), Settings().datasets_dir))


if __name__ == "__main__":
    main()
