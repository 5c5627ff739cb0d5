"""``hitl score``: score a file of rows with the model that serves, without opening cases."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hitl.cli.commands.connection import JsonOutput, OwnKey, Url, aside, asking, tell
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
Workers = Annotated[int | None, typer.Option(min=1, help="Processes that score; default: one a core.")]


def score(  # noqa: PLR0913 - its options
    source: Source,
    target: Target,
    task: TaskName,
    force: Force = False,
    workers: Workers = None,
    url: Url = None,
    key: OwnKey = None,
    as_json: JsonOutput = False,
) -> None:
    """Score every row of SOURCE into TARGET with the version that serves TASK. Nothing is routed or recorded."""
    if target.exists() and not force:
        raise typer.BadParameter(f"{target} exists: --force replaces it", param_hint="TARGET")
    if not target.parent.is_dir():
        raise typer.BadParameter(f"there is no directory {target.parent}", param_hint="TARGET")
    settings = Settings()
    spec = _task(settings.tasks_dir, task)
    with asking(url, key) as client:
        digest = _main_version(client.task(task)["serving"]["versions"], task)
    uri = settings.artifact_uri or control.running(place_of(settings.data_dir)).artifact_uri
    from hitl.adapters.files.artifacts import ArtifactStore
    from hitl.adapters.ray.bulk_scoring import Scoring, ray_for, score_file  # Ray takes seconds to import

    scoring = Scoring(spec, digest, ArtifactStore(uri).get(digest))
    processes = workers or len(os.sched_getaffinity(0))
    with ray_for(processes), _progress() as bar:
        rows_bar = bar.add_task("rows", total=_rows_in(source))
        unfit = score_file(source, target, scoring, processes, lambda rows: bar.advance(rows_bar, rows))
    line = f"{target}: scored by {digest[:12]}" + (f"; {unfit} rows do not fit the task's schema" if unfit else "")
    tell({"target": str(target), "digest": digest, "unfit_rows": unfit}, line, as_json)


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
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=aside)
