"""The command lines of this folder: each says what it measures when asked for help, and refuses what it does not know."""

import argparse
import sys


def command_line(doc: str | None) -> argparse.ArgumentParser:
    """A parser for the module that was started by ``python -m``, whose ``doc`` is its help."""
    spec = sys.modules["__main__"].__spec__
    name = "" if spec is None else spec.name.removesuffix(".__main__")
    return argparse.ArgumentParser(f"python -m {name}", description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)


def no_options(doc: str | None) -> None:
    """For a module that takes none."""
    command_line(doc).parse_args()
