"""Answers of the audit routes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from hitl.audit.report import ReportLine


@dataclass(frozen=True, slots=True)
class VerifiedChain:
    """One shard's journal, walked from its beginning: ``entries`` hold; ``head`` is the hash of the last one, None where the
    chain is broken, and ``problem`` then says where."""

    shard: str
    holds: bool
    entries: int
    head: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class VerifiedChains:
    """The chain of every shard."""

    shards: list[VerifiedChain]


@dataclass(frozen=True, slots=True)
class ComplianceReport:
    """Flagged cases and approvals of the UTC days ``from`` to ``to`` (both included; None: unbounded), by task and by name of
    the count."""

    from_day: Annotated[date | None, Field(serialization_alias="from")]
    to: date | None
    tasks: Mapping[str, Mapping[str, ReportLine]]
