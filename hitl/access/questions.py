"""Questions that the access shard answers."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ErasureOf:
    """``{"erasure": {"case_id", "task", "by", "reason", "at"}}``, or None in its place."""

    case_id: str


@dataclass(frozen=True, slots=True)
class Erasures:
    """``{"case_ids": [...], "next"}``: up to ``limit`` erased cases from cursor ``after`` (0 at first) on, in their order."""

    after: int
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class SealErasureOf:
    """``{"erasure": {"approval_id", "task", "by", "reason", "at"}}`` of what ``seal`` opened, or None in its place."""

    seal: str


@dataclass(frozen=True, slots=True)
class ErasedSeals:
    """``{"seals": [...], "next"}``: as Erasures, of approvals."""

    after: int
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class RevealsOf:
    """``{"reveals": [{"kind", "task", "by", "reason", "at"}]}`` of one case or approval, oldest first."""

    subject: str


Question: TypeAlias = ErasureOf | Erasures | SealErasureOf | ErasedSeals | RevealsOf
