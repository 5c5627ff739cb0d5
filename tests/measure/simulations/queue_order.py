"""What it gains to hand out first what teaches the model: answers until an accuracy, by age and by ``hybrid``, through the queue.

Digits come to the product's own review machine, people answer what it hands out, and the model is trained anew after every
``RETRAINED`` answers. Every seed has its own held-out rows and its own stream, the same for all orders.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from sklearn.linear_model import LogisticRegression

from hitl.learning.ordering import informativeness_of
from hitl.quality.arrays import Floats, Ints
from hitl.review import Claim, OpenReview, OrderReviews, ReviewMachine
from tests.fakes.reviews import DAY_S, record, spec
from tests.measure.simulations.curves import TEST_ROWS, Curve, _digits

FIRST = 50
"""Labels that the first model was trained on."""
RETRAINED = 25
MOST, MOST_BY_AGE = 350, 800
ANSWER_S = 60.0
"""One person, an answer a minute: all of it fits into the half of a day by which a review may be overtaken."""

Order = Literal["age", "hybrid at opening", "hybrid"]
ORDERS: tuple[Order, ...] = ("age", "hybrid at opening", "hybrid")


@dataclass(frozen=True)
class Traffic:
    """``arrivals`` cases come with each answer, after ``backlog`` that wait at the start. A review is overtaken by what comes
    within ``window_hours`` after it."""

    backlog: int = 0
    arrivals: int = 3
    window_hours: float = 12.0


TRAFFIC = {
    "three cases an answer": Traffic(),
    "a backlog": Traffic(backlog=1150, arrivals=0),
    "three cases an answer, a window of an hour": Traffic(window_hours=1.0),
}


@cache
def queue_curve(order: Order, traffic: Traffic, seeds: int) -> Curve:
    """The accuracy by answers. ``hybrid at opening`` leaves each review the turn that it was opened with; ``hybrid`` orders what
    waits anew with each model. By age the traffic does not matter: people answer what came first."""
    most = MOST_BY_AGE if order == "age" else MOST
    labels = np.arange(0, most + 1, RETRAINED)
    return Curve(labels, np.array([_accuracies(order, traffic, seed, most) for seed in range(seeds)]))


class _Queue:
    """The review machine with one task, and a person who claims."""

    def __init__(self, order: Order, window_hours: float) -> None:
        terms = {"order": "age" if order == "age" else "hybrid", "overtaken_share": window_hours / 24, "capacity": None}
        self._machine = ReviewMachine({"digits": spec(review=terms)}, DAY_S)
        self._state = self._machine.initial()
        self.now = 1e9

    def send(self, command: Any) -> Any:
        outcome = self._machine.decide(self._state, command, self.now)
        for event in outcome.events:
            self._machine.evolve(self._state, event, self.now)
        return outcome.answer

    def open(self, item: int, probabilities: list[float]) -> None:
        self.send(OpenReview(record(str(item), probabilities=probabilities), item + 1))

    def claimed(self) -> int:
        self.now += ANSWER_S
        return int(self.send(Claim("digits", "ann")).review.case_id)

    @property
    def waiting(self) -> list[int]:
        return sorted(int(each.case_id) for each in self._state.reviews.values() if each.lease is None)


def _accuracies(order: Order, traffic: Traffic, seed: int, most: int) -> list[float]:
    features, labels = _digits()
    rows = np.random.default_rng(1000 + seed).permutation(len(labels))
    test, learned, stream = rows[:TEST_ROWS], list(rows[TEST_ROWS:][:FIRST]), rows[TEST_ROWS + FIRST :]
    queue, came = _Queue(order, traffic.window_hours), 0
    model = _fitted(features[learned], labels[learned])
    found = [float(model.score(features[test], labels[test]))]
    for answers in range(1, most + 1):
        more = stream[came : came + traffic.arrivals + (traffic.backlog if answers == 1 else 0)]
        for said in model.predict_proba(features[more]) if len(more) else ():
            queue.open(came, said.tolist())
            came += 1
        if order == "hybrid" and answers % RETRAINED == 1:
            _order(queue, model, features[stream], answers)
        learned.append(stream[queue.claimed()])
        if answers % RETRAINED == 0:
            model = _fitted(features[learned], labels[learned], model)
            found.append(float(model.score(features[test], labels[test])))
    return found


def _order(queue: _Queue, model: LogisticRegression, stream: Floats, answers: int) -> None:
    waiting = queue.waiting
    worth = informativeness_of(model.predict_proba(stream[waiting]).tolist(), stream[waiting].tolist(), RETRAINED)
    named = tuple((f"{item}-1", float(each)) for item, each in zip(waiting, worth, strict=True))
    queue.send(OrderReviews("digits", f"model {answers}", named))


def _fitted(features: Floats, labels: Ints, start: LogisticRegression | None = None) -> LogisticRegression:
    """Warm where the classes are the same: the optimum does not depend on the start."""
    is_warm = start is not None and len(start.classes_) == len(np.unique(labels))
    model = start if start is not None and is_warm else LogisticRegression(C=10, max_iter=300, warm_start=True)
    return model.fit(features, labels)
