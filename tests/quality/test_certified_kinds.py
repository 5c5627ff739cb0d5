"""Certificates over answers that are values: the promise holds, and is reached, for fields, numbers and sets of labels alike.

Truth, what is declared and what a person answers are values of the kind; whether the model was right is what the kind says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator

from hitl.answers.fields import FieldsAnswer
from hitl.answers.labels import is_right
from hitl.answers.one_value import LabelsAnswer, NumberAnswer
from hitl.quality.certificate import RiskLevel, ScoredSample, Versions, certify, threshold_grid

RISK = RiskLevel(0.05, 0.9)
REPETITIONS, ANSWERS = 200, 600
MOST_FALSE = 1 - RISK.confidence + 3 * (0.1 * 0.9 / REPETITIONS) ** 0.5
ABOVE = 0.06
"""An error that no threshold may be certified at."""

TOPICS = ["billing", "delivery", "account", "product"]
Maker = Callable[[Generator], dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """``missed`` makes another answer of a true one; ``close`` one that counts as the same."""

    answer: FieldsAnswer
    true: Maker
    missed: Callable[[dict[str, Any]], dict[str, Any]]
    close: Callable[[dict[str, Any]], dict[str, Any]]


def _topics(rng: Generator) -> dict[str, Any]:
    return {"labels": [topic for topic in TOPICS if rng.random() < 0.5]}


def _other_set(value: dict[str, Any]) -> dict[str, Any]:
    return {"labels": value["labels"][1:] if value["labels"] else TOPICS[:1]}


KINDS = {
    "labels": Kind(
        LabelsAnswer(kind="labels", labels=TOPICS).values,
        _topics,
        _other_set,
        lambda value: {"labels": value["labels"][::-1]},
    ),
    "number": Kind(
        NumberAnswer(kind="number", tolerance=0.5, step=0.25).values,
        lambda rng: {"number": float(rng.integers(1, 100))},
        lambda value: {"number": value["number"] + 0.75},
        lambda value: {"number": value["number"] - 0.5},
    ),
    "fields": Kind(
        FieldsAnswer.model_validate({"fields": [{"name": "vendor", "type": "text"}, {"name": "total", "type": "money"}]}),
        lambda rng: {"vendor": f"Vendor {rng.integers(9)}", "total": float(rng.integers(1, 9999)) / 100},
        lambda value: value | {"total": value["total"] + 0.01},
        lambda value: value | {"vendor": f" {value['vendor']} "},
    ),
}


def certified(kind: Kind, errors: Callable[[float], float], rng: Generator) -> float | None:
    """The threshold that a stream of answers earns; an error of the model has the probability ``errors(score)``."""
    scores = rng.uniform(0.5, 1.0, ANSWERS)
    wrong = np.array([_is_wrong(kind, errors(score), rng) for score in scores])
    grid = threshold_grid(rng.uniform(0.5, 1.0, 200), ANSWERS, RISK)
    return certify(ScoredSample(scores, wrong), grid, RISK, Versions("model", "calibration", "test")).threshold


def _is_wrong(kind: Kind, error: float, rng: Generator) -> bool:
    truth = kind.true(rng)
    declared = kind.missed(truth) if rng.random() < error else kind.close(truth)
    return not kind.answer.same(kind.answer.check(declared), kind.answer.check(truth))


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_a_threshold_above_the_level_is_certified_no_more_often_than_promised(name: str) -> None:
    rng = np.random.default_rng(7)
    false = sum(certified(KINDS[name], lambda _: ABOVE, rng) is not None for _ in range(REPETITIONS))
    assert false / REPETITIONS <= MOST_FALSE


@pytest.mark.parametrize("name", KINDS)
def test_a_good_model_earns_its_certificate(name: str) -> None:
    """Answers within the tolerance, in another order or spelled with other spaces are no errors: else nothing could be earned."""
    rng = np.random.default_rng(8)
    assert sum(certified(KINDS[name], lambda score: 0.1 * (1 - score), rng) is not None for _ in range(10)) == 10


def certified_scale(errors: Callable[[float], float], within: int, rng: Generator) -> float | None:
    """Of a model that is one point away in half of the cases, and two in the share ``errors(score)``."""
    scores = rng.uniform(0.5, 1.0, ANSWERS)
    away = [2 if rng.random() < errors(score) else int(rng.random() < 0.5) for score in scores]
    wrong = np.array([not is_right("3", str(3 + points), within) for points in away])
    grid = threshold_grid(rng.uniform(0.5, 1.0, 200), ANSWERS, RISK)
    return certify(ScoredSample(scores, wrong), grid, RISK, Versions("model", "calibration", "test")).threshold


@pytest.mark.slow
def test_a_scale_within_one_point_is_certified_above_the_level_no_more_often_than_promised() -> None:
    rng = np.random.default_rng(9)
    false = sum(certified_scale(lambda _: ABOVE, 1, rng) is not None for _ in range(REPETITIONS))
    assert false / REPETITIONS <= MOST_FALSE


def test_a_scale_earns_its_certificate_within_one_point_and_not_without() -> None:
    rng = np.random.default_rng(10)
    assert sum(certified_scale(lambda score: 0.1 * (1 - score), 1, rng) is not None for _ in range(10)) >= 9
    assert sum(certified_scale(lambda score: 0.1 * (1 - score), 0, rng) is not None for _ in range(10)) == 0
