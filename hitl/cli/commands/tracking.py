"""``hitl tracking`` and ``hitl experiments``: reports, comparison, retention, backup.

MLflow takes seconds to import: each command imports what it needs when it runs, so that others start at once.
"""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.table import Table

from hitl.cli.commands.connection import JsonOutput, Key, Url, client_of, tell
from hitl.tracking.compare import compare
from hitl.tracking.config import load_config
from hitl.tracking.html import comparison_page, comparison_rows, report_page
from hitl.tracking.naming import experiment_of
from hitl.tracking.report import report
from hitl.tracking.settings import TrackingSettings

tracking_app = typer.Typer(help="Reports, retention and backup of what MLflow holds.", no_args_is_help=True)
experiments_app = typer.Typer(help="Experiments and their comparison.", no_args_is_help=True)
MAX_RUNS = 100_000
DAY_S = 86_400
_out = Console()

Html = Annotated[Path | None, typer.Option("--html", help="Write an HTML page to this file.")]
Uri = Annotated[str | None, typer.Option("--uri", help="MLflow; default: MLFLOW_TRACKING_URI.")]
Database = Annotated[Path, typer.Option(help="The database file of the embedded MLflow.")]
Artifacts = Annotated[Path, typer.Option(help="The artifact directory of the embedded MLflow.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without this it only tells what it would do.")]


@tracking_app.command("report")
def report_command(
    feature: Annotated[str | None, typer.Option(help="A feature's key; default: all features.")] = None,
    days: Annotated[float, typer.Option(help="The period, back from now.")] = 30,
    html: Html = None,
    as_json: JsonOutput = False,
    uri: Uri = None,
) -> None:
    """Figures of a feature and a period: distributions, errors, cost, slowest and dearest operations, anomalies."""
    from hitl.adapters.mlflow.reader import MlflowReader

    settings = TrackingSettings()
    config = load_config(settings.config)
    until = time.time() + 1
    since = until - days * DAY_S
    names = [experiment_of(feature, config.experiments, settings.experiment_name)] if feature else None
    rows = MlflowReader(uri or settings.tracking_uri).runs(names, limit=MAX_RUNS, since_s=since)
    made = report(feature, rows, since, until, config)
    if html:
        html.write_text(report_page(made), encoding="utf-8")
        _out.print(f"wrote {html}")
    if as_json:
        typer.echo(json.dumps(made.plain()))
    if not html and not as_json:
        _show("Summary", [dict(made.summary)])
        _show(
            "Operations",
            [{"feature": o.feature, "operation": o.operation, "runs": o.runs, "cost": o.cost} for o in made.operations],
        )
        _show("Errors", [{"type": e.type, "count": e.count, "message": e.message[:80]} for e in made.errors])


@tracking_app.command("archive")
def archive_command(
    older_than_days: Annotated[float, typer.Option(min=0, help="Runs that ended before are archived.")],
    archive: Annotated[Path, typer.Option(help="Directory of the archive.")] = Path("data/mlflow-archive"),
    yes: Yes = False,
    uri: Uri = None,
    as_json: JsonOutput = False,
) -> None:
    """Write old runs to an archive and delete them in MLflow (``keep``-tagged ones stay)."""
    from hitl.adapters.mlflow.retention import archive_runs

    count = archive_runs(uri or TrackingSettings().tracking_uri, older_than_days, archive, dry_run=not yes)
    line = f"{count} runs archived in {archive}" if yes else f"{count} runs would be archived; --yes does it"
    tell({"runs": count, "archive": str(archive), "done": yes}, line, as_json)


@tracking_app.command("clean")
def clean_command(
    artifacts: Artifacts,
    yes: Yes = False,
    uri: Uri = None,
    as_json: JsonOutput = False,
) -> None:
    """Delete artifact directories that no active run owns."""
    from hitl.adapters.mlflow.retention import clean_artifacts

    found = clean_artifacts(uri or TrackingSettings().tracking_uri, artifacts, dry_run=not yes)
    size = sum(orphan.size_bytes for orphan in found)
    line = f"{len(found)} directories, {size} bytes " + ("deleted" if yes else "would be deleted; --yes does it")
    tell({"directories": len(found), "bytes": size, "done": yes}, line, as_json)


@tracking_app.command("close-abandoned")
def close_abandoned_command(
    silent_minutes: Annotated[float, typer.Option(min=1, help="A job that said nothing for so long is gone.")] = 15,
    yes: Yes = False,
    uri: Uri = None,
    as_json: JsonOutput = False,
) -> None:
    """End runs that still say RUNNING although their job was killed (the service does it by itself every few minutes)."""
    from hitl.adapters.mlflow.abandoned import close_abandoned

    place = uri or TrackingSettings().tracking_uri
    gone = close_abandoned(place, silent_s=60 * silent_minutes, dry_run=not yes)
    line = f"{len(gone)} runs ended" if yes else f"{len(gone)} runs would be ended; --yes does it"
    tell({"runs": len(gone), "done": yes}, line, as_json)


@tracking_app.command("import")
def import_command(  # noqa: PLR0913 - an option each
    experiment: Annotated[str, typer.Argument(help="The experiment that holds the traces.")],
    task: Annotated[str, typer.Option(help="The task to open cases of.")],
    features_at: Annotated[str, typer.Option(help="Where a trace's inputs have the features, e.g. row or body.features.")],
    key: Key,
    below: Annotated[float | None, typer.Option(help="Only traces with an error or a score under this.")] = None,
    run_id: Annotated[str | None, typer.Option(help="Only the traces of this evaluation run.")] = None,
    only: Annotated[str | None, typer.Option("--filter", help="MLflow's filter of traces, e.g. \"tags.env = 'prod'\".")] = None,
    yes: Yes = False,
    url: Url = None,
    as_json: JsonOutput = False,
) -> None:
    """Open a case for each trace, or row of an evaluation, that needs a person; a second import opens none twice."""
    from hitl.adapters.mlflow.assessments import MlflowTraces
    from hitl.tracking.cases import cases_from

    items = MlflowTraces(TrackingSettings().tracking_uri).items(experiment, run_id=run_id, only=only)
    cases = cases_from(items, features_at, below=below)
    if yes:
        with client_of(url, key) as client:
            for case in cases:
                client.decide(task, case.features, case.metadata, key=case.key)
    line = f"{len(cases)} cases opened" if yes else f"{len(cases)} cases would be opened; --yes does it"
    tell({"cases": len(cases), "done": yes}, line, as_json)


@tracking_app.command("backup")
def backup_command(
    target: Annotated[Path, typer.Argument(help="The backup file to write.")],
    database: Database = Path("data/mlflow/mlflow.db"),
    artifacts: Artifacts = Path("data/mlflow/artifacts"),
    as_json: JsonOutput = False,
) -> None:
    """Back up the embedded MLflow; it may run meanwhile."""
    from hitl.adapters.mlflow.backup import backup

    _told(backup(database, artifacts, target), as_json)


@tracking_app.command("restore")
def restore_command(
    source: Annotated[Path, typer.Argument(help="The backup file.")],
    database: Database = Path("data/mlflow/mlflow.db"),
    artifacts: Artifacts = Path("data/mlflow/artifacts"),
    replace: Annotated[bool, typer.Option("--replace", help="Put aside what is there.")] = False,
    as_json: JsonOutput = False,
) -> None:
    """Restore the embedded MLflow; stop it first."""
    from hitl.adapters.mlflow.backup import restore

    _told(restore(source, database, artifacts, replace=replace), as_json)


@experiments_app.command("list")
def list_command(uri: Uri = None, as_json: JsonOutput = False) -> None:
    """Every active experiment."""
    from hitl.adapters.mlflow.reader import MlflowReader

    reader = MlflowReader(uri or TrackingSettings().tracking_uri)
    rows = [{"id": number, "name": name} for number, name in reader.experiments()]
    if as_json:
        tell({"experiments": rows}, "", as_json)
    else:
        _show("Experiments", rows)


@experiments_app.command("compare")
def compare_command(
    names: Annotated[list[str], typer.Argument(help="Experiments to compare.")],
    metric: Annotated[str, typer.Option(help="What to rank by.")],
    by: Annotated[list[str] | None, typer.Option(help="Parameter, tag, feature or experiment to group by; repeatable.")] = None,
    lower: Annotated[
        bool | None, typer.Option("--lower/--higher", help="Which is better; default: by the metric's name.")
    ] = None,
    html: Html = None,
    as_json: JsonOutput = False,
    uri: Uri = None,
) -> None:
    """Compare runs by a metric and name the best configuration."""
    from hitl.adapters.mlflow.reader import MlflowReader

    rows = MlflowReader(uri or TrackingSettings().tracking_uri).runs(names, limit=MAX_RUNS)
    made = compare(rows, metric, by or (), lower_is_better=lower)
    if html:
        html.write_text(comparison_page(made), encoding="utf-8")
        _out.print(f"wrote {html}")
    if as_json:
        typer.echo(json.dumps({"best": made.best.group if made.best else None, "lines": comparison_rows(made)}))
    else:
        _show(f"Comparison by {metric}, best first", comparison_rows(made))


def _told(found: Mapping[str, object], as_json: bool) -> None:
    tell(found, yaml.safe_dump(dict(found), sort_keys=False).rstrip(), as_json)


def _show(title: str, rows: Sequence[Mapping[str, object]]) -> None:
    shown = Table(title=title)
    names = list(dict.fromkeys(name for row in rows for name in row))
    for name in names:
        shown.add_column(name, overflow="fold")
    for row in rows:
        shown.add_row(*(f"{v:.6g}" if isinstance(v := row.get(name), float) else str("" if v is None else v) for name in names))
    _out.print(shown)
