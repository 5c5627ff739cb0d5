"""Which rows of a labelled source are held out, which train the first model, which are left: by the seed alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hitl.errors import InvalidConfig

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DataSplit:
    """Row numbers of the source; the three share none. ``holdout`` evaluates and never trains."""

    holdout: Indices
    initial: Indices
    rest: Indices


def split_rows(rows: int, holdout_rows: int, initial_rows: int, seed: int) -> DataSplit:
    """Shuffle ``rows`` with ``seed``; the held-out ones come first, so that a larger ``initial_rows`` never takes one.

    Raises InvalidConfig when the source has too few rows.

    >>> split = split_rows(10, 3, 2, 0)
    >>> len(split.holdout), len(split.initial), len(split.rest)
    (3, 2, 5)
    """
    if holdout_rows + initial_rows > rows:
        raise InvalidConfig("data", "initial_rows", f"{holdout_rows} held out and {initial_rows} initial of {rows} rows")
    order = np.random.default_rng(seed).permutation(rows)
    end = holdout_rows + initial_rows
    return DataSplit(order[:holdout_rows], order[holdout_rows:end], order[end:])
