"""The command line of a retraining job is read by a shell on the cluster."""

import shlex
import subprocess
import sys
from pathlib import Path

from hitl.cli.commands.retrain import _entrypoint
from hitl.cli.local.up_file import UP, UpState


def test_a_path_with_a_quote_stays_one_word() -> None:
    state = UpState(UP, 1, "http://127.0.0.1:1", "http://127.0.0.1:2", "", "", "/data/o'brien; true/artifacts", {})
    words = shlex.split(_entrypoint(state, "digits", None, Path("key")))
    assert words[words.index("--artifact-uri") + 1] == "/data/o'brien; true/artifacts"


def test_the_command_line_leaves_ray_to_be_imported_with_its_settings() -> None:
    """Ray reads its token's place when it is imported: before a command knows which service it talks to is too early."""
    asked = "import sys, hitl.cli.main; print('ray' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout
    assert said.strip() == "False"
