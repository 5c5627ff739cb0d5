"""Who answers the example domains' reviews, and what their answers settle: real votes where there are some.

On the tweets two of an item's real votes, a third held out; on triage the nurse, validated by the experts' consensus; on messages
and digits people who err in 1 %, on credits in 10 %, two of them on what is checked blindly. Experts give the published label.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hitl.adapters.files.data_sources import LabelledRows, read_table
from hitl.quality.arrays import Bools, Floats, Ints
from hitl.tasks import TaskSpec

SEED = 0
HUMAN_ERROR = {"sms_spam": 0.01, "digits": 0.01, "german_credit": 0.10}
VOTES = ("hate_speech", "offensive_language", "neither")
REVIEW_COST, EXPERT_COST, ERROR_COST = 0.40, 4.0, 10.0
"""Dollars: of a person's answer, an expert's look, a wrong outcome. A toy, the same for every way."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """``votes`` (n, people) in the order in which they are given, ``expert`` (n,) what one would say, ``reference`` (n,) what
    outcomes are judged by, ``held_out`` (n,) a vote that nobody saw, or -1. ``overlap`` votes settle a review, ``check`` a blind
    one, an expert a tie; with ``is_validated`` an expert looks at every answer."""

    votes: Ints
    expert: Ints
    reference: Ints
    held_out: Ints
    overlap: int = 1
    check: int = 2
    is_validated: bool = False

    @property
    def labels(self) -> Ints:
        """What review makes of each row."""
        return np.where(self.experts, self.expert, self.votes[:, 0])

    @property
    def experts(self) -> Bools:
        """Where a review needs an expert."""
        return self._experts(self.overlap)

    @property
    def checked(self) -> Ints:
        """What a blind check makes of each row."""
        return np.where(self.experts_of_checks, self.expert, self.votes[:, 0])

    @property
    def experts_of_checks(self) -> Bools:
        return self._experts(self.check)

    def work(self, reviewed: Bools, checked: Bools) -> dict[str, int]:
        """The answers and the experts' looks that the ``reviewed`` and the blindly ``checked`` rows take."""
        plain = reviewed & ~checked
        answers = self.overlap * int(plain.sum()) + self.check * int(checked.sum())
        return {"answers": answers, "experts": int(self.experts[plain].sum() + self.experts_of_checks[checked].sum())}

    def _experts(self, voters: int) -> Bools:
        """One or two voters: a tie is a disagreement."""
        differ: Bools = self.votes[:, 0] != self.votes[:, voters - 1]
        return differ | self.is_validated


def crowd_of(spec: TaskSpec, folder: Path, rows: LabelledRows) -> Crowd:
    """The people for these rows of the task."""
    truth = np.array([spec.labels.index(label) for label in rows.labels], dtype=np.int64)
    at = np.array([int(id.rsplit(":", 1)[1]) for id in rows.ids])
    rng = np.random.default_rng(SEED)
    return MAKERS[spec.task](spec, folder, at, truth, rng)


def dollars(work: dict[str, int], wrong: int, cases: int) -> float:
    """What a decision costs."""
    paid = REVIEW_COST * work["answers"] + EXPERT_COST * work["experts"] + ERROR_COST * wrong
    return round(paid / cases, 4)


def _careful(spec: TaskSpec, folder: Path, at: Ints, truth: Ints, rng: np.random.Generator) -> Crowd:
    slips: Floats = rng.random((2, len(truth)))
    other = (truth + 1) % len(spec.labels)
    votes = np.where(slips < HUMAN_ERROR[spec.task], other, truth).T
    return Crowd(votes, truth, truth, np.full(len(truth), -1))


def _voters(spec: TaskSpec, folder: Path, at: Ints, truth: Ints, rng: np.random.Generator) -> Crowd:
    table = read_table(spec, folder)
    counts = np.array([[int(cell) for cell in table[name]] for name in VOTES], dtype=np.int64).T[at]
    votes = np.array([rng.permutation(np.repeat(np.arange(3), row))[:3] for row in counts])
    return Crowd(votes[:, :2], truth, truth, votes[:, 2], overlap=2)


def _nurses(spec: TaskSpec, folder: Path, at: Ints, truth: Ints, rng: np.random.Generator) -> Crowd:
    """The nurse's own level, read as the experts' is."""
    form = spec.data.form
    said = [form.label_names[level] for level in read_table(spec, folder)["KTAS_RN"]]
    votes = np.array([spec.labels.index(label) for label in said], dtype=np.int64)[at]
    return Crowd(votes[:, None], truth, truth, np.full(len(truth), -1), check=1, is_validated=True)


MAKERS: dict[str, Callable[[TaskSpec, Path, Ints, Ints, np.random.Generator], Crowd]] = {
    "sms_spam": _careful,
    "tweets": _voters,
    "ktas_triage": _nurses,
    "german_credit": _careful,
    "digits": _careful,
}
