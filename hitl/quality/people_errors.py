"""Measure how often one person errs, without anybody's own vote in the truth that it is held against.

An item is settled to what its voters said, so holding votes against it counts two people who err together as right. Two sources
do without. Known answers are held against a truth that was settled before. And the first two votes of an item differ with
probability ``d = 2 e (1 - e)`` where both err independently with probability e and there are two labels, which gives e. With more
labels two errors also differ from each other, ``d = 1 - (1 - e)**2`` at most: the interval spans both. Votes after the second are
left out, since they were asked for because the first two differed.

Errors that people make together, because an item is hard, are in no disagreement: only known answers see them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.binomial import clopper_pearson
from hitl.quality.interval import Interval


@dataclass(frozen=True, slots=True)
class PeopleTally:
    """Blind answers to items whose truth was known, ``wrong`` of ``answers``, and items with two votes or more, on ``differing``
    of whose ``pairs`` the first two differ."""

    wrong: int = 0
    answers: int = 0
    differing: int = 0
    pairs: int = 0

    def error(self, confidence: float = 0.95) -> Interval:
        """Return the error rate of one person, by the source with more items, whatever the answers are."""
        if self.answers >= self.pairs:
            return clopper_pearson(self.wrong, self.answers, confidence)
        return _by_pairs(clopper_pearson(self.differing, self.pairs, confidence))


def people_tally(answers: Sequence[SettledReview], known: Iterable[KnownAnswer] = ()) -> PeopleTally:
    """Count both sources. An expert who came last was shown a vote to confirm, and is no second vote."""
    blind = [one for one in known if one.suggested is None]
    pairs = [pair for each in answers if (pair := _first_two(each)) is not None]
    return PeopleTally(
        wrong=sum(one.label != one.truth for one in blind),
        answers=len(blind),
        differing=sum(one != other for one, other in pairs),
        pairs=len(pairs),
    )


def _first_two(item: SettledReview) -> tuple[str, str] | None:
    """Return the first two votes of a blind review: elsewhere the model's suggestion pulls both votes to one side."""
    votes = item.votes if item.expert_agreed is None else item.votes[:-1]
    is_pair = item.is_blind and len(votes) >= 2 and votes[0][0] != votes[1][0]
    return (votes[0][1], votes[1][1]) if is_pair else None


def _by_pairs(differing: Interval) -> Interval:
    """Convert the share of pairs that differ to the error rate of one person."""
    low, high = 1 - sqrt(1 - differing.low), _with_two_labels(differing.high)
    value = None if differing.value is None else _with_two_labels(differing.value)
    return Interval(value, low, high, differing.n, differing.confidence, "pairs of votes")


def _with_two_labels(differing: float) -> float:
    """Solve ``d = 2 e (1 - e)`` for the smaller e; pairs that differ half of the time tell that people guess.

    >>> round(_with_two_labels(0.18), 6)
    0.1
    """
    return (1 - sqrt(1 - 2 * differing)) / 2 if differing < 0.5 else 1.0
