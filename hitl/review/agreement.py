"""When the answers to one review settle it: how many independent ones are enough, and who breaks a tie.

By overlap: so many answers, the majority decides; where answers are numbers or points of a scale, also their median, if more than
half lie within the task's tolerance of it. By consensus: one more person is asked until the posterior of a label (Dawid
and Skene 1979) reaches the target, so that people who err little are believed sooner; after the most answers an expert decides.
On a scale that counts points within the tolerance as right, it is the posterior of the points near its median. Where the terms
say so, the posterior allows for items of different difficulty (GLAD, hitl.quality.difficulty).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from hitl.answers.labels import is_right
from hitl.answers.median import MedianAnswer, median_point
from hitl.quality.arrays import Floats
from hitl.quality.consensus import HALF_LIFE, confusion_of, information, next_step, posterior, prior_counts
from hitl.quality.difficulty import ExpertItem, learned_difficulty
from hitl.tasks.answer_terms import NONE_OF_THESE

Lessons: TypeAlias = Sequence[tuple[str, str]]
"""What one person answered where the truth is known, as (truth, answer), oldest first."""


@dataclass(frozen=True, slots=True)
class PersonsAnswer:
    """One person's label; ``confidence`` in [0, 1] is their own. ``is_expert`` where it was given in the expert queue."""

    reviewer: str
    label: str
    confidence: float = 1.0
    is_expert: bool = False


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """``overlap`` independent answers settle a review by their majority; with a ``target``, a posterior of so much does, and
    after ``most`` answers an expert. ``by_item``: the posterior takes into account that some items are harder than others.
    ``within`` are the points of a scale by which an answer may miss the median; 0: labels are equal or not."""

    overlap: int = 1
    target: float | None = None
    most: int = 5
    by_item: bool = False
    within: int = 0


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """An item whose ``truth`` an expert said, after people's ``answers`` as (reviewer, label); it stands for ``weight`` items."""

    truth: str
    answers: Sequence[tuple[str, str]]
    weight: float


@dataclass(frozen=True, slots=True)
class Known:
    """What consensus weighs answers by: the task's ``labels``, each person's ``lessons``, and the ``model``'s probabilities
    where it may have a say (None: it was on the screen, or this is a check of it). ``judged`` tell how many items are hard."""

    labels: Sequence[str] = ()
    lessons: Mapping[str, Lessons] = field(default_factory=dict)
    model: Sequence[float] | None = None
    judged: Sequence[JudgedItem] = ()


@dataclass(frozen=True, slots=True)
class ConsensusResult:
    """``agreement`` is the share of the answers that say ``label`` or, where it is their median, lie near it, in (0, 1]; ``by``
    names the rule; ``posterior`` the probability of each label, where consensus settled it."""

    label: str
    agreement: float
    by: str
    posterior: dict[str, float] | None = None


@dataclass(frozen=True, slots=True)
class NeedsAnother:
    """One more person is asked; ``wanted`` answers are still missing; ``preferred`` would tell most."""

    wanted: int
    preferred: str | None = None


@dataclass(frozen=True, slots=True)
class NeedsExpert:
    """The answers will not settle it among themselves."""

    reason: str


Verdict: TypeAlias = ConsensusResult | NeedsAnother | NeedsExpert


def settle(
    answers: Sequence[PersonsAnswer],
    terms: AgreementTerms,
    known: Known | None = None,
    median: MedianAnswer | None = None,
) -> Verdict:
    """Return what follows from ``answers``, of different people. An expert's answer settles alone. ``median`` is that of these
    answers, where they are numbers: their labels do not tell it.

    >>> settle([Answer("ann", "3"), Answer("bob", "3"), Answer("cid", "5")], AgreementTerms(overlap=3)).label
    '3'
    """
    expert = next((answer for answer in answers if answer.is_expert), None)
    if expert is not None:
        return ConsensusResult(expert.label, _share(expert.label, answers), "expert")
    if terms.target is not None and known is not None:
        return _consensus(answers, terms, terms.target, known)
    if len(answers) < terms.overlap:
        return NeedsAnother(terms.overlap - len(answers))
    return _majority(answers, median_point([each.label for each in answers], terms.within) if terms.within else median)


def _consensus(answers: Sequence[PersonsAnswer], terms: AgreementTerms, target: float, known: Known) -> Verdict:
    """Answers of labels that the task no longer has count for nothing. That none of the labels fits is for an expert to say: a
    posterior over the labels cannot hold it."""
    if any(answer.label == NONE_OF_THESE for answer in answers):
        return NeedsExpert("somebody found that none of the labels fits")
    number = {label: i for i, label in enumerate(known.labels)}
    people = sorted({*known.lessons, *(answer.reviewer for answer in answers), *_judges(known)})
    seat = {name: i for i, name in enumerate(people)}
    confusion = _confusion(people, known)
    said = [(seat[answer.reviewer], number[answer.label]) for answer in answers if answer.label in number]
    belief = _belief(known, said, confusion, seat) if terms.by_item else posterior(_prior(known), said, confusion)
    asked = [seat[answer.reviewer] for answer in answers]
    middle = _median_of(belief, known.labels, terms.within, target) if terms.within else None
    if middle in {answer.label for answer in answers}:
        near = sum(is_right(answer.label, middle, terms.within) for answer in answers) / len(answers)
        return ConsensusResult(middle, near, "posterior", dict(zip(known.labels, belief.tolist(), strict=True)))
    step = next_step(belief, target, asked, confusion, np.ones(len(people), dtype=np.bool_), cap=terms.most)
    if step.action == "settled" and step.label is not None:
        label = known.labels[step.label]
        return ConsensusResult(label, _share(label, answers), "posterior", dict(zip(known.labels, belief.tolist(), strict=True)))
    if len(answers) >= terms.most:
        return NeedsExpert(f"{len(answers)} answers leave the most probable label at {step.confidence:.3f}")
    return NeedsAnother(1, None if step.reviewer is None else people[step.reviewer])


def _median_of(belief: Floats, labels: Sequence[str], within: int, target: float) -> str | None:
    """Return the median of a ``belief`` over the points of a scale, in their order, where it is right, at most ``within`` points
    away, with probability ``target``; None where it is not."""
    middle = labels[int(np.searchsorted(np.cumsum(belief), 0.5 * belief.sum()))]
    near = sum(float(each) for label, each in zip(labels, belief, strict=True) if is_right(label, middle, within))
    return middle if near >= target else None


def likely_to_tell(known: Known, people: Sequence[str]) -> str | None:
    """Return whose answer is expected to tell most of an item that nobody has answered, by what the model says of it; None where
    the model says nothing, or there is no choice."""
    if known.model is None or len(known.model) != len(known.labels) or len(people) < 2:
        return None
    return people[int(np.argmax(information(_prior(known), _confusion(people, known))))]


def _confusion(people: Sequence[str], known: Known) -> Floats:
    number = {label: i for i, label in enumerate(known.labels)}
    return confusion_of(np.stack([_counts(known.lessons.get(name, ()), number) for name in people]))


def _belief(known: Known, said: Sequence[tuple[int, int]], confusion: Floats, seat: Mapping[str, int]) -> Floats:
    number = {label: i for i, label in enumerate(known.labels)}
    items = [
        ExpertItem(number[each.truth], tuple((seat[name], number[label]) for name, label in each.answers), each.weight)
        for each in known.judged
        if each.truth in number and all(label in number for _, label in each.answers)
    ]
    return learned_difficulty(items, confusion).posterior(_prior(known), said)


def _judges(known: Known) -> set[str]:
    return {name for each in known.judged for name, _ in each.answers}


def _counts(lessons: Lessons, number: Mapping[str, int]) -> Floats:
    """Return ``(truth, answer)`` of one person, with old lessons fading beside what is imagined of a new one."""
    counts: Floats = prior_counts(1, len(number))[0]
    for age, (truth, answer) in enumerate(reversed(lessons)):
        if truth in number and answer in number:
            counts[number[truth], number[answer]] += 0.5 ** (age / HALF_LIFE)
    return counts


def _prior(known: Known) -> Floats:
    if known.model is None or len(known.model) != len(known.labels):
        return np.full(len(known.labels), 1 / len(known.labels))
    return np.asarray(known.model, dtype=np.float64)


def _majority(answers: Sequence[PersonsAnswer], median: MedianAnswer | None) -> Verdict:
    """More than half say the same, or lie near their median; anything less is a tie for an expert."""
    label, votes = Counter(answer.label for answer in answers).most_common(1)[0]
    if 2 * votes > len(answers):
        return ConsensusResult(label, votes / len(answers), "single" if len(answers) == 1 else "majority")
    if median is not None and 2 * median.near > len(answers):
        return ConsensusResult(median.label, median.near / len(answers), "median")
    return NeedsExpert(f"{len(answers)} people gave {len({answer.label for answer in answers})} different answers")


def _share(label: str, answers: Sequence[PersonsAnswer]) -> float:
    return sum(answer.label == label for answer in answers) / len(answers)
