"""Sorted runs of case ids on disk: where each archived case stands, and whether an id was used before.

A run is three arrays of the same length, one behind the other: the first and the second half of a 16-byte hash of each id, sorted
by the first, and its position; all little-endian 64-bit. So a run is searched where it lies, mapped into memory, without
being read.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from hitl.hash_halves import hash_to_halves

WIDTH = 24
"""Bytes of a case in a run."""

U64 = np.dtype("<u8")
Column = npt.NDArray[np.uint64]
Run = tuple[Column, Column, Column]
"""High halves, low halves, positions."""


def make_run(cases: Iterable[tuple[str, int]]) -> bytes:
    """Make the run of ``(case id, position)``."""
    rows = [(*hash_to_halves(case_id), position) for case_id, position in cases]
    columns = np.array(rows, U64).reshape(-1, 3).T
    return _sorted_bytes(columns[0], columns[1], columns[2])


def open_run(data: "memoryview | bytes | np.memmap[tuple[int], np.dtype[np.uint64]]") -> Run:
    """Return the columns of a run, which share its bytes. Raises ValueError for what is no run."""
    whole = np.frombuffer(data, U64)
    high, low, positions = whole.reshape(3, -1)
    return high, low, positions


def merge_runs(runs: Sequence[Run]) -> bytes:
    """Return one run with all cases of ``runs``."""
    return _sorted_bytes(*(np.concatenate(column) for column in zip(*runs, strict=True)))


def find_in(run: Run, case_ids: Sequence[str]) -> dict[str, int]:
    """Find the positions of those of ``case_ids`` that the run has; the last one of an id that stands there more than once."""
    return {case_id: positions[-1] for case_id, positions in find_all_in(run, case_ids).items()}


def find_all_in(run: Run, case_ids: Sequence[str]) -> dict[str, list[int]]:
    """Find all positions of those of ``case_ids`` that the run has, in the order in which they were added."""
    high, low, positions = run
    halves = [hash_to_halves(case_id) for case_id in case_ids]
    wanted = np.array([each[0] for each in halves], U64)
    starts, ends = np.searchsorted(high, wanted, "left"), np.searchsorted(high, wanted, "right")
    found: dict[str, list[int]] = {}
    for case_id, (_, second), start, end in zip(case_ids, halves, starts, ends, strict=True):
        rows = [row for row in range(int(start), int(end)) if int(low[row]) == second]
        if rows:
            found[case_id] = [int(positions[row]) for row in rows]
    return found


def _sorted_bytes(high: Column, low: Column, positions: Column) -> bytes:
    order = np.argsort(high, kind="stable")
    return b"".join(np.ascontiguousarray(column[order], U64).tobytes() for column in (high, low, positions))
