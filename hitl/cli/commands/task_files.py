"""``hitl tasks``: draft, check and show task files without starting anything."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hitl.adapters.files.task_draft import draft_task
from hitl.cli.commands.connection import JsonOutput, tell
from hitl.settings import Settings
from hitl.tasks import TaskSpec, load_task, load_tasks

tasks_app = typer.Typer(no_args_is_help=True, help="Task files.")
console = Console()


@tasks_app.command("check")
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Default: all of HITL_TASKS_DIR.")] = None,
    as_json: JsonOutput = False,
) -> None:
    """Read task files as the service would; the first wrong key ends with its name and exit status 1."""
    paths = files or sorted(Settings().tasks_dir.glob("*.yaml"))
    specs = load_tasks(paths).values()
    if as_json:
        rows = [{"task": spec.task, "title": spec.title, "labels": spec.labels, "model": spec.model.family} for spec in specs]
        console.print_json(data={"tasks": rows})
        return
    table = Table("task", "title", "labels", "model", "automatic when")
    for spec in specs:
        table.add_row(spec.task, spec.title, str(len(spec.labels)), spec.model.family, _automatic_when(spec))
    console.print(table)


@tasks_app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Of the task: small letters, digits, - and _.")],
    rows: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="A CSV file of labelled rows with a header line.")],
    label: Annotated[str, typer.Option(help="The column that holds the label.")] = "label",
    to: Annotated[Path | None, typer.Option(help="Where to write it; default: NAME.yaml in HITL_TASKS_DIR.")] = None,
    as_json: JsonOutput = False,
) -> None:
    """Draft a task file from labelled rows. It is checked, and no file is written over."""
    text = draft_task(name, rows, label)
    load_task(text, name)
    file = to or Settings().tasks_dir / f"{name}.yaml"
    with file.open("x", encoding="utf-8") as written:
        written.write(text)
    told = {"task": name, "file": str(file)}
    tell(told, f"{file}: look at each line; `hitl tasks check {file}` reads it as the service would", as_json)


def _automatic_when(spec: TaskSpec) -> str:
    """A risk level is earned by certificates, one a segment; only an uncertified task has a band."""
    if isinstance(spec.risk, str):
        return f"confidence > {spec.policy.automatic:g} (uncertified)"
    own = [f"{name} {level.level:g} at {level.confidence:g}" for name, level in spec.risk.segments.items()]
    together = " for all segments together" if spec.risk.family == "all" else ""
    return "; ".join([f"certified: at most {spec.risk.level:g} wrong, shown with {spec.risk.confidence:g}{together}", *own])
