"""The report that the bench writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.measure import statistics
from tests.measure.section_runs import WHOLE, write_sections

ONE, TWO = {"n": 1}, {"n": 2}


def two_sections() -> Any:
    return {"a": lambda quick: ONE, "b": lambda quick: TWO}


def one_fails() -> Any:
    return {"a": lambda quick: ONE["nothing"], "b": lambda quick: TWO}


def test_the_report_is_strict_json_with_infinities_as_null(tmp_path: Path) -> None:
    report = tmp_path / "bench" / "statistics.json"
    write_sections(report, lambda: {"a": lambda quick: {"b": float("inf"), "c": 0.5}})
    assert json.loads(report.read_text())["a"] == {"quick": False, "cpu_seconds": 0.0, "b": None, "c": 0.5}


def test_a_section_that_is_measured_alone_leaves_the_others(tmp_path: Path) -> None:
    report = tmp_path / "statistics.json"
    write_sections(report, two_sections)
    write_sections(report, lambda: {"a": lambda quick: {"n": 3}, "b": lambda quick: {"n": 4}}, only=["b"])
    found = json.loads(report.read_text())
    assert (found["a"]["n"], found["b"]["n"]) == (1, 4)


def test_sections_are_measured_in_processes_of_their_own_and_the_run_says_how_long_it_took(tmp_path: Path) -> None:
    write_sections(tmp_path / "report.json", two_sections, processes=2, first=["b"])
    found = json.loads((tmp_path / "report.json").read_text())
    assert (found["a"]["n"], found["b"]["n"]) == (1, 2)
    assert (found[WHOLE]["processes"], found[WHOLE]["sections"]) == (2, 2)


@pytest.mark.slow
def test_a_section_that_fails_is_told_once_the_others_are_written(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_sections(tmp_path / "report.json", one_fails, processes=2)
    found = json.loads((tmp_path / "report.json").read_text())
    assert (set(found), found["b"]["n"]) == ({"b"}, 2)


def test_the_sections_that_go_first_are_there() -> None:
    assert set(statistics.LONGEST) <= set(statistics.sections())


def test_quick_figures_have_ours_and_the_wrong_way_side_by_side() -> None:
    found = statistics.certificate_figures(5)
    assert set(found["digits level 0.05, 1000 labels"]) == {"certified", "empirical", "fixed 0.95"}
    assert set(found["segments"]) == {"per segment", "pooled"}
