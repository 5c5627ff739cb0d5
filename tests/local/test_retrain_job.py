"""The command line of a retraining job is read by a shell on the cluster."""

import shlex
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from hitl.cli.commands.retrain import _entrypoint, check_task
from hitl.cli.local.up_file import UP, UpState
from hitl.client import Client
from hitl.errors import InvalidInput


def test_a_path_with_a_quote_stays_one_word() -> None:
    state = UpState(UP, 1, "http://127.0.0.1:1", "http://127.0.0.1:2", "", "", "/data/o'brien; true/artifacts", {})
    words = shlex.split(_entrypoint(state, "digits", None, Path("key")))
    assert words[words.index("--artifact-uri") + 1] == "/data/o'brien; true/artifacts"


def test_the_command_line_leaves_ray_to_be_imported_with_its_settings() -> None:
    """Ray reads its token's place when it is imported: before a command knows which service it talks to is too early."""
    asked = "import sys, hitl.cli.main; print('ray' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout
    assert said.strip() == "False"


def test_an_unknown_task_is_refused_with_the_names_of_the_others() -> None:
    told = httpx2.MockTransport(lambda _: httpx2.Response(200, json={"tasks": [{"task": "mail"}, {"task": "digits"}]}))
    with Client("http://hitl", "k", transport=told) as service:
        check_task("mail", service)
        with pytest.raises(InvalidInput, match="digits, mail"):
            check_task("nosuch", service)
