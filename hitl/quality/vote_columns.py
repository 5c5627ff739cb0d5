"""Votes as columns: what is known of people by their answers, some dozens of bytes a vote, and nothing of a case.

Kept where people answer with labels that the task declares: other values are as many as cases, and stay with them.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntFlag
from struct import Struct
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from hitl.quality.answer_columns import AnswerKind, Numbers, kind_of
from hitl.quality.answers import KnownAnswer, SettledReview, first_two
from hitl.quality.arrays import Bools, Ints
from hitl.quality.people_errors import PeopleTally
from hitl.quality.period import Period
from hitl.quality.reviewer_drift import ReviewerRecord
from hitl.quality.reviewers import Person, truth_without
from hitl.quality.traffic import SLOT_S

T = TypeVar("T")

VOTE = np.dtype([("slot", "<u4"), ("person", "<u4"), ("said", "<u4"), ("truth", "<u4"), ("seen", "<u1")])
"""17 bytes. ``slot`` is that of ten minutes in which the case came for people, or the test was answered."""
VOTED = np.dtype([("slot", "<u4"), ("kind", "<u4"), ("votes", "<u4")])
"""12 bytes, of a case with several votes."""
_PACK_VOTE, _PACK_VOTED = Struct("<IIIIB"), Struct("<III")
NO_TRUTH = 0
"""The number of none."""

Votes = tuple[tuple[str, int], ...]
"""Labels with how many people gave each, in the order of the labels."""


class SeenOfVote(IntFlag):
    """What was seen of one vote: it was given to a test, beside a right or a wrong suggestion; blind, and to a case whose
    prediction people decide on; it agrees with what the model said or suggested; it is one of the first two, and these differ."""

    TEST = 1
    SUGGESTED = 2
    RIGHTLY = 4
    BLIND = 8
    BESIDE_MODEL = 16
    AGREED = 32
    PAIR = 64
    PAIR_DIFFERS = 128


class Vote(NamedTuple):
    """One vote before it is packed; ``truth`` None where nobody else knows."""

    at: float
    person: str
    said: str
    truth: str | None
    seen: SeenOfVote


def votes_of(answer: SettledReview) -> list[Vote]:
    """Return the votes of a settled review."""
    pair, is_beside = first_two(answer), answer.prediction is not None and not answer.is_automatic
    found = []
    for position, (person, label) in enumerate(answer.votes):
        is_first = pair is not None and position < 2
        told = {
            SeenOfVote.BLIND: answer.is_blind,
            SeenOfVote.BESIDE_MODEL: is_beside,
            SeenOfVote.AGREED: is_beside and label == answer.prediction,
            SeenOfVote.PAIR: is_first,
            SeenOfVote.PAIR_DIFFERS: is_first and pair is not None and pair[0] != pair[1],
        }
        found.append(Vote(answer.opened_at, person, label, truth_without(answer, position), _flags(told)))
    return found


def vote_of_test(answer: KnownAnswer) -> Vote:
    """Return the vote of somebody who was tested."""
    told = {
        SeenOfVote.TEST: True,
        SeenOfVote.SUGGESTED: answer.suggested is not None,
        SeenOfVote.RIGHTLY: answer.suggested == answer.truth,
        SeenOfVote.AGREED: answer.suggested == answer.label,
    }
    return Vote(answer.at, answer.reviewer, answer.label, answer.truth, _flags(told))


def packed_vote(vote: Vote, number: Callable[[str], int]) -> bytes:
    """Return the vote as a VOTE; ``number`` gives people and labels theirs, from 1."""
    truth = NO_TRUTH if vote.truth is None else number(vote.truth)
    return _PACK_VOTE.pack(slot_of(vote.at), number(vote.person), number(vote.said), truth, int(vote.seen))


def packed_voted(answer: SettledReview, kind: int, number: Callable[[Votes], int]) -> list[bytes]:
    """Return the answer as a VOTED, with the numbers of its kind and of its votes; nothing where one person answered alone."""
    if len(answer.votes) < 2:
        return []
    given = tuple(sorted(Counter(label for _, label in answer.votes).items()))
    return [_PACK_VOTED.pack(slot_of(answer.opened_at), kind, number(given))]


def slot_of(at: float) -> int:
    """Return the slot of ten minutes, counted from 1970."""
    return int(at // SLOT_S)


def people_by_votes(data: bytes, period: Period | None, value: Callable[[int], str]) -> dict[str, Person]:
    """Return what hitl.quality.reviewers.people_of does of the same answers and tests, packed as VOTEs in ``data``; ``value``
    gives people and labels by their numbers."""
    votes = np.frombuffer(data, VOTE)
    votes = votes[_is_in(votes["slot"], period)]
    tests, pairs = _has(votes, SeenOfVote.TEST), _has(votes, SeenOfVote.PAIR)
    blind_tests, is_wrong = tests & ~_has(votes, SeenOfVote.SUGGESTED), votes["said"] != votes["truth"]

    def tally(ours: Bools, times: int) -> PeopleTally:
        counted = (ours & blind_tests & is_wrong, ours & blind_tests, ours & _has(votes, SeenOfVote.PAIR_DIFFERS), ours & pairs)
        wrong, answers, differing, both = (int(each.sum()) for each in counted)
        return PeopleTally(wrong, answers, differing // times, both // times)

    everybody = tally(np.ones(len(votes), dtype=np.bool_), 2)  # a pair has two votes
    found = {}
    for number in np.unique(votes["person"]):
        ours = votes["person"] == number
        person = Person(tally(ours, 1), everybody, _record(votes[ours]))
        person.answers, person.tests = int((ours & ~tests).sum()), int((ours & tests).sum())
        told = votes[ours & (votes["truth"] != NO_TRUTH) & ~_has(votes, SeenOfVote.SUGGESTED)]
        both, counts = np.unique(np.stack((told["truth"], told["said"]), axis=1), axis=0, return_counts=True)
        person.confusion = Counter({(value(int(t)), value(int(s))): int(n) for (t, s), n in zip(both, counts, strict=True)})
        found[value(int(number))] = person
    return found


def _record(votes: NDArray[np.void]) -> ReviewerRecord:
    suggested, agreed = _has(votes, SeenOfVote.SUGGESTED), _has(votes, SeenOfVote.AGREED)
    gold, beside = (votes["truth"] != NO_TRUTH) & ~suggested, _has(votes, SeenOfVote.BESIDE_MODEL)
    blind, rightly = _has(votes, SeenOfVote.BLIND), _has(votes, SeenOfVote.RIGHTLY)
    counted = {
        "gold": gold,
        "gold_wrong": gold & (votes["said"] != votes["truth"]),
        "planted": suggested & ~rightly,
        "followed": suggested & ~rightly & agreed,
        "right": suggested & rightly,
        "right_confirmed": suggested & rightly & agreed,
        "shown": beside & ~blind,
        "shown_agreed": beside & ~blind & agreed,
        "blind": beside & blind,
        "blind_agreed": beside & blind & agreed,
    }
    return ReviewerRecord(**{name: int(each.sum()) for name, each in counted.items()})


@dataclass(frozen=True, slots=True)
class VotedCases:
    """Cases with several votes that have all of it in common: their ``kind``, the ``votes``, and how many they are."""

    kind: AnswerKind
    votes: Votes
    cases: int


def voted_cases(
    data: bytes, period: Period | None, kind: Callable[[int], AnswerKind], votes: Callable[[int], Votes]
) -> list[VotedCases]:
    """Return the VOTED rows in ``data`` by what they have in common, in an order that their values give."""
    rows = np.frombuffer(data, VOTED)
    rows = rows[_is_in(rows["slot"], period)]
    same, counts = np.unique(np.stack((rows["kind"], rows["votes"]), axis=1), axis=0, return_counts=True)
    told = Counter[tuple[AnswerKind, Votes]]()
    for (one, other), count in zip(same, counts, strict=True):
        told[kind(int(one)), votes(int(other))] += int(count)
    return [VotedCases(*pair, count) for pair, count in sorted(told.items(), key=repr)]


def voted_cases_of(answers: Iterable[SettledReview]) -> list[VotedCases]:
    """Return the same of answers as they are."""
    kinds, votes = Numbers[AnswerKind](), Numbers[Votes]()
    data = b"".join(row for each in answers for row in packed_voted(each, kinds.of(kind_of(each)), votes.of))
    return voted_cases(data, None, kinds.value, votes.value)


def _flags(told: dict[SeenOfVote, bool]) -> SeenOfVote:
    return SeenOfVote(sum(flag for flag, is_so in told.items() if is_so))


def _has(votes: NDArray[np.void], flag: SeenOfVote) -> Bools:
    return np.asarray(votes["seen"] & int(flag) > 0)


def _is_in(slots: Ints, period: Period | None) -> Bools:
    if period is None:
        return np.ones(len(slots), dtype=np.bool_)
    return np.asarray((slots * SLOT_S >= period.since) & (slots * SLOT_S < period.until))
