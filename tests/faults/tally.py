"""What a run of faults found, by row: counts, recoveries with their percentiles, what the process used."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.faults.check import NAMES, Counts

PERCENTILES = (50, 95, 99)
MOST_FILES, MOST_TASKS = 500, 300
"""Of a node at any age: one that keeps a connection or a task of each request passes them within seconds."""


@dataclass
class Row:
    """``recoveries_s``: from the last thing that was killed or given back, or else from the end of the harm, until both shards
    answered. ``failed``: what a harm found not to hold."""

    count: int = 0
    found: Counts = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    recoveries_s: list[float] = field(default_factory=list)
    skipped: str | None = None
    failed: list[str] = field(default_factory=list)

    def plain(self, name: str) -> dict[str, Any]:
        counted = {"row": name, "count": self.count, **self.found, "failed": len(self.failed)}
        return counted | percentiles(self.recoveries_s) | {"note": self.skipped or "; ".join(self.failed)}


@dataclass
class Use:
    """What a node used after a fault: ``age`` faults old, open ``files``, ``tasks`` of its loop, megabytes of memory."""

    age: int
    files: int
    tasks: int
    rss_mb: float


@dataclass
class Run:
    """All rows by their names, and what was acknowledged in all."""

    seed: int
    rows: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))
    acknowledged: int = 0
    operations: int = 0
    uses: list[Use] = field(default_factory=list)
    last: str = ""

    @property
    def faults(self) -> int:
        return sum(row.count for row in self.rows.values())

    @property
    def is_clean(self) -> bool:
        return self.is_bounded and not self.unclean

    @property
    def unclean(self) -> dict[str, Any]:
        """The rows in which something did not hold."""
        return {name: row.plain(name) for name, row in self.rows.items() if row.failed or any(row.found.values())}

    @property
    def is_bounded(self) -> bool:
        """Whether no node held more than MOST_FILES open files or MOST_TASKS tasks."""
        return all(use.files <= MOST_FILES and use.tasks <= MOST_TASKS for use in self.uses)

    @property
    def totals(self) -> Counts:
        return {name: sum(row.found[name] for row in self.rows.values()) for name in NAMES}

    def plain(self) -> dict[str, Any]:
        """The whole run in figures."""
        whole = {"seed": self.seed, "faults": self.faults, "rows": sum(row.count > 0 for row in self.rows.values())}
        told = {"acknowledged": self.acknowledged, "checked_operations": self.operations, **self.totals}
        failed = sum(len(row.failed) for row in self.rows.values())
        recoveries = [seconds for row in self.rows.values() for seconds in row.recoveries_s]
        return {**whole, **told, "failed": failed, **percentiles(recoveries), **self._most()}

    def _most(self) -> dict[str, Any]:
        names = ("files", "tasks", "rss_mb")
        return {f"most_{name}": max((getattr(use, name) for use in self.uses), default=None) for name in names}


def percentiles(seconds: Sequence[float]) -> dict[str, float | None]:
    """Of recoveries, ``p50_s`` and so on, and the longest."""
    found = {f"p{q}_s": round(float(np.percentile(seconds, q)), 2) if seconds else None for q in PERCENTILES}
    return found | {"longest_s": round(max(seconds), 2) if seconds else None}
