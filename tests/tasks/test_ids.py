"""Ids and digests: the same for the same, on every machine."""

import pytest

from hitl.canonical import canonical, fingerprint
from hitl.ids import CASE_ID_LENGTH, case_id, partition_of


def test_a_repeated_request_names_the_same_case() -> None:
    assert case_id(b"s", "client-1", "digits", "key") == case_id(b"s", "client-1", "digits", "key")


@pytest.mark.parametrize(
    "other", [(b"t", "c", "digits", "k"), (b"s", "d", "digits", "k"), (b"s", "c", "x", "k"), (b"s", "c", "digits", "l")]
)
def test_anything_else_names_another_case(other: tuple[bytes, str, str, str]) -> None:
    assert case_id(*other) != case_id(b"s", "c", "digits", "k")


def test_names_cannot_run_into_each_other() -> None:
    assert case_id(b"s", "a", "bc", "d") != case_id(b"s", "ab", "c", "d")


def test_case_ids_have_one_length() -> None:
    assert len(case_id(b"s", "c", "digits", "k")) == CASE_ID_LENGTH


def test_partitions_share_the_cases() -> None:
    parts = [partition_of(case_id(b"s", "c", "digits", str(i)), 4) for i in range(400)]
    assert all(60 < parts.count(part) < 140 for part in range(4))


def test_canonical_form_does_not_depend_on_the_order_of_keys() -> None:
    assert fingerprint({"a": 1, "b": [0.1, "é"]}) == fingerprint({"b": [0.1, "é"], "a": 1})


def test_canonical_form_has_no_nan() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))
