"""The report that the bench writes."""

import json
from pathlib import Path

from hitl.cli.bench import statistics


def test_the_report_is_strict_json_with_infinities_as_null(tmp_path: Path) -> None:
    report = tmp_path / "bench" / "statistics.json"
    statistics.write(report, measured=lambda quick: {"a": {"b": float("inf"), "c": 0.5}})
    assert json.loads(report.read_text()) == {"a": {"b": None, "c": 0.5}}


def test_quick_figures_have_ours_and_the_wrong_way_side_by_side() -> None:
    found = statistics.certificate_figures(5)
    assert set(found["digits level 0.05, 1000 labels"]) == {"certified", "empirical", "fixed 0.95"}
    assert set(found["segments"]) == {"per segment", "pooled"}
