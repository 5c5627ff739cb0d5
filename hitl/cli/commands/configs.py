"""``hitl init``: the configuration files that came with the package, as files to edit."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from hitl.cli.commands.connection import JsonOutput, tell
from hitl.packaged import CONFIGS, packaged_configs

Target = Annotated[Path, typer.Argument(help="The folder that gets configs/; default: this one.")]


def init(target: Target = Path(), as_json: JsonOutput = False) -> None:
    """Write configs/ with every file that the service reads, to edit. Without it the service runs with the packaged ones.

    A file that is there stays as it is."""
    source, written, kept = packaged_configs(), list[str](), list[str]()
    for file in sorted(source.rglob("*.yaml")):
        own = target / CONFIGS / file.relative_to(source)
        if own.exists():
            kept.append(str(own))
            continue
        own.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, own)
        written.append(str(own))
    lines = [f"kept     {own}" for own in kept] + [f"written  {own}" for own in written]
    lines.append(f"{len(written)} files written. 'hitl tasks check' reads them as the service would.")
    tell({"written": written, "kept": kept}, "\n".join(lines), as_json)
