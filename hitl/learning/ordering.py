"""How much the answers to waiting reviews would teach, by what one model says of all of them together."""

from collections.abc import Sequence

import numpy as np

from hitl.inference.rows import form_of
from hitl.learning.active import CANDIDATES, hybrid
from hitl.learning.uncertainty import margin
from hitl.quality.arrays import Floats
from hitl.tasks.inputs import Vector


def informativeness_of(probabilities: Sequence[Sequence[float]], vectors: Sequence[Vector], picks: int) -> Floats:
    """Return how much the answer to each item would teach, in [0, 1]: its margin, and 1 for those that ``hybrid`` chooses: the
    least sure ones that differ from each other. ``probabilities`` are (n, classes), ``vectors`` the n inputs. At most ``picks``
    are chosen, and no more than a share of the items, so that there is something to choose from."""
    said = np.array(probabilities, dtype=np.float64)
    worth = np.clip(margin(said), 0.0, 1.0)
    worth[hybrid(said, form_of(vectors[0]).comparable(vectors), min(picks, len(vectors) // CANDIDATES))] = 1.0
    return worth.round(6)
