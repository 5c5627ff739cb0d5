"""The list of commands: each one is there, and telling of them imports none of what they stand on."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from hitl.cli.main import COMMANDS, app

HEAVY = ("ray", "mlflow", "torch", "scipy", "sklearn", "pandas", "hitl.adapters", "serve_app", "training")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_of_the_list_is_there_and_helps(name: str) -> None:
    told = CliRunner().invoke(app, [name, "--help"])
    assert (told.exit_code, "Usage" in told.output) == (0, True), told.output


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(app, ["nosuch"]).exit_code == 2


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(option: str) -> None:
    code = f"""
import sys
from hitl.cli.main import app
try:
    app([{option!r}])
finally:
    print("IMPORTED", *sorted(name for name in sys.modules if name in {HEAVY!r}))
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert told.rstrip().endswith("IMPORTED")
