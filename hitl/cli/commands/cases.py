"""``hitl cases``: open the cases of a file; reveal or erase sealed inputs, over the API with the caller's own key."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hitl.cli.commands.transfer_format import TransferFormat
from hitl.cli.local import control
from hitl.cli.local.place import place_of
from hitl.client import Client
from hitl.errors import InvalidConfig
from hitl.settings import Settings

cases_app = typer.Typer(
    no_args_is_help=True, help="Cases. HITL_API_KEY is a client's key to import, an operator's to reveal and erase."
)
console = Console()

Reason = Annotated[str, typer.Option(help="Why: it stands in the access journal.")]
Url = Annotated[str | None, typer.Option(help="The service; without it the one that runs here.")]


@cases_app.command("erase")
def erase(case_id: str, reason: Reason, url: Url = None) -> None:
    """Forget the input of CASE_ID for ever. Its decision, and every chain, stay."""
    with _client(url) as client:
        console.print_json(data=client.erase_case(case_id, reason))


@cases_app.command("reveal")
def reveal(case_id: str, reason: Reason, url: Url = None) -> None:
    """Show the whole input of CASE_ID, after the access journal says who asked."""
    with _client(url) as client:
        console.print_json(data=client.reveal_case(case_id, reason))


@cases_app.command("import")
def import_cases(
    task: str,
    source: Annotated[Path, typer.Argument(help="A file of a labelling tool.", exists=True, dir_okay=False)],
    form: Annotated[TransferFormat, typer.Option("--format", help="Whose file it is.")],
    url: Url = None,
) -> None:
    """Open a case of TASK for each row of SOURCE. Answers in the file are counted, and never taken as outcomes."""
    from hitl.integrations.labelling import FORMATS
    from hitl.integrations.labelling.cases import rows_of
    from hitl.integrations.labelling.transfer import open_cases

    try:
        cases = FORMATS[form.value].read(rows_of(source.read_text()))
    except ValueError as error:
        raise typer.BadParameter(f"no file of {form.value}: {error}", param_hint="SOURCE") from error
    with _client(url) as client:
        opened = list(open_cases(client, task, cases))
    refused = [each for each in opened if each.case_id is None]
    for each in refused:
        console.print(f"{each.external_id} was refused ({each.status}): {each.refusal}", markup=False)
    answers = sum(case.answers for case in cases)
    console.print(f"{len(opened) - len(refused)} cases are open or decided; {answers} answers of the file were not taken")
    if refused:
        raise typer.Exit(1)


def _client(url: str | None) -> Client:
    key = os.environ.get("HITL_API_KEY", "")
    if not key:
        raise InvalidConfig("environment", "HITL_API_KEY", "an operator's key")
    return Client(url or control.running(place_of(Settings().data_dir)).url, key)
