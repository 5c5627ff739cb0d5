"""The command line of a retraining job is read by a shell on the cluster."""

import shlex
from pathlib import Path

from hitl.cli.local.up_file import UP, UpState
from hitl.cli.retrain import _entrypoint


def test_a_path_with_a_quote_stays_one_word() -> None:
    state = UpState(UP, 1, "http://127.0.0.1:1", "http://127.0.0.1:2", "", "", "/data/o'brien; true/artifacts", {})
    words = shlex.split(_entrypoint(state, "digits", None, Path("key")))
    assert words[words.index("--artifact-uri") + 1] == "/data/o'brien; true/artifacts"
