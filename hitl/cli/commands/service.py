"""``hitl up``, ``down``, ``status``, ``retrain`` and ``verify``: the service on this machine."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console

from hitl.cli.commands import accounts, show
from hitl.cli.commands.connection import JsonOutput, Trials, progress, tell
from hitl.cli.commands.retrain import retrain as retrain_job
from hitl.cli.commands.verify import verify_all
from hitl.cli.commands.verify_offline import verify_copies
from hitl.cli.local import control
from hitl.cli.local.place import DataLayout, place_of, write_private
from hitl.settings import TRAINER_KEY, Settings

console = Console()

Detach = Annotated[bool, typer.Option("--detach", help="Return when the service is ready and leave it running.")]
TaskOption = Annotated[str, typer.Option(help="The task to train.")]


def _place() -> DataLayout:
    return place_of(Settings().data_dir)


def up(detach: Detach = False) -> None:
    """Start the whole service on this machine; Ctrl-C stops it. A second 'up' finds the first."""
    place = _place()
    with show.starting(console) as told:
        state, ours = control.start(place, told)
    with _held(place, state.pid) if ours and not detach else nullcontext():
        show.urls(console, state, place, found=not ours)
        keys = accounts.issue_first(state.redis_url)
        if keys:
            write_private(place.data_dir / TRAINER_KEY, keys["trainer"])  # for retrainings that start by themselves
        show.new_keys(console, keys)


def down(as_json: JsonOutput = False) -> None:
    """Stop exactly what 'up' started on this data directory."""
    stopped = control.stop(_place())
    tell({"stopped": stopped}, "stopped" if stopped else "nothing was running", as_json)


def status(as_json: JsonOutput = False) -> None:
    """Show the parts of the service that run on this data directory."""
    show.status(console, control.running(_place()), as_json)


def retrain(task: TaskOption = "digits", trials: Trials = None, as_json: JsonOutput = False) -> None:
    """Train a candidate from all decisions so far, as a Ray job, and ask for its approval."""
    result = retrain_job(control.running(_place()), task, trials, progress(as_json))
    tell(result, yaml.safe_dump(dict(result), sort_keys=False).rstrip(), as_json)


def verify(
    as_json: JsonOutput = False,
    offline: Annotated[list[Path], typer.Option(exists=True, help="A backup, or copies of journals, not the store.")] = [],  # noqa: B006
    public_key: Annotated[list[str], typer.Option(help="Who must have signed them: a key, or a file that holds it.")] = [],  # noqa: B006
) -> None:
    """Check every chain of the history, from its first entry. Exits with 1 at the first broken link, and at the first entry
    that its writer did not sign. With --offline it needs nothing but the files and the key ('hitl keys public')."""
    if offline:
        show.verified(console, verify_copies(offline, public_key), as_json)
        return
    settings = Settings()
    redis_url = settings.external_redis_url or control.running(_place()).redis_url
    show.verified(console, verify_all(redis_url, settings.partitions, settings.archive), as_json)


@contextmanager
def _held(place: DataLayout, supervisor: int) -> Iterator[None]:
    """Then stay until Ctrl-C or SIGTERM, or until the service has ended. However it ends, everything of this supervisor is
    stopped, and nothing of one that somebody started since."""
    try:
        yield
        console.print("Ctrl-C stops everything.")
        while control.is_running(place, supervisor):
            time.sleep(1.0)
    except KeyboardInterrupt:
        console.print("stopping …")
    finally:
        control.stop(place, only=supervisor)
