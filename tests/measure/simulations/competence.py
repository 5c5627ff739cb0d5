"""People who know some labels better than others: what it gains to ask first who is likely right, by what the model says.

Everybody is weighed by what known answers taught of them, and half of the people are there at a time. What can be chosen is who
is asked first, and who is asked next.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hitl.quality.arrays import Bools, Floats
from hitl.quality.consensus import confusion_of, information, learned, posterior, prior_counts
from tests.measure.simulations.reviewers import CLASSES, REVIEWERS, _model

Way = Literal["anybody, then anybody", "anybody, then who tells most", "who tells most, always"]
WAYS: tuple[Way, ...] = ("anybody, then anybody", "anybody, then who tells most", "who tells most, always")
MOST = 5


@dataclass(frozen=True, slots=True)
class CompetenceWorld:
    """Each person is right with ``at_home`` about two of five labels and with ``elsewhere`` about the others; ``known`` answers
    told about each. With ``elsewhere`` = ``at_home`` nobody has labels of their own."""

    at_home: float = 0.95
    elsewhere: float = 0.70
    known: int = 60


@dataclass(frozen=True, slots=True)
class RoutedAnswers:
    """By items: the share that ends right, the answers that it took, and the share that went to experts; ``busiest`` is the most
    that any one person answered, over the mean."""

    accuracy: float
    answers: float
    to_experts: float
    busiest: float


def routed_answers(world: CompetenceWorld, way: Way, items: int, target: float = 0.95, seed: int = 131) -> RoutedAnswers:
    rng = np.random.default_rng(seed)
    actual = _confusions(world)
    believed, truth = _taught(actual, world.known, rng), rng.integers(0, CLASSES, items)
    model, load, rows = _model(truth, rng), np.zeros(REVIEWERS), []
    for item in range(items):
        there = rng.random(REVIEWERS) < 0.5
        asked, belief = _asked(int(truth[item]), model[item], actual, believed, there, way, target, rng)
        load[asked] += 1
        rows.append((belief.argmax() == truth[item], len(asked), belief.max() < target))
    right, answers, experts = np.array(rows, dtype=np.float64).mean(axis=0)
    return RoutedAnswers(float(right), float(answers), float(experts), float(load.max() / load.mean()))


def _asked(
    truth: int, model: Floats, actual: Floats, believed: Floats, there: Bools, way: Way, target: float, rng: np.random.Generator
) -> tuple[list[int], Floats]:
    """Who was asked, and the belief at the end. One answer is always asked for."""
    answers, belief, free = list[tuple[int, int]](), model, there.copy()
    while free.any() and len(answers) < MOST and (not answers or belief.max() < target):
        is_chosen = way == "who tells most, always" or (way == "anybody, then who tells most" and answers)
        worth = information(belief, believed) if is_chosen else rng.random(REVIEWERS)
        person = int(np.argmax(np.where(free, worth, -np.inf)))
        free[person] = False
        answers.append((person, int(rng.choice(CLASSES, p=actual[person, truth]))))
        belief = posterior(model, answers, believed)
    return [person for person, _ in answers], belief


def _confusions(world: CompetenceWorld) -> Floats:
    found = np.empty((REVIEWERS, CLASSES, CLASSES))
    for person in range(REVIEWERS):
        for label in range(CLASSES):
            right = world.at_home if label in (person % CLASSES, (person + 1) % CLASSES) else world.elsewhere
            found[person, label] = (1 - right) / (CLASSES - 1)
            found[person, label, label] = right
    return found


def _taught(actual: Floats, known: int, rng: np.random.Generator) -> Floats:
    counts = prior_counts(REVIEWERS, CLASSES)
    for person in range(REVIEWERS):
        for truth in rng.integers(0, CLASSES, known):
            counts = learned(counts, person, int(truth), int(rng.choice(CLASSES, p=actual[person, truth])))
    return confusion_of(counts)
