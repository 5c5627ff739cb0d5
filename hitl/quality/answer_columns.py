"""People's answers as columns: what figures read of them, some dozens of bytes an answer, and nothing of a case.

An answer is packed when it is settled, and figures are computed of arrays: no object stands for an answer in between.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntFlag
from itertools import combinations
from math import nan
from struct import Struct
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from hitl.quality.answers import SettledReview, first_two
from hitl.quality.arrays import Bools, Floats, Ints, places_of
from hitl.quality.traffic import DAY_S, Groups
from hitl.routing.coin import SampleStream, either

T = TypeVar("T")

RECORD = np.dtype(
    [
        ("opened_at", "<f8"),
        ("at", "<f8"),
        ("held_s", "<f8"),
        ("confidence", "<f8"),
        ("kind", "<u4"),
        ("groups", "<u4"),
        ("agreed", "<u4"),
        ("votes", "<u2"),
        ("seen", "<u1"),
    ]
)
"""47 bytes; ``held_s`` and ``confidence`` are NaN where there are none."""
_PACK = Struct("<ddddIIIHB")


class Seen(IntFlag):
    """What was seen of one answer: the model erred or made a prediction; an expert saw it, and agreed; it had a deadline, and
    kept it; two people voted before an expert did, and differ."""

    WRONG = 1
    PREDICTED = 2
    SHOWN_TO_EXPERT = 4
    EXPERT_AGREED = 8
    DUE = 16
    IN_TIME = 32
    PAIR = 64
    PAIR_DIFFERS = 128


class AnswerKind(NamedTuple):
    """What many answers have in common, as in SettledReview."""

    segment: str
    model_version: str | None
    is_automatic: bool
    is_blind: bool
    streams: tuple[str, ...]
    gold_probability: float
    audit_probability: float
    priority: str | None


class KindTable(NamedTuple):
    """The facts of kinds, (kinds,) each: as the properties of SettledReview of the same names."""

    is_automatic: Bools
    is_drawn: Bools
    is_override: Bools
    is_gold: Bools
    is_blind: Bools
    has_model: Bools
    gold_probability: Floats
    draw_probability: Floats


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """Answers in order of time, (n,) each. ``kind`` and ``groups`` are places in ``kinds`` and ``groupings``; ``agreed`` are the
    pairs of the ``votes`` that agree; ``seen`` are flags of Seen."""

    opened_at: Floats
    at: Floats
    held_s: Floats
    confidence: Floats
    kind: Ints
    groups: Ints
    agreed: Ints
    votes: Ints
    seen: NDArray[np.uint8]
    kinds: Sequence[AnswerKind]
    groupings: Sequence[Groups]
    table: KindTable

    def __len__(self) -> int:
        return len(self.at)

    def where(self, wanted: Bools | Ints | slice) -> "AnswerColumns":
        """Return the rows that are ``wanted``, in their order."""
        rows = places_of(wanted)
        return replace(
            self,
            opened_at=self.opened_at[rows],
            at=self.at[rows],
            held_s=self.held_s[rows],
            confidence=self.confidence[rows],
            kind=self.kind[rows],
            groups=self.groups[rows],
            agreed=self.agreed[rows],
            votes=self.votes[rows],
            seen=self.seen[rows],
        )

    def of_kind(self, is_wanted: Callable[[AnswerKind], bool]) -> Bools:
        """Tell which answers are of a kind that is wanted."""
        return np.array([is_wanted(each) for each in self.kinds], dtype=np.bool_)[self.kind]

    def in_group(self, pair: tuple[str, str]) -> Bools:
        """Tell which answers are about cases of that (field, value)."""
        return np.array([pair in each for each in self.groupings], dtype=np.bool_)[self.groups]

    def by_day(self, days: Iterable[int]) -> "dict[int, AnswerColumns]":
        """Return the answers to cases that came for people on each of the UTC ``days``."""
        order = np.argsort(self.days, kind="stable")
        ordered, wanted = self.days[order], list(days)
        starts, ends = (np.searchsorted(ordered, wanted, side) for side in ("left", "right"))
        return {day: self.where(order[start:end]) for day, start, end in zip(wanted, starts, ends, strict=True)}

    @property
    def segments(self) -> set[str]:
        """The segments of the cases that people answered."""
        return {self.kinds[kind].segment for kind in np.unique(self.kind)}

    @property
    def days(self) -> Ints:
        """The UTC days on which the cases came for people, counted from 1970."""
        return np.asarray(self.opened_at // DAY_S, dtype=np.int64)

    def has(self, flag: Seen) -> Bools:
        return np.asarray(self.seen & np.uint8(flag) > 0)

    @property
    def is_wrong(self) -> Bools:
        return self.has(Seen.WRONG)

    @property
    def is_automatic(self) -> Bools:
        return self.table.is_automatic[self.kind]

    @property
    def is_check(self) -> Bools:
        """Automatic decisions that a coin drew."""
        return (self.table.is_automatic & self.table.is_drawn)[self.kind]

    @property
    def is_override(self) -> Bools:
        return self.table.is_override[self.kind]

    @property
    def draw_probability(self) -> Floats:
        """With which the coins draw such a case for a blind look."""
        return self.table.draw_probability[self.kind]

    @property
    def probability(self) -> Floats:
        """With which a person was to look at the case: 1 where people decide."""
        return np.where(self.table.is_automatic, self.table.draw_probability, 1.0)[self.kind]


def packed(answer: SettledReview, kind: int, groups: int) -> bytes:
    """Return the answer as a RECORD, with the numbers of its kind and of the groups of its case."""
    said = [label for _, label in answer.votes]
    agreed = sum(answer.agree(one, other) for one, other in combinations(said, 2))
    held, confidence = (nan if each is None else each for each in (answer.held_s, answer.confidence))
    return _PACK.pack(answer.opened_at, answer.at, held, confidence, kind, groups, agreed, len(said), int(_seen(answer)))


def kind_of(answer: SettledReview) -> AnswerKind:
    """Return what the answer has in common with others."""
    return AnswerKind(*(getattr(answer, name) for name in AnswerKind._fields))


def unpacked(
    data: bytes, kind_of_number: Callable[[int], AnswerKind], groups_of_number: Callable[[int], Groups]
) -> AnswerColumns:
    """Return the columns of the RECORDs in ``data``, in order of time."""
    records = np.frombuffer(data, RECORD)
    records = records[np.lexsort((records["opened_at"], records["at"]))]
    kinds, kind = np.unique(records["kind"], return_inverse=True)
    groupings, groups = np.unique(records["groups"], return_inverse=True)
    known = [kind_of_number(int(each)) for each in kinds]
    return AnswerColumns(
        opened_at=records["opened_at"].astype(np.float64),
        at=records["at"].astype(np.float64),
        held_s=records["held_s"].astype(np.float64),
        confidence=records["confidence"].astype(np.float64),
        agreed=records["agreed"].astype(np.int64),
        votes=records["votes"].astype(np.int64),
        kind=kind,
        groups=groups,
        seen=np.ascontiguousarray(records["seen"]),
        kinds=known,
        groupings=[groups_of_number(int(each)) for each in groupings],
        table=_table(known),
    )


def columns_of(answers: Sequence[SettledReview], groups: Mapping[str, Groups] | None = None) -> AnswerColumns:
    """Return ``answers`` as columns; ``groups`` are the declared ones of their cases, by id."""
    kinds, groupings = Numbers[AnswerKind](), Numbers[Groups]()
    of_case = groups or {}
    rows = [packed(each, kinds.of(kind_of(each)), groupings.of(of_case.get(each.case_id, ()))) for each in answers]
    return unpacked(b"".join(rows), kinds.value, groupings.value)


class Numbers(Generic[T]):
    """Numbers for values in the order in which they come."""

    def __init__(self) -> None:
        self._numbers: dict[T, int] = {}
        self._values: list[T] = []

    def of(self, value: T) -> int:
        number = self._numbers.setdefault(value, len(self._values))
        if number == len(self._values):
            self._values.append(value)
        return number

    def value(self, number: int) -> T:
        return self._values[number]


def _seen(answer: SettledReview) -> Seen:
    pair = first_two(answer)
    is_due = answer.due_at is not None and answer.priority is not None
    told = {
        Seen.WRONG: answer.is_wrong,
        Seen.PREDICTED: answer.prediction is not None,
        Seen.SHOWN_TO_EXPERT: answer.expert_agreed is not None,
        Seen.EXPERT_AGREED: answer.expert_agreed is True,
        Seen.DUE: is_due,
        Seen.IN_TIME: is_due and answer.at <= (answer.due_at or 0.0),
        Seen.PAIR: pair is not None,
        Seen.PAIR_DIFFERS: pair is not None and pair[0] != pair[1],
    }
    return Seen(sum(flag for flag, is_so in told.items() if is_so))


def _table(kinds: Sequence[AnswerKind]) -> KindTable:
    def flags(values: Iterable[bool]) -> Bools:
        return np.fromiter(values, dtype=np.bool_, count=len(kinds))

    return KindTable(
        is_automatic=flags(each.is_automatic for each in kinds),
        is_drawn=flags(bool(each.streams) for each in kinds),
        is_override=flags(each.is_automatic and each.model_version is None for each in kinds),
        is_gold=flags(SampleStream.GOLD in each.streams for each in kinds),
        is_blind=flags(each.is_blind for each in kinds),
        has_model=flags(each.model_version is not None for each in kinds),
        gold_probability=np.array([each.gold_probability for each in kinds], dtype=np.float64),
        draw_probability=np.array([_draw_probability(each) for each in kinds], dtype=np.float64),
    )


def _draw_probability(kind: AnswerKind) -> float:
    """With which the coins draw such a case for a blind look."""
    return either(kind.gold_probability, kind.audit_probability) if kind.is_automatic else kind.gold_probability
