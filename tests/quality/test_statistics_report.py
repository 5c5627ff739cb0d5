"""The report that the bench writes."""

import json
from pathlib import Path

from tests.measure import statistics


def test_the_report_is_strict_json_with_infinities_as_null(tmp_path: Path) -> None:
    report = tmp_path / "bench" / "statistics.json"
    statistics.write(report, measured={"a": lambda quick: {"b": float("inf"), "c": 0.5}})
    assert json.loads(report.read_text())["a"] == {"quick": False, "cpu_seconds": 0.0, "b": None, "c": 0.5}


def test_a_section_that_is_measured_alone_leaves_the_others(tmp_path: Path) -> None:
    report = tmp_path / "statistics.json"
    statistics.write(report, measured={"a": lambda quick: {"n": 1}, "b": lambda quick: {"n": 2}})
    statistics.write(report, measured={"a": lambda quick: {"n": 3}, "b": lambda quick: {"n": 4}}, only=["b"])
    found = json.loads(report.read_text())
    assert (found["a"]["n"], found["b"]["n"]) == (1, 4)


def test_quick_figures_have_ours_and_the_wrong_way_side_by_side() -> None:
    found = statistics.certificate_figures(5)
    assert set(found["digits level 0.05, 1000 labels"]) == {"certified", "empirical", "fixed 0.95"}
    assert set(found["segments"]) == {"per segment", "pooled"}
