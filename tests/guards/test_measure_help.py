"""Each measurement says what it does when it is asked for help, and refuses what it does not know."""

import sys
from pathlib import Path

import pytest

from tests.measure.command_line import command_line, no_options
from tests.running import ROOT

STARTED = sorted(
    file for file in (ROOT / "tests" / "measure").rglob("*.py") if '__name__ == "__main__"' in file.read_text(encoding="utf-8")
)
INSIDE = {"load_once.py", "senders.py", "people.py"}
"""Started by other measurements alone, each in a process of its own."""


@pytest.mark.parametrize("file", STARTED, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_measurement_reads_its_command_line(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    reads = any(way in text for way in ("command_line(__doc__)", "no_options(__doc__)", "argparse.ArgumentParser("))
    assert reads or file.name in INSIDE


def test_help_is_what_the_module_says_of_itself(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["measure", "--help"])
    with pytest.raises(SystemExit) as ended:
        no_options("What it costs.\n\nIn seconds.")
    assert (ended.value.code, "What it costs.\n\nIn seconds." in capsys.readouterr().out) == (0, True)


def test_what_is_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["measure", "--quik"])
    parser = command_line("What it costs.")
    parser.add_argument("--quick-look", action="store_true")
    with pytest.raises(SystemExit) as ended:
        parser.parse_args()
    assert ended.value.code == 2
