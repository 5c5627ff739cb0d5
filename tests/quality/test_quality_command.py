"""The tables of ``hitl targets`` and ``hitl quality``."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console
from rich.table import Table
from typer.testing import CliRunner

from hitl.cli.commands import connection, quality
from hitl.cli.main import app
from hitl.quality.interval import Interval
from hitl.quality.report import judged, published
from hitl.quality.targets import TARGETS, load_targets

FIGURES = {"automation_rate": Interval(0.87, 0.86, 0.88, 900, 0.95, "clopper-pearson")}
PROOF: dict[str, Any] = {
    "risk": {"level": 0.05},
    "models": {"m" * 64: {"all": {"in_force": None, "stopped": None, "reason": "needs about 60 more labels"}}},
}


class FakeClient:
    """What the routes answer."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def __enter__(self) -> "FakeClient":
        return self

    def __exit__(self, *_: object) -> None: ...

    def targets(self) -> dict[str, Any]:
        return {"tasks": {"digits": msgspec.to_builtins(judged(FIGURES, TARGETS))}}

    def quality(self, task: str) -> dict[str, Any]:
        figures = msgspec.to_builtins(published(FIGURES))
        return {"figures": figures, "parts": {"total": figures}}

    def certificate(self, task: str) -> dict[str, Any]:
        return PROOF


def text_of(table: Table) -> str:
    console = Console(width=200, record=True)
    console.print(table)
    return console.export_text()


@pytest.mark.covers("003-08", "003-09", "003-14", "003-16", "003-17", "003-18")
def test_every_target_has_its_line_with_its_verdict() -> None:
    text = text_of(quality.targets_table("digits", msgspec.to_builtins(judged(FIGURES, TARGETS))))
    assert all(name in text for name in TARGETS)
    line = next(row for row in text.splitlines() if "automation_rate" in row)
    assert "≥ 0.85 share" in line
    assert "0.86 … 0.88" in line
    assert "met" in line
    assert text.count("not enough evidence") == len(TARGETS) - 1


@pytest.mark.covers("003-19")
def test_what_the_documents_quote_of_themselves_is_shown_and_is_no_target() -> None:
    rows = {row.name: row.quoted for row in judged(FIGURES, TARGETS)}
    assert (rows["automation_rate"], rows["cost_per_decision"], rows["learning_acceleration"]) == (0.87, 0.32, 3.2)


@pytest.mark.parametrize("command", [["targets"], ["quality", "digits"]])
def test_the_commands_ask_the_service(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "Client", FakeClient)
    result = CliRunner().invoke(app, [*command, "--api", "http://hitl", "--key", "k", "--json"])
    assert result.exit_code == 0, result.output
    assert "0.87" in result.output


def test_each_part_of_an_answer_has_a_table_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "Client", FakeClient)
    result = CliRunner().invoke(app, ["quality", "invoices", "--api", "http://hitl", "--key", "k"])
    assert "invoices: total" in result.output


def test_what_is_missing_for_a_certificate_is_said() -> None:
    assert "needs about 60 more labels" in text_of(quality.certificates_table(PROOF))
    assert "uncertified" in text_of(quality.certificates_table({"risk": "uncertified", "models": {}}))


def test_the_file_of_targets_has_every_target_and_the_documents_values() -> None:
    text = Path("configs/targets.yaml").read_text(encoding="utf-8")
    assert load_targets(text, "configs/targets.yaml") == TARGETS
    assert all(f"{name}:" in text for name in TARGETS)
