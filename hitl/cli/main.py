"""Run and operate the ray-hitl service."""

import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

import hitl
from hitl.cli.lazy import Place, group_of

COMMANDS = {
    "up": Place("hitl.cli.commands.service:up", "Start the whole service on this machine; Ctrl-C stops it.", linux_only=True),
    "down": Place("hitl.cli.commands.service:down", "Stop exactly what 'up' started on this data directory."),
    "status": Place("hitl.cli.commands.service:status", "Show the parts of the service that run on this data directory."),
    "init": Place("hitl.cli.commands.configs:init", "Write the configuration files that came with the package, to edit."),
    "demo": Place("hitl.cli.demo.command:demo", "The whole loop on handwritten digits, measured.", linux_only=True),
    "decide": Place("hitl.cli.commands.decide:decide", "Open a case, and print what was decided."),
    "review": Place("hitl.cli.commands.reviews:review_app", "Reviews: see what waits, claim, answer."),
    "approvals": Place("hitl.cli.commands.approvals:approvals_app", "Approvals: list, show, vote."),
    "models": Place("hitl.cli.commands.serving:models_app", "What serves, and serving an earlier version again."),
    "tasks": Place("hitl.cli.commands.task_files:tasks_app", "Task files."),
    "judges": Place("hitl.cli.commands.judges:judges_app", "Language models as judges: their agreement with people."),
    "retrain": Place("hitl.cli.commands.service:retrain", "Train a candidate from all decisions, and ask for its approval."),
    "model": Place("hitl.cli.commands.models:model_app", "Models that were trained elsewhere."),
    "score": Place("hitl.cli.commands.score:score", "Score a file of rows with the version that serves."),
    "quality": Place("hitl.cli.commands.quality:quality", "Every figure of a task, and what a certificate still needs."),
    "targets": Place("hitl.cli.commands.quality:targets", "Each target of each task: the figure and the verdict."),
    "policy": Place("hitl.cli.commands.policy:policy_app", "Policies: the one in force, trying another, proposing it."),
    "workflow": Place("hitl.cli.commands.workflows:workflow_app", "Stages from data to a serving model, with people in between."),
    "cases": Place(
        "hitl.cli.commands.cases:cases_app",
        "Cases: open those of a file; reveal, erase and hold.",
    ),
    "accounts": Place("hitl.cli.commands.people:accounts_app", "What accounts may do, for all of their keys and sessions."),
    "examples": Place("hitl.cli.commands.examples:examples_app", "Decided cases, as files of labelling tools."),
    "keys": Place("hitl.cli.commands.keys:keys_app", "The keys of callers: issue, list, rotate, revoke."),
    "outbox": Place("hitl.cli.commands.outbox:outbox_app", "Messages to people and other systems: what waits, what died."),
    "audit": Place("hitl.cli.commands.audit:audit_app", "The history for auditors: export it, report on a period."),
    "verify": Place("hitl.cli.commands.service:verify", "Check every chain of the history, from its first entry."),
    "backup": Place("hitl.cli.commands.backups:backup", "Copy all data but the master key and MLflow while the service runs."),
    "restore": Place("hitl.cli.commands.backups:restore_backup", "Put a backup into an empty store of a stopped service."),
    "proxy-environment": Place("hitl.cli.commands.proxy:proxy_environment", "What Ray needs on each node for its proxy."),
    "tracking": Place("hitl.cli.commands.tracking:tracking_app", "Reports, retention and backup of what MLflow holds."),
    "experiments": Place("hitl.cli.commands.tracking:experiments_app", "Experiments and their comparison."),
    "mlflow": Place("hitl.cli.commands.mlflow:mlflow_app", "MLflow's review queues both ways, and evaluation datasets."),
    "mcp": Place("hitl.cli.commands.mcp:mcp", "Serve tools for agents over standard input and output (MCP)."),
    "agents": Place("hitl.cli.commands.agents:agents_app", "Versions of agents' configurations."),
}

app = typer.Typer(no_args_is_help=True, help=__doc__, cls=group_of(COMMANDS), pretty_exceptions_enable=False)


def _told_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ray-hitl {hitl.__version__}")
        raise typer.Exit


@app.callback()
def hitl_command(
    version: Annotated[bool, typer.Option("--version", callback=_told_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Run and operate the ray-hitl service."""


def _plainly(run: Callable[[], Any]) -> Callable[[], Any]:
    """Errors of ours end the command with one line and exit status 1; others are bugs and keep their traceback."""

    @wraps(run)
    def wrapped() -> Any:
        signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # so that what was started is stopped
        try:
            return run()
        except Exception as error:
            from hitl.client.errors import ClientError
            from hitl.errors import HitlError

            if not isinstance(error, HitlError | ClientError):
                raise
            typer.secho(type(error).__name__, fg=typer.colors.RED, nl=False, err=True)
            typer.echo(f": {error}", err=True)
            sys.exit(1)

    return wrapped


main = _plainly(app)
