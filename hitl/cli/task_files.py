"""``hitl tasks``: look at task files without starting anything."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hitl.settings import Settings
from hitl.tasks import load_tasks

tasks_app = typer.Typer(no_args_is_help=True, help="Task files.")
console = Console()


@tasks_app.callback()
def tasks() -> None:
    """Keeps ``check`` a command of its own."""


@tasks_app.command("check")
def check(files: Annotated[list[Path] | None, typer.Argument(help="Default: all of HITL_TASKS_DIR.")] = None) -> None:
    """Read task files as the service would; the first wrong key ends with its name and exit status 1."""
    paths = files or sorted(Settings().tasks_dir.glob("*.yaml"))
    table = Table("task", "title", "labels", "model", "bands")
    for spec in load_tasks(paths).values():
        bands = f"{spec.policy.automatic:g} / {spec.policy.normal:g} / {spec.policy.high:g}"
        table.add_row(spec.task, spec.title, str(len(spec.labels)), spec.model.family, bands)
    console.print(table)
