"""The arrays of the statistics: their types, and which of their rows are wanted."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]


def places_of(wanted: Bools | Ints | slice) -> Ints | slice:
    """Return where the rows stand that are ``wanted``, for many columns: a mask would be searched again for each of them."""
    if isinstance(wanted, slice):
        return wanted
    if wanted.dtype != np.bool_:
        return np.asarray(wanted, dtype=np.int64)
    return slice(None) if wanted.all() else np.flatnonzero(wanted)
