"""Which of the waiting reviews teach the most: the documents' strategies by name, over what the serving model said of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hitl.errors import InvalidRequest
from hitl.inference.rows import form_of
from hitl.learning import active
from hitl.learning.batch import Pick, next_batch
from hitl.learning.uncertainty import METHODS, uncertainty
from hitl.quality.arrays import Floats, Ints
from hitl.tasks.inputs import Vector

DEFAULT = "hybrid"
STRATEGIES = ("hybrid", "adaptive", "diversity", "query_by_committee", *METHODS)


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A waiting review; ``probabilities`` by model version: of the champion first, and of others where they looked at it."""

    review_id: str
    vector: Vector
    probabilities: Sequence[Sequence[float]]


def suggest(pool: Sequence[WaitingCase], strategy: str, n: int, rng: np.random.Generator, method: str = "entropy") -> list[Pick]:
    """``n`` picks by ``strategy``, a tenth of them uniform with their probability. Raises InvalidRequest for an unknown strategy,
    and for a committee of fewer than two models."""
    if strategy not in STRATEGIES:
        raise InvalidRequest("query strategy", f"one of {', '.join(STRATEGIES)}")
    committee = min((len(one.probabilities) for one in pool), default=0)
    if strategy == "query_by_committee" and pool and committee < 2:
        raise InvalidRequest("query strategy", "query_by_committee wants two models that looked at each case")
    if not pool:
        return []
    probabilities = np.array([one.probabilities[0] for one in pool], dtype=np.float64)
    choose = _chooser(strategy, method, pool, probabilities, committee)
    return next_batch(choose, strategy, np.ones(len(pool), dtype=np.bool_), n, rng)


def _chooser(
    strategy: str, method: str, pool: Sequence[WaitingCase], probabilities: Floats, committee: int
) -> Callable[[Ints, int], Ints]:
    """From (positions in the pool, how many) to positions among those."""
    vectors = form_of(pool[0].vector).comparable([one.vector for one in pool])
    if strategy in METHODS:
        return lambda items, k: active.top(uncertainty(probabilities[items], strategy), k)
    if strategy == "diversity":
        return lambda items, k: active.diversity(vectors[items], k)
    if strategy == "adaptive":
        unsure = uncertainty(probabilities, method)
        return lambda items, k: active.adaptive(unsure[items], vectors[items], np.empty((0, vectors.shape[1])), k)
    if strategy == "query_by_committee":
        said = np.array([[one.probabilities[m] for one in pool] for m in range(committee)], dtype=np.float64)
        return lambda items, k: active.query_by_committee(said[:, items], k)
    return lambda items, k: active.hybrid(probabilities[items], vectors[items], k)


def told(
    picks: Sequence[Pick], pool: Sequence[WaitingCase], labels: Sequence[str], strategy: str, is_blind: bool
) -> dict[str, Any]:
    """The answer in the documents' shape, the most wanted first and with the highest priority. ``is_blind`` keeps back what the
    model said."""
    items = []
    for place, pick in enumerate(picks):
        row = np.array([pool[pick.index].probabilities[0]], dtype=np.float64)
        said = {
            "predicted_class": None if is_blind else labels[int(row.argmax())],
            "prediction_confidence": None if is_blind else float(row.max()),
        }
        item = {"index": pick.index, "review_id": pool[pick.index].review_id, **said}
        drawn = {"chosen_by": pick.chosen_by, "probability": pick.probability}
        score = float(uncertainty(row, "entropy")[0])
        items.append(item | {"uncertainty_score": score, "suggested_priority": len(picks) - place} | drawn)
    efficiency = len(picks) / len(pool) if pool else 0.0
    return {"suggestions": items, "strategy_used": strategy, "total_unlabeled": len(pool), "annotation_efficiency": efficiency}
