"""Blind checks as columns: what certificates and alarms read of them, some dozens of bytes a check.

A check is packed when its case comes and again when people answer it, and certificates are computed of arrays: no object stands
for a check in between.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import IntFlag
from itertools import accumulate
from math import nan
from struct import Struct
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hitl.canonical import digest_of, fingerprint
from hitl.ids import packed_case_id
from hitl.quality.answer_columns import Numbers
from hitl.quality.arrays import Bools, Floats, Ints, places_of
from hitl.quality.case_id_texts import CaseIds, case_ids_of, unpacked_case_ids
from hitl.quality.checks import BlindCheck
from hitl.routing.coin import SampleStream, either

CASE_BYTES, CONTENT_BYTES = 16, 12
"""Of a case's id, and of the digest of an input: enough that nobody finds one that looks like any of millions."""
RECORD = np.dtype(
    [
        ("at", "<f8"),
        ("confidence", "<f8"),
        ("harm", "<f8"),
        ("kind", "<u4"),
        ("seen", "<u1"),
        ("case", f"V{CASE_BYTES}"),
        ("content", f"V{CONTENT_BYTES}"),
    ]
)
"""57 bytes; ``confidence`` and ``harm`` are NaN where there are none, ``content`` is empty where nothing tells."""
_PACK = Struct(f"<dddIB{CASE_BYTES}s{CONTENT_BYTES}s")
_WORDS = np.array([b"null", b"false", b"true"])


class CheckSeen(IntFlag):
    """What was seen of one check: people answered it, and the model erred; the vault took the case; its id says its partition, or
    is none that this service made, and stands by a number."""

    ANSWERED = 1
    WRONG = 2
    VAULTED = 4
    PLACED = 8
    NAMED = 16


_ANSWER = np.uint8(CheckSeen.ANSWERED | CheckSeen.WRONG)


class CheckKind(NamedTuple):
    """What many checks have in common, as in BlindCheck."""

    segment: str
    model_version: str | None
    policy_version: str
    prediction: str | None
    is_automatic: bool
    streams: tuple[str, ...]
    rules: tuple[str, ...]
    probability: float
    audit_probability: float

    @property
    def is_random(self) -> bool:
        return SampleStream.GOLD in self.streams

    @property
    def is_override(self) -> bool:
        """About the answer of an override: neither a model's prediction nor a person's decision."""
        return self.is_automatic and self.model_version is None

    @property
    def is_audit(self) -> bool:
        """Drawn to be checked after the model had decided it by itself."""
        return self.is_automatic and self.audit_probability > 0 and SampleStream.AUDIT in self.streams

    @property
    def either_probability(self) -> float:
        """With which the random sample or an audit takes such a case."""
        has_audits = self.is_automatic and self.audit_probability > 0
        return either(self.probability, self.audit_probability) if has_audits else self.probability


@dataclass(frozen=True, slots=True, weakref_slot=True)
class CheckColumns:
    """Checks in order of arrival, (n,) each, no case twice for one model, policy and segment. ``kind`` are places in ``kinds``,
    ``seen`` flags of CheckSeen; ``probability`` is that of the draw which makes the check count."""

    at: Floats
    confidence: Floats
    harm: Floats
    probability: Floats
    kind: Ints
    seen: NDArray[np.uint8]
    case_id: CaseIds
    content: NDArray[np.void]
    kinds: Sequence[CheckKind]

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, rows: slice) -> "CheckColumns":
        return self.where(rows)

    def where(self, wanted: Bools | Ints | slice) -> "CheckColumns":
        """Return the rows that are ``wanted``, in their order."""
        rows = places_of(wanted)
        return replace(self, **{name: getattr(self, name)[rows] for name in _COLUMNS})

    def of_kind(self, is_wanted: Callable[[CheckKind], bool]) -> Bools:
        """Tell which checks are of a kind that is wanted."""
        return np.array([is_wanted(each) for each in self.kinds], dtype=np.bool_)[self.kind]

    def in_segment(self, name: str) -> Bools:
        """Tell which checks are of the segment."""
        return self.of_kind(lambda kind: kind.segment == name)

    def of_cases(self, cases: Collection[str]) -> Bools:
        """Tell which checks are of one of the ``cases``."""
        return np.isin(self.case_id, case_ids_of(cases)) if cases else np.zeros(len(self), dtype=np.bool_)

    def without_answers(self, rows: Bools) -> "CheckColumns":
        """Return the checks, of which those in ``rows`` wait for an answer."""
        return replace(self, seen=np.where(rows, self.seen & ~_ANSWER, self.seen)) if rows.any() else self

    def has(self, flag: CheckSeen) -> Bools:
        """Tell of which checks the ``flag`` was seen."""
        return np.asarray(self.seen & np.uint8(flag) > 0)

    @property
    def segments(self) -> set[str]:
        return {self.kinds[kind].segment for kind in np.unique(self.kind)}

    @property
    def waits(self) -> Bools:
        """Nobody has said yet whether the model erred."""
        return ~self.has(CheckSeen.ANSWERED)

    @property
    def is_wrong(self) -> Bools:
        """The model erred, by what people say."""
        return self.has(CheckSeen.WRONG)

    @property
    def counts_as_wrong(self) -> Bools:
        """The model erred, or nobody has said yet that it did not."""
        return np.asarray(self.seen & _ANSWER != np.uint8(CheckSeen.ANSWERED))

    @property
    def scores(self) -> Floats:
        """The confidences; a case without a prediction has the lowest score."""
        return np.where(np.isnan(self.confidence), -1.0, self.confidence)

    @property
    def is_automatic(self) -> Bools:
        return self.of_kind(lambda kind: kind.is_automatic)

    @property
    def is_random(self) -> Bools:
        """Drawn from all traffic, whatever the model's confidence."""
        return self.of_kind(lambda kind: kind.is_random)

    @property
    def is_first_of_input(self) -> Bools:
        """Tell which checks' input did not come before: many copies of one case are one piece of evidence."""
        words = self.content.view(np.dtype([("first", ">u8"), ("last", ">u4")]))
        first, last = words["first"], words["last"]
        order = np.lexsort((last, first))
        is_copy = (first[order][1:] == first[order][:-1]) & (last[order][1:] == last[order][:-1])
        found = np.ones(len(self), dtype=np.bool_)
        found[order[1:][is_copy]] = False
        return np.asarray(found | ((first == 0) & (last == 0)))

    @property
    def digest(self) -> str:
        """Return the fingerprint of the pairs of case and answer, True where the model erred."""
        if not len(self) or _is_quoted(self.case_id):
            said = [(None, False, True)[place] for place in self._said]
            return fingerprint([[case.decode(), one] for case, one in zip(self.case_id.tolist(), said, strict=True)])
        columns = (b'["', self.case_id, b'",', _WORDS[self._said], b"],")
        fields = [np.broadcast_to(np.asarray(each), len(self)) for each in columns]
        rows = np.empty(len(self), dtype=[(f"f{place}", each.dtype) for place, each in enumerate(fields)])
        for place, each in enumerate(fields):
            rows[f"f{place}"] = each
        return digest_of(b"[" + rows.tobytes().replace(b"\x00", b"")[:-1] + b"]")

    @property
    def _said(self) -> Ints:
        """0 while nobody has said, 1 where the model was right, 2 where it erred."""
        return np.asarray(self.has(CheckSeen.ANSWERED).astype(np.int64) + self.is_wrong)


_COLUMNS = ("at", "confidence", "harm", "probability", "kind", "seen", "case_id", "content")

Checks: TypeAlias = CheckColumns | Sequence[BlindCheck]
"""Checks in order of arrival, in either form."""


def packed_check(check: BlindCheck, kind: int, number_of_id: Callable[[str], int]) -> bytes:
    """Return the check as a RECORD, with the number of its kind; an id that this service did not make gets a number too."""
    made = packed_case_id(check.case_id)
    case = number_of_id(check.case_id).to_bytes(CASE_BYTES, "big") if made is None else made
    told = {
        CheckSeen.ANSWERED: check.wrong is not None,
        CheckSeen.WRONG: check.wrong is True,
        CheckSeen.VAULTED: check.vaulted_until is not None,
        CheckSeen.PLACED: len(case) > CASE_BYTES,
        CheckSeen.NAMED: made is None,
    }
    seen = sum(flag for flag, is_so in told.items() if is_so)
    confidence, harm = (nan if each is None else each for each in (check.confidence, check.harm))
    content = bytes.fromhex(check.content)[:CONTENT_BYTES]
    return _PACK.pack(check.at, confidence, harm, kind, int(seen), case[:CASE_BYTES], content)


def unpacked_checks(data: bytes, kind_of_number: Callable[[int], CheckKind], id_of_number: Callable[[int], str]) -> CheckColumns:
    """Return the columns of the RECORDs in ``data``, in the order in which these stand."""
    records = np.frombuffer(data, RECORD)
    numbers, kind = np.unique(records["kind"], return_inverse=True)
    kinds, seen = [kind_of_number(int(each)) for each in numbers], np.ascontiguousarray(records["seen"])
    case = np.ascontiguousarray(records["case"])
    case_id = unpacked_case_ids(case, seen & np.uint8(CheckSeen.PLACED) > 0)
    named = np.flatnonzero(seen & np.uint8(CheckSeen.NAMED))
    if len(named):
        names = case_ids_of([id_of_number(int.from_bytes(each.tobytes(), "big")) for each in case[named]])
        case_id = case_id.astype(np.promote_types(case_id.dtype, names.dtype))
        case_id[named] = names
    return CheckColumns(
        at=records["at"].astype(np.float64),
        confidence=records["confidence"].astype(np.float64),
        harm=records["harm"].astype(np.float64),
        probability=np.array([each.probability for each in kinds], dtype=np.float64)[kind],
        kind=kind,
        seen=seen,
        case_id=case_id,
        content=np.ascontiguousarray(records["content"]),
        kinds=kinds,
    )


def as_columns(checks: Checks) -> CheckColumns:
    """Return the ``checks`` as columns, in their order."""
    if isinstance(checks, CheckColumns):
        return checks
    kinds, ids = Numbers[CheckKind](), Numbers[str]()
    data = b"".join([packed_check(each, kinds.of(check_kind(each)), ids.of) for each in checks])
    return unpacked_checks(data, kinds.value, ids.value)


def with_audits(checks: CheckColumns) -> CheckColumns:
    """Return the random sample together with the audits of automatic decisions: each check with the ``probability`` that at
    least one of the two draws, which are independent, takes its case."""
    counted = checks.where(checks.of_kind(lambda kind: kind.is_random or kind.is_audit))
    either_draws = np.array([kind.either_probability for kind in counted.kinds], dtype=np.float64)
    return replace(counted, probability=either_draws[counted.kind])


def in_order(several: Sequence[CheckColumns]) -> CheckColumns:
    """Return the checks of ``several`` in the order in which their cases came, and those that came at once in that of their
    ids."""
    firsts = accumulate((len(each.kinds) for each in several), initial=0)
    moved = [replace(each, kind=each.kind + first) for each, first in zip(several, firsts, strict=False)]
    kinds = [kind for each in several for kind in each.kinds]
    columns = {name: np.concatenate([getattr(each, name) for each in moved]) for name in _COLUMNS}
    joined = replace(several[0], **columns, kinds=kinds)
    return joined.where(_arrival(joined.at, joined.case_id))


def _arrival(at: Floats, case_id: CaseIds) -> Ints:
    """Return the places in order of time; ids are compared only where times are the same."""
    order = np.argsort(at, kind="stable")
    is_same = at[order][1:] == at[order][:-1]
    if is_same.any():
        places = np.flatnonzero(np.append(is_same, False) | np.append(False, is_same))
        some = order[places]
        order[places] = some[np.lexsort((case_id[some], at[some]))]
    return order


def check_kind(check: BlindCheck) -> CheckKind:
    """Return what the check has in common with others."""
    kind = CheckKind(*(getattr(check, name) for name in CheckKind._fields))
    # A whole number would be written as one, read as a float, and so be another kind afterwards.
    return kind._replace(probability=float(kind.probability), audit_probability=float(kind.audit_probability))


def _is_quoted(case_id: CaseIds) -> bool:
    """Tell whether JSON writes any of the ids otherwise than it is."""
    letters = np.ascontiguousarray(case_id).view(np.uint8)
    return bool(((letters < ord(" ")) & (letters > 0) | (letters == ord('"')) | (letters == ord("\\"))).any())
