"""``hitl targets`` and ``hitl quality``: tables of figures with their intervals."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hitl.cli.commands import accounts
from hitl.cli.local import control
from hitl.cli.local.place import place_of
from hitl.client import Client
from hitl.client.answer_types import CertificateOverview, PublishedFigure, TargetVerdict
from hitl.identity import Role
from hitl.settings import Settings

ACCOUNT = "quality-command"
COLOURS = {"met": "green", "missed": "red", "not enough evidence": "yellow"}

Api = Annotated[str | None, typer.Option(help="Address of the service; default: the one that runs here.")]
Key = Annotated[str | None, typer.Option(envvar="HITL_API_KEY", help="Default: a key of this machine's own, for this call.")]
JsonOutput = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

console = Console()


def targets(api: Api = None, key: Key = None, as_json: JsonOutput = False) -> None:
    """Each target of each task: the figure, its 95 % interval, on how much it stands, and the verdict."""
    with asking(api, key) as client:
        found = client.targets()
    if as_json:
        console.print_json(json.dumps(found))
        return
    for task, rows in found["tasks"].items():
        console.print(targets_table(task, rows))


def quality(task: str, api: Api = None, key: Key = None, as_json: JsonOutput = False) -> None:
    """Every figure of TASK, what may be automatic in each segment, and what a certificate still needs."""
    with asking(api, key) as client:
        found, proof = client.quality(task), client.certificate(task)
    if as_json:
        console.print_json(json.dumps({"quality": found, "certificate": proof}))
        return
    console.print(figures_table(task, found["figures"]))
    console.print(certificates_table(proof))


@contextmanager
def asking(api: str | None, key: str | None) -> Iterator[Client]:
    """A client of the service. Without a key, one of this machine's own that ends with the call. Raises NotStarted."""
    state = None if api and key else control.running(place_of(Settings().data_dir))
    issued = state and not key and accounts.issue_all(state.redis_url, {ACCOUNT: [Role.OPERATOR]})[ACCOUNT]
    text = key or issued
    assert text, "a key came or was issued"
    try:
        with Client(api or (state.url if state else ""), text) as client:
            yield client
    finally:
        if issued and state:
            accounts.revoke(state.redis_url, text.split("_")[1])


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
