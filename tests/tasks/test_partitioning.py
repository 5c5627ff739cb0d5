"""Where cases go and are found, in stores that never changed and in those that got more partitions."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl.ids import (
    CASE_ID_LENGTH,
    case_digest,
    case_id,
    packed_case_id,
    partition_of,
    place_in,
    placed_case_id,
    unpacked_case_id,
)
from hitl.partitioning import Partitioning

DIGESTS = [case_digest(b"s", "c", "digits", str(each)) for each in range(400)]
GROWTHS = st.sets(st.integers(1, 64), min_size=1, max_size=5).map(sorted).map(tuple)


def test_a_store_that_never_changed_names_its_cases_as_ever() -> None:
    names = Partitioning((4,)).names_of(case_digest(b"s", "c", "digits", "k"))
    assert names.case_id == case_id(b"s", "c", "digits", "k")
    assert (names.partition, names.earlier) == (partition_of(names.case_id, 4), ())


@given(st.binary(min_size=16, max_size=16), GROWTHS)
def test_a_case_is_found_by_its_id_however_often_partitions_are_added_later(digest: bytes, counts: tuple[int, ...]) -> None:
    every = [Partitioning(counts[: each + 1]) for each in range(len(counts))]
    for number, then in enumerate(every):
        names = then.names_of(digest)
        assert {later.partition_of(names.case_id) for later in every[number:]} == {names.partition}


@given(st.binary(min_size=16, max_size=16), GROWTHS)
def test_a_key_is_looked_for_wherever_it_went_before(digest: bytes, counts: tuple[int, ...]) -> None:
    went = [Partitioning(counts[: each + 1]).names_of(digest) for each in range(len(counts))]
    now = went[-1]
    assert {(now.partition, now.case_id), *now.earlier} == {(each.partition, each.case_id) for each in went}
    assert (now.partition, now.case_id) not in now.earlier


def test_half_of_the_keys_move_to_twice_the_partitions_and_all_share_alike() -> None:
    names = [Partitioning((2, 4)).names_of(digest) for digest in DIGESTS]
    assert 150 < sum(bool(each.earlier) for each in names) < 250
    assert all(60 < [each.partition for each in names].count(part) < 140 for part in range(4))
    assert {each.partition for each in names if each.earlier} == {2, 3}


def test_an_id_that_says_a_partition_which_is_not_there_is_nobodys() -> None:
    forged = placed_case_id(DIGESTS[0], 63)
    assert Partitioning((2, 4)).partition_of(forged) == partition_of(forged, 2)


@given(st.binary(min_size=16, max_size=16), st.integers(0, 63))
def test_ids_that_say_their_partition_have_the_form_of_all_ids(digest: bytes, partition: int) -> None:
    name = placed_case_id(digest, partition)
    assert (len(name), place_in(name), place_in(unpacked_case_id(digest))) == (CASE_ID_LENGTH, partition, None)
    packed = packed_case_id(name)
    assert packed is not None
    assert (len(packed), unpacked_case_id(packed)) == (17, name)


@pytest.mark.parametrize("counts", [(), (0,), (2, 2), (4, 2), (2, 65)])
def test_partitions_are_only_ever_added(counts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="that grow"):
        Partitioning(counts)


def test_the_service_finds_no_partition_without_its_partitioning() -> None:
    """By the number of partitions alone it would look in the wrong one once some were added."""
    sources = [path for folder in ("hitl", "serve_app", "training") for path in Path(folder).rglob("*.py")]
    finding = re.compile(r"from hitl\.ids import [^\n]*\bpartition_of\b")
    assert [str(path) for path in sources if finding.search(path.read_text())] == ["hitl/partitioning.py"]
