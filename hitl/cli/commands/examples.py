"""``hitl examples``: decided cases as files of labelling tools and of training libraries."""

import os
from pathlib import Path
from typing import Annotated

import typer

from hitl.cli.commands.connection import JsonOutput, Key, Url, client_of, tell
from hitl.cli.commands.transfer_format import TransferFormat
from hitl.integrations.labelling import FORMATS
from hitl.integrations.labelling.cases import as_lines
from hitl.integrations.labelling.label_studio import label_config
from hitl.integrations.labelling.transfer import decided_cases
from hitl.integrations.preferences import preferences

examples_app = typer.Typer(no_args_is_help=True, help="Decided cases. Needs a trainer's key in HITL_API_KEY.")

Target = Annotated[Path, typer.Argument(help="The file to write.")]
Chosen = Annotated[TransferFormat, typer.Option("--format", help="Whose file it is.")]
Force = Annotated[bool, typer.Option("--force", help="Replace TARGET where it exists.")]


@examples_app.command("export")
def export(
    task: str, target: Target, form: Chosen, key: Key, force: Force = False, url: Url = None, as_json: JsonOutput = False
) -> None:
    """Write every decided case of TASK, with its input, to TARGET, which only you may read. Sealed inputs are clear there: the
    access journal tells of it."""
    if target.exists() and not force:
        raise typer.BadParameter(f"{target} exists: --force replaces it", param_hint="TARGET")
    with client_of(url, key) as client:
        labels = [str(label) for label in client.task(task)["labels"]]
        cases = list(decided_cases(client, task))
    _write_whole(target, FORMATS[form.value].write(cases, labels))
    lines = [f"{target}: {len(cases)} cases for {form.value}"]
    if form is TransferFormat.LABEL_STUDIO:
        lines.append(f"labelling configuration of the project: {label_config(labels)}")
    tell({"target": str(target), "cases": len(cases), "format": form.value}, "\n".join(lines), as_json)


@examples_app.command("preferences")
def export_preferences(
    task: str, target: Target, key: Key, force: Force = False, url: Url = None, as_json: JsonOutput = False
) -> None:
    """Write what people preferred to TARGET, as JSON Lines with prompt, chosen and rejected: corrections of rejected contents,
    and the better ones of pairs. Only you may read the file."""
    if target.exists() and not force:
        raise typer.BadParameter(f"{target} exists: --force replaces it", param_hint="TARGET")
    with client_of(url, key) as client:
        answer = client.task(task)["answer"]
        cases = list(decided_cases(client, task))
    try:
        rows = preferences(cases, answer)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="TASK") from error
    _write_whole(target, as_lines(rows))
    told = {"target": str(target), "preferences": len(rows), "cases": len(cases)}
    tell(told, f"{target}: {len(rows)} preferences of {len(cases)} cases", as_json)


def _write_whole(target: Path, text: str) -> None:
    """A command that is killed leaves no half of a file: the whole one takes the name in one step. Only its owner may read it."""
    beside = target.with_name(f"{target.name}.part")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_text(text)
    os.replace(beside, target)
