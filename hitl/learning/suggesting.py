"""Which of the waiting reviews teach the most: the documents' strategies by name, over what the serving model said of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hitl.errors import InvalidRequest
from hitl.inference.rows import form_of
from hitl.learning import active
from hitl.learning.batch import Pick, pick_batch
from hitl.learning.uncertainty import METHODS, uncertainty
from hitl.quality.arrays import Floats, Ints
from hitl.tasks.inputs import Vector

DEFAULT = "hybrid"
COMMITTEE = "query_by_committee"
STRATEGIES = ("hybrid", "adaptive", "diversity", COMMITTEE, *METHODS)


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A waiting review; ``probabilities`` by model version: of the one that looked at it when it came, or of each member of a
    committee."""

    review_id: str
    vector: Vector
    probabilities: Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class SuggestedReview:
    """A waiting review to label. ``index`` is its place in the pool that was looked at, ``suggested_priority`` the higher the
    more it is wanted.

    ``uncertainty_score`` is the entropy in nats of what the model said; ``predicted_class`` and ``prediction_confidence`` (in
    [0, 1]) are None in a blind task. ``chosen_by`` is the strategy, or ``uniform`` for a random one, which alone has a
    ``probability`` of having been drawn.
    """

    index: int
    review_id: str
    predicted_class: str | None
    prediction_confidence: float | None
    uncertainty_score: float
    suggested_priority: int
    chosen_by: str
    probability: float | None


@dataclass(frozen=True, slots=True)
class ReviewSuggestions:
    """The reviews of a task that teach its model the most, the most wanted first, chosen of ``total_unlabeled``;
    ``annotation_efficiency`` is the share of those that is suggested."""

    task: str
    suggestions: list[SuggestedReview]
    strategy_used: str
    total_unlabeled: int
    annotation_efficiency: float


def suggest(pool: Sequence[WaitingCase], strategy: str, n: int, rng: np.random.Generator, method: str = "entropy") -> list[Pick]:
    """``n`` picks by ``strategy``, a tenth of them uniform with their probability. Raises InvalidRequest for an unknown strategy,
    and for a committee of fewer than two models."""
    if strategy not in STRATEGIES:
        raise InvalidRequest("query strategy", f"one of {', '.join(STRATEGIES)}")
    committee = min((len(one.probabilities) for one in pool), default=0)
    if strategy == COMMITTEE and pool and committee < 2:
        raise InvalidRequest("query strategy", "query_by_committee wants two models that looked at each case")
    if not pool:
        return []
    probabilities = np.array([one.probabilities[0] for one in pool], dtype=np.float64)
    choose = _chooser(strategy, method, pool, probabilities, committee)
    return pick_batch(choose, strategy, np.ones(len(pool), dtype=np.bool_), n, rng)


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
    if strategy == COMMITTEE:
        said = np.array([[one.probabilities[m] for one in pool] for m in range(committee)], dtype=np.float64)
        return lambda items, k: active.query_by_committee(said[:, items], k)
    return lambda items, k: active.hybrid(probabilities[items], vectors[items], k)


def told(
    task: str, picks: Sequence[Pick], pool: Sequence[WaitingCase], labels: Sequence[str], strategy: str, is_blind: bool
) -> ReviewSuggestions:
    """Return the answer in the documents' shape. ``is_blind`` keeps back what the model said."""
    found = [_suggestion(pick, pool[pick.index], labels, is_blind, len(picks) - place) for place, pick in enumerate(picks)]
    return ReviewSuggestions(task, found, strategy, len(pool), len(picks) / len(pool) if pool else 0.0)


def _suggestion(pick: Pick, case: WaitingCase, labels: Sequence[str], is_blind: bool, priority: int) -> SuggestedReview:
    row = np.array([case.probabilities[0]], dtype=np.float64)
    return SuggestedReview(
        index=pick.index,
        review_id=case.review_id,
        predicted_class=None if is_blind else labels[int(row.argmax())],
        prediction_confidence=None if is_blind else float(row.max()),
        uncertainty_score=float(uncertainty(row, "entropy")[0]),
        suggested_priority=priority,
        chosen_by=pick.chosen_by,
        probability=pick.probability,
    )
