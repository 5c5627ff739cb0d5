"""``hitl score``: score a file of rows with the model that serves, without opening cases."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hitl.cli.commands.quality import Api, Key, asking
from hitl.cli.local import control
from hitl.cli.local.place import place_of
from hitl.client.answer_types import ServedVersion
from hitl.client.errors import NotServing
from hitl.settings import Settings
from hitl.tasks import TaskSpec, load_tasks

Source = Annotated[Path, typer.Argument(help="Parquet with the task's input columns.", exists=True, dir_okay=False)]
Target = Annotated[Path, typer.Argument(help="Parquet to write: the other columns, label, probability, entropy, model_version.")]
TaskName = Annotated[str, typer.Option(help="The task whose model scores.")]
Force = Annotated[bool, typer.Option("--force", help="Replace TARGET where it exists.")]
Workers = Annotated[int, typer.Option(min=1, help="Processes that score; default: one a core.")]

CORES = len(os.sched_getaffinity(0))

console = Console()


def score(
    source: Source,
    target: Target,
    task: TaskName,
    force: Force = False,
    workers: Workers = CORES,
    api: Api = None,
    key: Key = None,
) -> None:
    """Score every row of SOURCE into TARGET with the version that serves TASK. Nothing is routed or recorded."""
    if target.exists() and not force:
        raise typer.BadParameter(f"{target} exists: --force replaces it", param_hint="TARGET")
    if not target.parent.is_dir():
        raise typer.BadParameter(f"there is no directory {target.parent}", param_hint="TARGET")
    settings = Settings()
    spec = _task(settings.tasks_dir, task)
    with asking(api, key) as client:
        digest = _main_version(client.task(task)["serving"]["versions"], task)
    uri = settings.artifact_uri or control.running(place_of(settings.data_dir)).artifact_uri
    from hitl.adapters.files.artifacts import ArtifactStore
    from hitl.adapters.ray.bulk_scoring import Scoring, ray_for, score_file  # Ray takes seconds to import

    scoring = Scoring(spec, digest, ArtifactStore(uri).get(digest))
    with ray_for(workers), _progress() as bar:
        line = bar.add_task("rows", total=_rows_in(source))
        unfit = score_file(source, target, scoring, workers, lambda rows: bar.advance(line, rows))
    console.print(f"{target}: scored by {digest[:12]}" + (f"; {unfit} rows do not fit the task's schema" if unfit else ""))


def _task(folder: Path, task: str) -> TaskSpec:
    specs = load_tasks(folder.glob("*.yaml"))
    if task not in specs:
        raise typer.BadParameter(f"{folder} has no task {task!r}, but {', '.join(specs) or 'none'}", param_hint="--task")
    return specs[task]


def _main_version(versions: list[ServedVersion], task: str) -> str:
    """Return the digest with the largest share. Raises NotServing."""
    if not versions:
        raise NotServing(task, "no model was approved for it yet")
    return max(versions, key=lambda version: version["share"])["digest"]


def _rows_in(source: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(source).num_rows)


def _progress() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console)
