"""``hitl init``: the configuration files that came with the package, as files to edit."""

import shutil
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hitl.packaged import CONFIGS, packaged_configs

console = Console()

Target = Annotated[Path, typer.Argument(help="The folder that gets configs/; default: this one.")]


def init(target: Target = Path()) -> None:
    """Write configs/ with every file that the service reads, to edit. Without it the service runs with the packaged ones.

    A file that is there stays as it is."""
    source, written = packaged_configs(), 0
    for file in sorted(source.rglob("*.yaml")):
        own = target / CONFIGS / file.relative_to(source)
        if own.exists():
            console.print(f"kept     {own}")
            continue
        own.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, own)
        console.print(f"written  {own}")
        written += 1
    console.print(f"{written} files written. 'hitl tasks check' reads them as the service would.")
