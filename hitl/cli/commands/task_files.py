"""``hitl tasks``: draft, check and show task files without starting anything, and ask a service to take one up."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hitl.adapters.files.task_draft import draft_task
from hitl.cli.commands.connection import JsonOutput, Key, Url, client_of, tell
from hitl.settings import Settings
from hitl.tasks import TaskSpec, load_task, load_tasks
from hitl.tasks.definition import body_of

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


@tasks_app.command("apply")
def apply(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The task file.")],
    key: Key,
    url: Url = None,
    as_json: JsonOutput = False,
) -> None:
    """Propose the file as its task's definition. It is in force once others have voted for it, without a restart."""
    spec = load_task(file.read_text(encoding="utf-8"), str(file))
    with client_of(url, key) as client:
        told = client.propose_definition(spec.task, body_of(spec))
    if told["approval_id"] is None:
        tell(told, f"{spec.task} is defined so already ({told['digest'][:12]})", as_json)
        return
    waits = f"approval {told['approval_id']} is open for the definition {told['digest']}"
    tell(told, "\n".join([waits, *told["changes"]]), as_json)


@tasks_app.command("remove")
def remove(
    task: Annotated[str, typer.Argument(help="The task.")], key: Key, url: Url = None, as_json: JsonOutput = False
) -> None:
    """Propose that TASK is taken away. Once others have voted for it, it takes no more cases; what waits can be answered."""
    with client_of(url, key) as client:
        told = client.propose_removal(task)
    if told["approval_id"] is None:
        tell(told, f"{task} was taken away already", as_json)
        return
    tell(told, f"approval {told['approval_id']} is open: {' '.join(told['changes'])}", as_json)


@tasks_app.command("show")
def show(task: Annotated[str, typer.Argument(help="The task.")], key: Key, url: Url = None, as_json: JsonOutput = False) -> None:
    """The definition in force, and the changes that wait for votes."""
    with client_of(url, key) as client:
        told = client.definition(task)
    by = told["approval_id"] or "its file, at the first start"
    waits = [f"{each['approval_id']} waits: {' '.join(each['changes'])}" for each in told["waits"]]
    tell(told, "\n".join([f"{task}: definition {told['digest']}, by {by}", *waits]), as_json)


def _automatic_when(spec: TaskSpec) -> str:
    """A risk level is earned by certificates, one a segment; only an uncertified task has a band."""
    if isinstance(spec.risk, str):
        return f"confidence > {spec.policy.automatic:g} (uncertified)"
    own = [f"{name} {level.level:g} at {level.confidence:g}" for name, level in spec.risk.segments.items()]
    together = " for all segments together" if spec.risk.family == "all" else ""
    return "; ".join([f"certified: at most {spec.risk.level:g} wrong, shown with {spec.risk.confidence:g}{together}", *own])
