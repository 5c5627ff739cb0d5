"""``hitl audit``: export the history as JSON Lines, or report on a period."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.partitions import stored_partitions
from hitl.audit import AuditRow
from hitl.audit.report import as_html
from hitl.canonical import canonical, to_plain
from hitl.cli.commands.keys import store_url
from hitl.journal import Journal
from hitl.settings import Settings
from serve_app.api.services.audit import bounds, compliance, consequences_of, trail
from serve_app.setup.records import journals_of

T = TypeVar("T")

audit_app = typer.Typer(no_args_is_help=True, help="The history for auditors: export it, report on a period.")
console = Console()

First = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first UTC day.")]
Last = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last UTC day.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="A file instead of the screen.")]


@audit_app.command("export")
def export(
    first: First = None,
    last: Last = None,
    subject: Annotated[str | None, typer.Option(help="Only of this case, approval, interaction or workflow.")] = None,
    content: Annotated[bool, typer.Option("--content", help="With comments and objects of the events.")] = False,
    output: Output = None,
) -> None:
    """Every entry of every journal as a line of JSON, each link checked: what was seen, how long, and what followed."""
    lines = with_journals(lambda journals: _export(journals, bounds(_day(first), _day(last)), subject, content, output))
    if output is not None:
        console.print(f"{lines} entries in {output}")


@audit_app.command("report")
def report(
    first: First = None,
    last: Last = None,
    html: Annotated[bool, typer.Option("--html", help="A page instead of JSON.")] = False,
    output: Output = None,
) -> None:
    """Report flagged cases of a period: who decided them, and which are overdue, unverified or superseded."""
    tasks = with_journals(lambda journals: compliance(journals, *bounds(_day(first), _day(last))))
    days = f"{_text(first, 'the beginning')} to {_text(last, _today())}"
    said = {"from": _text(first, None), "to": _text(last, None), "tasks": tasks}
    text = as_html(tasks, f"Compliance report, {days}") if html else json.dumps(said, indent=1, default=to_plain)
    if output is None:
        typer.echo(text)
    else:
        output.write_text(text, encoding="utf-8")
        console.print(f"report in {output}")


async def _export(
    journals: Mapping[str, Journal], period: tuple[float, float], subject: str | None, content: bool, output: Path | None
) -> int:
    followed = {shard: await consequences_of(shard, journal) for shard, journal in journals.items()}
    count = 0
    with (output or Path("/dev/stdout")).open("wb") as file:
        async for row in trail(journals, followed, lambda row: _is_asked(row, period, subject), content):
            file.write(canonical(row) + b"\n")
            count += 1
    return count


def _is_asked(row: AuditRow, period: tuple[float, float], subject: str | None) -> bool:
    return period[0] <= row["at"] < period[1] and (subject is None or subject in row["subjects"])


def with_journals(use: Callable[[Mapping[str, Journal]], Awaitable[T]]) -> T:
    """Return the result of ``use`` on the journals of this machine's store. Raises NotStarted, StoreUnavailable, ChainBroken."""

    url = store_url()
    partitions = stored_partitions(url, Settings().partitions).partitions

    async def run() -> T:
        client = connect(url)
        try:
            return await use(journals_of(client, partitions, Settings().archive))
        finally:
            await client.aclose()

    return asyncio.run(run())


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _text(moment: datetime | None, otherwise: str | None) -> str | None:
    return otherwise if moment is None else moment.date().isoformat()


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
