"""Columns of checks as they count: those of cases that people look at again wait."""

import asyncio
from collections.abc import Collection, Sequence

from hitl.adapters.files.evidence_file import EvidenceFile
from hitl.quality.check_columns import CheckColumns, as_columns
from hitl.quality.checks import BlindCheck, certified_parts


async def joined_columns(file: EvidenceFile, task: str, reopened: Collection[str], of_parts: bool) -> CheckColumns:
    """Return the columns of the checks of ``task``, or of each part of them; those of the ``reopened`` cases wait."""

    def joined() -> CheckColumns:
        found = file.check_columns(task, of_parts)
        return found.without_answers(found.of_cases(reopened))

    return await asyncio.to_thread(joined)


def columns_of_rows(checks: Sequence[BlindCheck], of_parts: bool) -> CheckColumns:
    """Return the columns of the ``checks``, or of each part of them, in their order."""
    return as_columns(certified_parts(checks) if of_parts else checks)
