"""The figures of a demonstration, as a JSON report and as a table."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from hitl.cli.demo.loop import CheckedStream
    from hitl.client.answer_types import ServingView
    from training.pipeline import Summary


class DemoReport(TypedDict):
    """The report of one run. ``stages`` and ``chains`` count what was done; accuracies are in [0, 1], on held-out rows."""

    task: str
    first_model: "Summary"
    second_model: "Summary"
    held_out_accuracy_before: float | None
    held_out_accuracy_after: float
    first_stream: "CheckedStream"
    second_stream: "CheckedStream"
    served: "list[ServingView]"
    replay_matches: bool
    chains: dict[str, int]
    stages: dict[str, int]
    start_seconds: float
    seconds: float
    cpus: int | None


def write(report: DemoReport, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(report, indent=2, sort_keys=True) + "\n")


def show(console: Console, report: DemoReport, file: Path) -> None:
    before, after = report["first_stream"], report["second_stream"]
    table = Table("", "first model", "after retraining", title="the loop on handwritten digits, measured")
    table.add_row("cases", str(before["cases"]), str(after["cases"]))
    table.add_row("automation rate", str(before["automation_rate"]), str(after["automation_rate"]))
    table.add_row("accuracy, automatic part", str(before["automatic_accuracy"]), str(after["automatic_accuracy"]))
    table.add_row("reviews by people", str(before["reviews"]), str(after["reviews"]))
    table.add_row("accuracy, all outcomes", str(before["outcome_accuracy"]), str(after["outcome_accuracy"]))
    table.add_row(
        "held-out accuracy", f"{report['held_out_accuracy_before'] or 0.0:.4f}", f"{report['held_out_accuracy_after']:.4f}"
    )
    table.add_row("model versions", _short(before["model_versions"]), _short(after["model_versions"]))
    table.add_row("p50 / p99 ms", f"{before['p50_ms']} / {before['p99_ms']}", f"{after['p50_ms']} / {after['p99_ms']}")
    console.print(table)
    console.print(f"replay_matches: {report['replay_matches']}   {report['seconds']} s   {file}")


def is_good(report: DemoReport) -> bool:
    """Tell whether the loop closed: better than before, nothing skipped, and history replays to the live state."""
    closed = report["held_out_accuracy_after"] > (report["held_out_accuracy_before"] or 0.0)
    return closed and bool(report["replay_matches"]) and all(report["stages"].values())


def _short(versions: dict[str, int]) -> str:
    return ", ".join(f"{version[:8]} x {count}" for version, count in versions.items())
