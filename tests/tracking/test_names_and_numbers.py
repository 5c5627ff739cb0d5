"""Every real number is a metric, and two names stay two, in any script."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from mlflow.utils.validation import _validate_metric_name

from hitl.tracking.capture import plain
from hitl.tracking.extract import MAX_METRICS, numbers_in
from hitl.tracking.naming import MAX_NAME, agent_experiment, metric_name, slug

HALVES = [
    *(0.5, np.float16(0.5), np.float32(0.5), np.float64(0.5), np.longdouble(0.5), np.array(0.5), np.mean([0.25, 0.75])),
    *(torch.tensor(0.5), torch.tensor(0.5, dtype=torch.bfloat16), torch.tensor(0.5, requires_grad=True)),
]


@pytest.mark.parametrize("value", HALVES)
def test_a_real_number_of_any_library_is_a_metric(value: Any) -> None:
    assert numbers_in({"m": value}) == {"m": 0.5}
    assert numbers_in(plain({"m": value})) == {"m": 0.5}


@pytest.mark.parametrize("value", [1, True, np.int8(1), np.int64(1), np.uint64(1), np.bool_(True), torch.tensor(True)])
def test_a_whole_number_or_a_truth_value_is_a_metric(value: Any) -> None:
    assert numbers_in({"m": value}) == numbers_in(plain({"m": value})) == {"m": 1.0}


@pytest.mark.parametrize("value", [Decimal("0.5"), Fraction(1, 2)])
def test_an_exact_number_is_a_metric(value: Any) -> None:
    assert numbers_in({"m": value}) == {"m": 0.5}


NO_NUMBERS = [
    *("0.5", None, 1j, np.complex64(1), np.datetime64("2020-01-01"), np.array([0.5]), np.float32("nan"), float("inf")),
    *(10**400, Decimal("NaN"), Decimal("sNaN"), torch.tensor([1.0]), object()),
]


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_what_is_no_finite_real_number_is_left_out(value: Any) -> None:
    assert numbers_in({"m": value, "n": 1}) == {"n": 1.0}
    assert numbers_in(plain({"m": value, "n": 1})) == {"n": 1.0}


def test_texts_before_them_take_no_places_of_numbers() -> None:
    assert numbers_in({**{f"t{n}": "x" for n in range(MAX_METRICS)}, "m": 1}) == {"m": 1.0}


PAIRS = [
    ("精度", "召回"),
    ("größe", "gröse"),
    ("f1 (macro)", "f1 [macro]"),
    ("p@1", "p_1"),
    ("a/b", "a//b"),
    ("a.", "a"),
    (" a", "a"),
    ("", "_"),
    ("..", "."),
    ("x" * 300, "x" * 301),
    ("👍", "👎"),
]


@pytest.mark.parametrize("pair", PAIRS)
def test_two_names_are_two_metrics_that_mlflow_takes(pair: tuple[str, str]) -> None:
    found = numbers_in({pair[0]: 0.9, pair[1]: 0.8})
    assert sorted(found.values()) == [0.8, 0.9]
    for name in found:
        _validate_metric_name(name)
        assert len(name) <= MAX_NAME


@pytest.mark.parametrize("name", ["accuracy", "精度", "größe", "точность", "val/f1", "p-1.0 : x", "a_b"])
def test_a_name_that_mlflow_takes_stays_as_it_is(name: str) -> None:
    assert metric_name(name) == name


def test_one_name_in_two_spellings_is_one_metric() -> None:
    assert metric_name("gro\u0308\u00dfe") == metric_name("gr\u00f6\u00dfe")


def test_groups_of_any_script_have_experiments_of_their_own() -> None:
    assert agent_experiment("root", "营销", 1, "分析") == "root/营销/tier-1/分析"
    assert slug("Brand A!") == "brand-a"
