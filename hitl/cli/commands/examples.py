"""``hitl examples``: decided cases as files of labelling tools and of training libraries."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hitl.cli.commands.quality import Api, JsonOutput, asking
from hitl.cli.commands.transfer_format import TransferFormat
from hitl.integrations.labelling import FORMATS
from hitl.integrations.labelling.label_studio import label_config
from hitl.integrations.labelling.transfer import decided_cases

examples_app = typer.Typer(no_args_is_help=True, help="Decided cases. Needs a trainer's key in HITL_API_KEY.")
console = Console()

Target = Annotated[Path, typer.Argument(help="The file to write.")]
Chosen = Annotated[TransferFormat, typer.Option("--format", help="Whose file it is.")]
Key = Annotated[str, typer.Option(envvar="HITL_API_KEY", help="A trainer's key.")]
Force = Annotated[bool, typer.Option("--force", help="Replace TARGET where it exists.")]


@examples_app.command("export")
def export(
    task: str, target: Target, form: Chosen, key: Key, force: Force = False, api: Api = None, as_json: JsonOutput = False
) -> None:
    """Write every decided case of TASK, with its input, to TARGET, which only you may read. Sealed inputs are clear there: the
    access journal tells of it."""
    if target.exists() and not force:
        raise typer.BadParameter(f"{target} exists: --force replaces it", param_hint="TARGET")
    with asking(api, key) as client:
        labels = [str(label) for label in client.task(task)["labels"]]
        cases = list(decided_cases(client, task))
    target.touch(mode=0o600)
    target.write_text(FORMATS[form.value].write(cases, labels))
    if as_json:
        console.print_json(data={"target": str(target), "cases": len(cases), "format": form.value})
        return
    console.print(f"{target}: {len(cases)} cases for {form.value}")
    if form is TransferFormat.LABEL_STUDIO:
        console.print("labelling configuration of the project:", label_config(labels), markup=False)
