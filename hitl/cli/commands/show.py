"""Print tables and messages of the commands."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from hitl.cli.commands.verify import Verified
from hitl.cli.local.place import DataLayout
from hitl.cli.local.up_file import UpState
from hitl.packaged import is_packaged
from hitl.settings import Settings


@contextmanager
def starting(console: Console) -> Iterator[Callable[[UpState], None]]:
    """A line that names what is still on its way."""
    with console.status("starting …") as line:

        def told(state: UpState) -> None:
            waiting = [name for name, part in state.parts.items() if not part["ready"]]
            line.update(f"starting {', '.join(waiting)} …" if waiting else "waiting for the first answer …")

        yield told


def urls(console: Console, state: UpState, place: DataLayout, found: bool) -> None:
    console.print("found the running service" if found else "the service is ready", style="bold green")
    table = Table.grid(padding=(0, 2))
    table.add_row("console, API", state.url)
    table.add_row("documentation", f"{state.url}/api/docs/")
    table.add_row("MLflow", state.mlflow_url)
    table.add_row("Ray dashboard", f"{state.dashboard_url}  (token in {place.ray_token})")
    table.add_row("data, logs", str(place.data_dir))
    table.add_row("configuration", _configuration())
    console.print(table)


def _configuration() -> str:
    """Return the folder of the task files, which in a folder without its own is the packaged one."""
    tasks = Settings().tasks_dir.absolute()
    return f"{tasks}  (packaged: 'hitl init' writes it to configs/, to edit)" if is_packaged(tasks) else str(tasks)


def new_keys(console: Console, texts: dict[str, str], as_json: bool = False) -> None:
    """Each key on a line that can be copied; nothing when there are none. As JSON: the texts by account."""
    if as_json:
        console.print_json(json.dumps({"keys": texts}))
        return
    if not texts:
        return
    console.print("Keys, shown this once (only their digests are kept):", style="bold")
    for account, text in texts.items():
        console.print(f"  {account:<12} {text}", highlight=False, soft_wrap=True)


def status(console: Console, state: UpState, as_json: bool) -> None:
    if as_json:
        hidden = {"environment", "redis_url"}
        console.print_json(json.dumps({name: value for name, value in asdict(state).items() if name not in hidden}))
        return
    table = Table("part", "pid", "ready", "restarts", title=f"{state.phase} at {state.url}")
    for name, part in state.parts.items():
        table.add_row(name, str(part["pid"]), "yes" if part["ready"] else "no", str(part["restarts"]))
    console.print(table)


def verified(console: Console, rows: list[Verified], as_json: bool) -> None:
    if as_json:
        console.print_json(json.dumps([asdict(row) for row in rows]))
        return
    table = Table("chain", "entries", "deleted", "signed from", "head", title="every link holds")
    for row in rows:
        table.add_row(row.chain, str(row.entries), str(row.deleted or "-"), str(row.signed_from or "-"), row.head[:16])
    console.print(table)
