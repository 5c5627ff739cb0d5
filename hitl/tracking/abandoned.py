"""Find runs that are still marked as running although their job was killed."""

from collections.abc import Iterable
from dataclasses import dataclass

ALIVE_TAG = "hitl.alive_at"
"""UTC seconds of a job's last sign of life, in the tag of its run."""

ALIVE_EVERY_S = 60.0
SILENT_S = 900.0
"""A job that has said nothing for so long is gone: fifteen signs of life were due."""


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that has not ended. ``alive_at`` None: it gives no sign of life of its own; ``is_operation``: the exporter of
    tracking wrote it, which begins and ends a run in one go."""

    run_id: str
    started_s: float
    alive_at: float | None = None
    parent_id: str | None = None
    is_operation: bool = False


def abandoned(runs: Iterable[OpenRun], now: float, silent_s: float = SILENT_S) -> list[str]:
    """The runs that nobody will end, parents before their children. Runs of other programs are never among them.

    >>> abandoned([OpenRun("parent", 0, alive_at=10), OpenRun("trial", 5, parent_id="parent"), OpenRun("other's", 0)], 2000)
    ['parent', 'trial']
    """
    found = {run.run_id: run for run in runs}
    gone = [run.run_id for run in found.values() if run.parent_id not in found and _is_gone(run, now, silent_s)]
    for run in sorted(found.values(), key=lambda run: run.started_s):
        if run.parent_id in gone and run.run_id not in gone:
            gone.append(run.run_id)
    return gone


def _is_gone(run: OpenRun, now: float, silent_s: float) -> bool:
    is_ours = run.is_operation or run.parent_id is not None
    last = run.alive_at if run.alive_at is not None else run.started_s if is_ours else now
    return now - last > silent_s
