"""``hitl tasks``: check and show task files without starting anything."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hitl.settings import Settings
from hitl.tasks import TaskSpec, load_tasks

tasks_app = typer.Typer(no_args_is_help=True, help="Task files.")
console = Console()


@tasks_app.callback()
def tasks() -> None:
    """Keeps ``check`` a command of its own."""


@tasks_app.command("check")
def check(files: Annotated[list[Path] | None, typer.Argument(help="Default: all of HITL_TASKS_DIR.")] = None) -> None:
    """Read task files as the service would; the first wrong key ends with its name and exit status 1."""
    paths = files or sorted(Settings().tasks_dir.glob("*.yaml"))
    table = Table("task", "title", "labels", "model", "automatic when")
    for spec in load_tasks(paths).values():
        table.add_row(spec.task, spec.title, str(len(spec.labels)), spec.model.family, _automatic_when(spec))
    console.print(table)


def _automatic_when(spec: TaskSpec) -> str:
    """A risk level is earned by certificates, one a segment; only an uncertified task has a band."""
    if isinstance(spec.risk, str):
        return f"confidence > {spec.policy.automatic:g} (uncertified)"
    own = [f"{name} {level.level:g} at {level.confidence:g}" for name, level in spec.risk.segments.items()]
    return "; ".join([f"certified: at most {spec.risk.level:g} wrong, shown with {spec.risk.confidence:g}", *own])
