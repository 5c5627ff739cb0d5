"""When the answers to one review settle it: how many independent ones are enough, and who breaks a tie."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's label; ``confidence`` in [0, 1] is their own. ``is_expert`` where it was given in the expert queue."""

    reviewer: str
    label: str
    confidence: float = 1.0
    is_expert: bool = False


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """``overlap`` independent answers settle a review by their majority."""

    overlap: int = 1


@dataclass(frozen=True, slots=True)
class Settled:
    """``agreement`` is the share of the answers that say ``label``, in (0, 1]; ``by`` names the rule."""

    label: str
    agreement: float
    by: str


@dataclass(frozen=True, slots=True)
class NeedsAnother:
    """One more person is asked; ``wanted`` answers are still missing."""

    wanted: int


@dataclass(frozen=True, slots=True)
class NeedsExpert:
    """The answers will not settle it among themselves."""

    reason: str


Verdict: TypeAlias = Settled | NeedsAnother | NeedsExpert


def settle(answers: Sequence[Answer], terms: AgreementTerms) -> Verdict:
    """What follows from ``answers``, of different people. An expert's answer settles alone.

    >>> settle([Answer("ann", "3"), Answer("bob", "3"), Answer("cid", "5")], AgreementTerms(overlap=3)).label
    '3'
    """
    expert = next((answer for answer in answers if answer.is_expert), None)
    if expert is not None:
        return Settled(expert.label, _share(expert.label, answers), "expert")
    if len(answers) < terms.overlap:
        return NeedsAnother(terms.overlap - len(answers))
    return _majority(answers)


def _majority(answers: Sequence[Answer]) -> Verdict:
    """More than half; anything less is a tie for an expert."""
    label, votes = Counter(answer.label for answer in answers).most_common(1)[0]
    if 2 * votes > len(answers):
        return Settled(label, votes / len(answers), "single" if len(answers) == 1 else "majority")
    return NeedsExpert(f"{len(answers)} people gave {len({answer.label for answer in answers})} different answers")


def _share(label: str, answers: Sequence[Answer]) -> float:
    return sum(answer.label == label for answer in answers) / len(answers)
