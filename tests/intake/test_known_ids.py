"""Runs of ids find what they hold and nothing else, alone and merged."""

import pytest

from hitl.intake.known_ids import WIDTH, find_in, make_run, merge_runs, open_run

ONE = [(f"a{number}", number) for number in range(1, 300)]
TWO = [(f"b{number}", 1_000 + number) for number in range(1, 50)]


def test_a_run_finds_its_ids_at_their_positions() -> None:
    run = open_run(make_run(ONE))
    assert find_in(run, ["a7", "b7", "a299", ""]) == {"a7": 7, "a299": 299}


def test_merged_runs_find_what_each_did() -> None:
    run = open_run(merge_runs([open_run(make_run(ONE)), open_run(make_run(TWO))]))
    assert find_in(run, [case_id for case_id, _ in ONE + TWO]) == dict(ONE + TWO)


def test_a_case_takes_24_bytes_whatever_its_id() -> None:
    assert len(make_run([("x" * 200, 1), ("y", 2)])) == 2 * WIDTH


def test_bytes_that_are_no_run_are_refused() -> None:
    with pytest.raises(ValueError, match="reshape"):
        open_run(b"12345678" * 4)
