"""``hitl targets`` and ``hitl quality``: tables of figures with their intervals."""

import json
from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from hitl.cli.commands.connection import JsonOutput, OwnKey, Url, asking
from hitl.client.answer_types import CertificateOverview, PublishedFigure, TargetVerdict

COLOURS = {"met": "green", "missed": "red", "not enough evidence": "yellow"}

console = Console()


def targets(url: Url = None, key: OwnKey = None, as_json: JsonOutput = False) -> None:
    """Each target of each task: the figure, its 95 % interval, on how much it stands, and the verdict."""
    with asking(url, key) as client:
        found = client.targets()
    if as_json:
        console.print_json(json.dumps(found))
        return
    for task, rows in found["tasks"].items():
        console.print(targets_table(task, rows))


def quality(task: str, url: Url = None, key: OwnKey = None, as_json: JsonOutput = False) -> None:
    """Every figure of TASK and of each part of its answers, what may be automatic, and what a certificate still needs."""
    with asking(url, key) as client:
        found, proof = client.quality(task), client.certificate(task)
    if as_json:
        console.print_json(json.dumps({"quality": found, "certificate": proof}))
        return
    console.print(figures_table(task, found["figures"]))
    for part, figures in found["parts"].items():
        console.print(figures_table(f"{task}: {part}", figures))
    console.print(certificates_table(proof))


def targets_table(task: str, rows: list[TargetVerdict]) -> Table:
    table = Table("target", "wanted", "figure", "interval", "n", "verdict", title=task)
    for row in rows:
        sign = "≥" if row["direction"] == "at_least" else "≤"
        wanted = f"{sign} {row['target']:g} {row['unit']}"
        verdict = f"[{COLOURS[row['verdict']]}]{row['verdict']}[/]"
        table.add_row(row["name"], wanted, *_figure(row), verdict)
    return table


def figures_table(task: str, found: Mapping[str, PublishedFigure]) -> Table:
    table = Table("figure", "value", "interval", "n", "method", title=task)
    for name, row in found.items():
        table.add_row(name, *_figure(row), row["method"])
    return table


def certificates_table(proof: CertificateOverview) -> Table:
    """Return one line for each serving model and segment."""
    table = Table("model", "segment", "automatic from", "why", title=f"what may be automatic{_promise(proof)}")
    for model, segments in proof["models"].items():
        for name, row in segments.items():
            table.add_row(model[:12], name, _number(row["in_force"]), row["stopped"] or row["reason"])
    if not proof["models"]:
        table.add_row("", "", "", f"risk: {proof['risk']}")
    return table


def _promise(proof: CertificateOverview) -> str:
    """Say which certificates hold with the stated confidence: each by itself, or all of them together."""
    risk = proof["risk"]
    if isinstance(risk, str):
        return ""
    holds = "all segments together" if risk.get("family") == "all" else "each segment by itself"
    return f": at most {risk['level']:g} wrong, {holds} with probability {risk.get('confidence', 0.9):g}"


def _figure(row: TargetVerdict | PublishedFigure) -> tuple[str, str, str]:
    return _number(row["value"]), f"{_number(row['low'])} … {_number(row['high'])}", str(row["n"])


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
