"""``hitl cases``: open the cases of a file; reveal or erase sealed inputs, over the API with the caller's own key."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
import yaml

from hitl.cli.commands.connection import JsonOutput, Key, Url, client_of, tell
from hitl.cli.commands.transfer_format import TransferFormat

cases_app = typer.Typer(
    no_args_is_help=True, help="Cases. HITL_API_KEY is a client's key to import, an operator's to reveal and erase."
)

Reason = Annotated[str, typer.Option(help="Why: it stands in the access journal.")]


@cases_app.command("erase")
def erase(case_id: str, reason: Reason, key: Key, url: Url = None, as_json: JsonOutput = False) -> None:
    """Forget the input of CASE_ID for ever. Its decision, and every chain, stay."""
    with client_of(url, key) as client:
        told = client.erase_case(case_id, reason)
    tell(told, f"{case_id}: its input is erased for ever; its decision stays", as_json)


@cases_app.command("reveal")
def reveal(case_id: str, reason: Reason, key: Key, url: Url = None, as_json: JsonOutput = False) -> None:
    """Show the whole input of CASE_ID, after the access journal says who asked."""
    with client_of(url, key) as client:
        told = client.reveal_case(case_id, reason)
    tell(told, yaml.safe_dump(told, sort_keys=False, allow_unicode=True).rstrip(), as_json)


@cases_app.command("import")
def import_cases(
    task: str,
    source: Annotated[Path, typer.Argument(help="A file of a labelling tool.", exists=True, dir_okay=False)],
    form: Annotated[TransferFormat, typer.Option("--format", help="Whose file it is.")],
    key: Key,
    url: Url = None,
    as_json: JsonOutput = False,
) -> None:
    """Open a case of TASK for each row of SOURCE. Answers in the file are counted, and never taken as outcomes."""
    from hitl.integrations.labelling import FORMATS
    from hitl.integrations.labelling.cases import rows_of
    from hitl.integrations.labelling.transfer import open_cases

    try:
        cases = FORMATS[form.value].read(rows_of(source.read_text()))
    except ValueError as error:
        raise typer.BadParameter(f"no file of {form.value}: {error}", param_hint="SOURCE") from error
    with client_of(url, key) as client:
        opened = list(open_cases(client, task, cases))
    refused = [each for each in opened if each.case_id is None]
    lines = [f"{each.external_id} was refused ({each.status}): {each.refusal}" for each in refused]
    answers = sum(case.answers for case in cases)
    lines.append(f"{len(opened) - len(refused)} cases are open or decided; {answers} answers of the file were not taken")
    tell({"cases": [asdict(each) for each in opened], "answers_not_taken": answers}, "\n".join(lines), as_json)
    if refused:
        raise typer.Exit(1)
