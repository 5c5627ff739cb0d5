"""What certificates and alarms read of checks, in the file of the evidence: columns by task, series and UTC day."""

import sqlite3
from collections.abc import Iterator, Sequence

from hitl.adapters.files.day_rows import ALL_DAYS, OF_DAYS, DayRows
from hitl.adapters.files.evidence_rows import Names
from hitl.adapters.files.projection import Projection
from hitl.quality.check_columns import CheckColumns, CheckKind, check_kind, in_order, packed_check, unpacked_checks
from hitl.quality.checks import BlindCheck, certified_parts
from hitl.quality.traffic import DAY_S

WHOLE, PARTS = "checks", "checks of parts"
"""The series of checks, and of their parts, which certificates are about where parts go one by one."""


class CheckDays:
    """The columns in ``file``."""

    def __init__(self, file: Projection) -> None:
        self._file, self._kinds, self._ids = file, Names(CheckKind), Names(str)

    def columns(self, task: int, of_parts: bool) -> CheckColumns:
        """Return the checks of the task with that number, or each of their parts, in order of arrival."""
        series = PARTS if of_parts else WHOLE
        data = b"".join(rows for (rows,) in self._file.many_rows(OF_DAYS, task, series, *ALL_DAYS))
        kind_of, id_of = (lambda number, names=names: names.value(number, self._file.name) for names in (self._kinds, self._ids))
        return in_order([unpacked_checks(data, kind_of, id_of)])

    def restate(
        self, connection: sqlite3.Connection, days: DayRows, task: int, before: BlindCheck | None, now: BlindCheck | None
    ) -> None:
        """Let the columns tell of a check as it is ``now``, in place of how it was ``before``; None: it was or is not there."""
        for check, change in ((before, days.remove), (now, days.add)):
            if check is not None:
                for series, rows in self._told(connection, check):
                    change((task, series, int(check.at // DAY_S)), rows)

    def forget(self) -> None:
        """Drop the names that memory holds."""
        self._kinds.forget()
        self._ids.forget()

    def _told(self, connection: sqlite3.Connection, check: BlindCheck) -> Iterator[tuple[str, list[bytes]]]:
        yield WHOLE, self._packed(connection, [check])
        if parts := certified_parts([check]):
            yield PARTS, self._packed(connection, parts)

    def _packed(self, connection: sqlite3.Connection, checks: Sequence[BlindCheck]) -> list[bytes]:
        kinds, ids = self._kinds.number(connection), self._ids.number(connection)
        return [packed_check(each, kinds(check_kind(each)), ids) for each in checks]
