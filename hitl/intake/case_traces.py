"""Find the trace that a case began in, for what happens to it later: the case's record names it."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from hitl.errors import HitlError
from hitl.intake.partitioned import part_of
from hitl.intake.ports import StoredCase
from hitl.trace_context import TraceContext

REMEMBERED = 10_000
"""Cases: about 3 MB."""


class FindsCases(Protocol):
    """The part of an intake that is asked."""

    async def find(self, case_id: str) -> StoredCase | None: ...


class CaseTraces:
    """Remembers the newest answers. ``intakes`` are in the order of their partitions; used only where tracing is on."""

    def __init__(self, intakes: Sequence[FindsCases]) -> None:
        self._intakes = intakes
        self._known: OrderedDict[str, TraceContext | None] = OrderedDict()

    async def trace_of(self, case_id: str) -> TraceContext | None:
        """Return the trace of the case; None without one, and while the store is away: a trace holds up nothing."""
        if case_id not in self._known:
            try:
                found = await part_of(self._intakes, case_id).find(case_id)
            except HitlError:
                return None
            self.note(case_id, found.record.trace if found else None)
        return self._known[case_id]

    def note(self, case_id: str, trace: TraceContext | None) -> None:
        """Remember the trace of a case."""
        self._known[case_id] = trace
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
