"""The next batch to label: mostly chosen, a share uniform at random with its probability written down.

The uniform share keeps an unbiased view of the pool whatever the strategy overlooks; items that people already called
ambiguous twice are left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hitl.quality.arrays import Bools, Ints

UNIFORM_SHARE = 0.1
"""The share of a batch drawn uniformly, so that unbiased figures have some rows: chosen rows serve none."""
AMBIGUOUS_TWICE = 2


@dataclass(frozen=True, slots=True)
class Pick:
    """``probability`` of having been drawn uniformly, for those that were; None for chosen ones, which no unbiased figure may
    use."""

    index: int
    chosen_by: str
    probability: float | None


def pick_batch(
    choose: Callable[[Ints, int], Ints],
    strategy: str,
    open_items: Bools,
    n: int,
    rng: np.random.Generator,
    uniform: float = UNIFORM_SHARE,
) -> list[Pick]:
    """Pick at most ``n`` of the pool's ``open_items`` for labelling.

    First comes a uniform draw of ``uniform * n``, then what ``choose(items, k)`` puts first (positions in ``items``).
    """
    items = np.flatnonzero(open_items).astype(np.int64)
    wanted = min(max(n, 0), len(items))
    by_chance = int(np.ceil(uniform * wanted)) if uniform > 0 else 0
    drawn = rng.choice(items, by_chance, replace=False) if by_chance else np.empty(0, dtype=np.int64)
    left = np.setdiff1d(items, drawn)
    chosen = left[choose(left, wanted - by_chance)] if wanted > by_chance else left[:0]
    return [Pick(int(i), "uniform", by_chance / len(items)) for i in drawn] + [Pick(int(i), strategy, None) for i in chosen]


def open_items(labelled: Bools, ambiguous: Ints) -> Bools:
    """Not yet labelled, and not called ambiguous twice; ``ambiguous`` (n,) counts how often consensus failed."""
    return ~labelled & (ambiguous < AMBIGUOUS_TWICE)
