"""The rows of the fault matrix that need no Ray, by number and name; each is done in the room of its kind."""

from tests.faults import (
    rows_artifacts,
    rows_batches,
    rows_candidates,
    rows_clients,
    rows_disk,
    rows_history,
    rows_process,
    rows_promotion,
    rows_wire,
)
from tests.faults.harm import Harm
from tests.faults.rows_promotion import crash

__all__ = ["ROWS", "Harm", "cannot", "crash"]

ROOMS = (
    rows_process,
    rows_wire,
    rows_disk,
    rows_history,
    rows_promotion,
    rows_artifacts,
    rows_candidates,
    rows_clients,
    rows_batches,
)
ROWS: dict[str, Harm] = {name: harm for room in ROOMS for name, harm in room.ROWS.items()}


def cannot(row: str) -> str | None:
    """Why the row cannot be injected on this machine, or None."""
    number = row.split()[0]
    if number in ("14", "16") and not rows_disk.can_trace():
        return "strace may not attach to a process here"
    if number == "15" and not rows_disk.can_mount():
        return "a disk of its own can be mounted by root alone"
    return None
