"""Measure how often one person errs, without anybody's own vote in the truth that it is held against.

An item is settled to what its voters said, so holding votes against it counts two people who err together as right. Two sources
do without. Known answers are held against a truth that was settled before. And the first two votes of an item differ with
probability ``d = 2 e (1 - e)`` where both err independently with probability e and there are two labels, which gives e. With more
labels two errors also differ from each other, ``d = 1 - (1 - e)**2`` at most: the interval spans both. Votes after the second are
left out, since they were asked for because the first two differed.

Errors that people make together, because an item is hard, are in no disagreement: only known answers see them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from hitl.quality.answer_columns import AnswerColumns, Seen
from hitl.quality.answers import KnownAnswer, SettledReview, first_two
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
    pairs = [pair for each in answers if (pair := first_two(each)) is not None]
    return PeopleTally(
        wrong=sum(one.label != one.truth for one in blind),
        answers=len(blind),
        differing=sum(one != other for one, other in pairs),
        pairs=len(pairs),
    )


def tally_of(columns: AnswerColumns, known: Iterable[KnownAnswer] = ()) -> PeopleTally:
    """Return what people_tally counts, of answers as columns."""
    pairs, differing = (int(columns.has(flag).sum()) for flag in (Seen.PAIR, Seen.PAIR_DIFFERS))
    return replace(people_tally((), known), differing=differing, pairs=pairs)


def tally_by_person(answers: Sequence[SettledReview], known: Iterable[KnownAnswer] = ()) -> dict[str, PeopleTally]:
    """Count both sources for each person; a pair counts for both of its people."""
    found: dict[str, PeopleTally] = {}
    for one in known:
        if one.suggested is None:
            seen = found.get(one.reviewer, PeopleTally())
            found[one.reviewer] = replace(seen, wrong=seen.wrong + (one.label != one.truth), answers=seen.answers + 1)
    for each in answers:
        if (pair := first_two(each)) is not None:
            for reviewer, _ in each.votes[:2]:
                seen = found.get(reviewer, PeopleTally())
                found[reviewer] = replace(seen, differing=seen.differing + (pair[0] != pair[1]), pairs=seen.pairs + 1)
    return found


def error_of_person(person: PeopleTally, everybody: PeopleTally, confidence: float = 0.95) -> Interval:
    """Return the error rate of one ``person`` by the source with more items. With pairs the person's partners are taken to err
    as the people in the other pairs of ``everybody`` do; without any, anything between the two is possible."""
    if person.answers >= person.pairs:
        return clopper_pearson(person.wrong, person.answers, confidence)
    each = (1 + confidence) / 2  # both intervals hold together
    differing = clopper_pearson(person.differing, person.pairs, each)
    rest = PeopleTally(differing=everybody.differing - person.differing, pairs=everybody.pairs - person.pairs)
    partners = rest.error(each) if rest.pairs else Interval(everybody.error().value, 0.0, differing.high, 0, each, "none")
    low = _beside(differing.low, partners.high, labels_differ=True)
    high = _beside(differing.high, partners.low, labels_differ=False)
    assert differing.value is not None  # a person with pairs has some
    assert partners.value is not None
    value = min(max(_beside(differing.value, partners.value, labels_differ=False), low), high)
    return Interval(value, low, high, person.pairs, confidence, "pairs of votes")


def _beside(differing: float, partner: float, labels_differ: bool) -> float:
    """Solve ``d = e + p - 2 e p`` for e, the error beside a partner who errs with p; where any two errors differ from each other
    (``labels_differ``) ``d = e + p - e p``. A partner who errs half of the time tells nothing."""
    left = 1 - partner if labels_differ else 1 - 2 * partner
    if left <= 0:
        return 0.0 if labels_differ else 1.0
    return min(max((differing - partner) / left, 0.0), 1.0)


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
