"""How the evidence of a task stands in its file: each thing as few bytes as it needs, what repeats by a number."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from hitl.ids import packed_case_id, unpacked_case_id
from hitl.quality.answers import KnownAnswer, SettledReview
from hitl.quality.checks import BlindCheck, DrawnPart

CONTENT_BYTES = 12
"""Of the digest of an input: enough that nobody finds one that looks like any of millions."""

pack, unpack = msgspec.msgpack.encode, msgspec.msgpack.decode

StoredId = bytes | str


def stored_id(case_id: str) -> StoredId:
    """Return the 16 bytes that a case's id is made of; the id itself where it was made otherwise."""
    return packed_case_id(case_id) or case_id


def shown_id(stored: StoredId) -> str:
    """Return the id again."""
    return stored if isinstance(stored, str) else unpacked_case_id(stored)


class CheckKind(NamedTuple):
    """What many checks have in common."""

    segment: str
    model_version: str | None
    policy_version: str
    is_automatic: bool
    streams: tuple[str, ...]
    rules: tuple[str, ...]
    probability: float
    audit_probability: float
    right_within: int


class AnswerKind(NamedTuple):
    """What many answers have in common."""

    purpose: str
    is_blind: bool
    segment: str
    model_version: str | None
    policy_version: str
    is_automatic: bool
    streams: tuple[str, ...]
    gold_probability: float
    audit_probability: float
    rules: tuple[str, ...]
    priority: str | None
    right_within: int


class _Said(msgspec.Struct, array_like=True, frozen=True):
    wrong: bool
    labels: tuple[str, ...]
    wrong_parts: tuple[str, ...] | None


class _Answer(msgspec.Struct, array_like=True, frozen=True):
    kind: int
    label: str
    prediction: str | None
    confidence: float | None
    opened_at: float
    at: float
    votes: tuple[tuple[str, str], ...]
    held_s: float | None
    expert_agreed: bool | None
    due_at: float | None
    probabilities: tuple[float, ...] | None
    amended: tuple[str, ...]
    voted_at: tuple[float, ...]
    differing: dict[str, tuple[str, ...]]
    corrected: dict[str, dict[str, str]]
    automatic_parts: tuple[str, ...]
    near: tuple[tuple[str, str], ...]


class _Known(msgspec.Struct, array_like=True, frozen=True):
    reviewer: str
    label: str
    truth: str
    suggested: str | None
    at: float


_said, _answer = msgspec.msgpack.Decoder(_Said), msgspec.msgpack.Decoder(_Answer)
_known, _parts = msgspec.msgpack.Decoder(_Known), msgspec.msgpack.Decoder(tuple[tuple[str, float, bool], ...])

Number = Callable[[Any], int]
"""Gives a value its number."""
Values = Callable[[int], Any]
"""Gives a number its value."""

CHECK_COLUMNS = "case_id, at, kind, prediction, confidence, vaulted_until, content, harm, parts, said"
CheckRow = tuple[Any, ...]


def check_row(check: BlindCheck, number: Number) -> CheckRow:
    """Return ``check`` in the order of CHECK_COLUMNS."""
    kind = CheckKind(
        check.segment,
        check.model_version,
        check.policy_version,
        check.is_automatic,
        check.streams,
        check.rules,
        check.probability,
        check.audit_probability,
        check.right_within,
    )
    content = bytes.fromhex(check.content)[:CONTENT_BYTES] if check.content else None
    parts = pack([(each.name, each.score, each.is_automatic) for each in check.parts]) if check.parts else None
    found = (stored_id(check.case_id), check.at, number(kind), check.prediction, check.confidence, check.vaulted_until)
    return (*found, content, check.harm, parts, said_of(check))


def said_of(check: BlindCheck) -> bytes | None:
    """Return what people said, None while nobody has."""
    return None if check.wrong is None else pack(_Said(check.wrong, check.labels, check.wrong_parts))


def check_of(row: CheckRow, kinds: Values) -> BlindCheck:
    case_id, at, number, prediction, confidence, vaulted_until, content, harm, parts, told = row
    kind: CheckKind = kinds(number)
    said = None if told is None else _said.decode(told)
    return BlindCheck(
        case_id=shown_id(case_id),
        at=at,
        segment=kind.segment,
        model_version=kind.model_version,
        policy_version=kind.policy_version,
        prediction=prediction,
        confidence=confidence,
        is_automatic=kind.is_automatic,
        streams=kind.streams,
        rules=kind.rules,
        wrong=None if said is None else said.wrong,
        probability=kind.probability,
        audit_probability=kind.audit_probability,
        labels=() if said is None else said.labels,
        vaulted_until=vaulted_until,
        content="" if content is None else content.hex(),
        harm=harm,
        parts=() if parts is None else tuple(DrawnPart(*each) for each in _parts.decode(parts)),
        wrong_parts=None if said is None else said.wrong_parts,
        right_within=kind.right_within,
    )


def answer_row(answer: SettledReview, number: Number) -> bytes:
    kind = AnswerKind(
        answer.purpose,
        answer.is_blind,
        answer.segment,
        answer.model_version,
        answer.policy_version,
        answer.is_automatic,
        answer.streams,
        answer.gold_probability,
        answer.audit_probability,
        answer.rules,
        answer.priority,
        answer.right_within,
    )
    return pack(
        _Answer(
            number(kind),
            answer.label,
            answer.prediction,
            answer.confidence,
            answer.opened_at,
            answer.at,
            answer.votes,
            answer.held_s,
            answer.expert_agreed,
            answer.due_at,
            answer.probabilities,
            answer.amended,
            answer.voted_at,
            dict(answer.differing),
            {label: dict(parts) for label, parts in answer.corrected.items()},
            answer.automatic_parts,
            tuple(sorted(answer.near)),
        )
    )


def answer_of(stored: StoredId, review: int, row: bytes, kinds: Values) -> SettledReview:
    found, case_id = _answer.decode(row), shown_id(stored)
    kind: AnswerKind = kinds(found.kind)
    return SettledReview(
        review_id=f"{case_id}-{review}",
        case_id=case_id,
        purpose=kind.purpose,
        is_blind=kind.is_blind,
        label=found.label,
        prediction=found.prediction,
        confidence=found.confidence,
        segment=kind.segment,
        model_version=kind.model_version,
        policy_version=kind.policy_version,
        is_automatic=kind.is_automatic,
        streams=kind.streams,
        gold_probability=kind.gold_probability,
        audit_probability=kind.audit_probability,
        opened_at=found.opened_at,
        at=found.at,
        votes=found.votes,
        held_s=found.held_s,
        expert_agreed=found.expert_agreed,
        rules=kind.rules,
        priority=kind.priority,
        due_at=found.due_at,
        probabilities=found.probabilities,
        amended=found.amended,
        voted_at=found.voted_at,
        differing=found.differing,
        right_within=kind.right_within,
        corrected=found.corrected,
        automatic_parts=found.automatic_parts,
        near=frozenset(found.near),
    )


def known_row(answer: KnownAnswer) -> bytes:
    return pack(_Known(answer.reviewer, answer.label, answer.truth, answer.suggested, answer.at))


def known_of(row: bytes) -> KnownAnswer:
    found = _known.decode(row)
    return KnownAnswer(found.reviewer, found.label, found.truth, found.suggested, found.at)


class Names:
    """Numbers for values that come again and again, in the table ``names``; each kind of value is read by its own ``decode``."""

    def __init__(self, decode: type[Any] | Any) -> None:
        self._decoder = msgspec.msgpack.Decoder(decode)
        self._numbers: dict[bytes, int] = {}
        self._values: dict[int, Any] = {}

    def number(self, connection: sqlite3.Connection) -> Number:
        """Return what numbers values, in a transaction of ``connection``; after a rollback ``forget`` must follow."""

        def number(value: Sequence[Any]) -> int:
            data = pack(value)
            found: int | None = self._numbers.get(data)
            if found is None:
                connection.execute("INSERT OR IGNORE INTO names (value) VALUES (?)", (data,))
                (found,) = connection.execute("SELECT id FROM names WHERE value = ?", (data,)).fetchone()
                self._numbers[data], self._values[found] = found, self._decoder.decode(data)
            return found

        return number

    def value(self, number: int, read: Callable[[int], bytes]) -> Any:
        """Return the value with that number, by ``read`` where it is not known yet."""
        values = self._values  # another thread may forget them meanwhile
        if number not in values:
            values[number] = self._decoder.decode(read(number))
        return values[number]

    def forget(self) -> None:
        self._numbers, self._values = {}, {}
