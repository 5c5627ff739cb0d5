"""``hitl policy``: show a task's policy, try another one on past traffic, and propose it."""

import json
from pathlib import Path
from typing import Annotated, TypeVar

import typer
import yaml
from rich.console import Console
from rich.table import Table

from hitl.cli.commands.connection import JsonOutput, Key, Url, client_of, tell
from hitl.client import Api
from hitl.client.answer_types import Interval, PolicyTrial, TrialCost
from hitl.client.calls import HttpCall
from hitl.yaml_text import from_yaml

policy_app = typer.Typer(
    no_args_is_help=True,
    help="Policies: the one in force, trying another, proposing it. Needs a trainer's or operator's key in HITL_API_KEY.",
)
console = Console()

TaskOption = Annotated[str, typer.Option("--task", help="The task.")]
FileOption = Annotated[Path, typer.Option("--file", help="The policy as YAML or JSON: the keys of docs/routing.md.")]
A = TypeVar("A")


@policy_app.command("show")
def show(task: TaskOption, key: Key, url: Url = None, as_json: JsonOutput = False) -> None:
    """The policy in force, as YAML that 'hitl policy dry-run' and 'propose' read."""
    found = _send(url, key, Api.policy(task))
    tell(found, yaml.safe_dump(found["policy"], sort_keys=False).rstrip(), as_json)


@policy_app.command("dry-run")
def dry_run(
    task: TaskOption,
    file: FileOption,
    key: Key,
    url: Url = None,
    cases: Annotated[int, typer.Option(min=1, max=10_000, help="So many recent cases.")] = 2_000,
    people: Annotated[int, typer.Option(min=1, help="Who review at the same time.")] = 1,
    as_json: JsonOutput = False,
) -> None:
    """Try the policy on recent cases, beside the one in force. Changes nothing."""
    told = _send(url, key, Api.try_policy(task, _read(file), cases, people))
    if as_json:
        console.print_json(json.dumps(told))
    else:
        console.print(_table(told))


@policy_app.command("propose")
def propose(
    task: TaskOption,
    file: FileOption,
    title: Annotated[str, typer.Option(help="What changes, in words, for those who vote.")],
    key: Key,
    url: Url = None,
    as_json: JsonOutput = False,
) -> None:
    """Ask for the approval of the policy; the service adopts it when its quorum has voted for exactly it."""
    told = _send(url, key, Api.propose_policy(task, _read(file), title))
    tell(told, f"approval {told['approval_id']} is open for policy {told['version']}", as_json)


def _read(file: Path) -> object:
    return from_yaml(file.read_text(encoding="utf-8"), str(file))


def _send(url: str | None, key: str, call: HttpCall[A]) -> A:
    with client_of(url, key) as client:
        return client.send(call)


def _table(told: PolicyTrial) -> Table:
    """Return the two policies side by side; a figure that labels support stands with its interval."""
    table = Table("", "in force", "proposed", title=f"{told['in_force']['cases']} past cases")
    sides = [side for side in (told["in_force"], told["proposed"]) if side]
    table.add_row("policy", *(side["policy_version"][:12] for side in sides))
    table.add_row("automation rate", *(_interval(side["automation_rate"]) for side in sides))
    table.add_row("errors among automatic", *(_interval(side["errors_automatic"]["by_labels"]) for side in sides))
    table.add_row("reviewer hours", *(f"{side['reviewer_hours']:g}" for side in sides))
    table.add_row("cost per decision, $", *(_cost(side["cost_per_decision"]) for side in sides))
    table.add_row("started in time", *(_share(side["started_in_time"]) for side in sides))
    table.add_row("moved", "", ", ".join(f"{count} {way}" for way, count in (told["moved"] or {}).items()) or "none")
    return table


def _interval(figure: Interval) -> str:
    value = "unknown" if figure["value"] is None else f"{figure['value']:.4f}"
    return f"{value} [{figure['low']:.4f}, {figure['high']:.4f}], n = {figure['n']}"


def _cost(cost: TrialCost) -> str:
    return "unknown" if cost["low"] is None or cost["high"] is None else f"{cost['low']:.3f} to {cost['high']:.3f}"


def _share(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.3f}"
