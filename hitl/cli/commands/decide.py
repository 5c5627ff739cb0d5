"""``hitl decide``: open a case and print what was decided."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from hitl.cli.commands.connection import JsonOutput, Key, Repeatable, Url, client_of, tell

Features = Annotated[str, typer.Argument(help="The case's features as JSON; @FILE reads a file, - the standard input.")]
Metadata = Annotated[str, typer.Option(help="A JSON object that travels with the case.")]
Wait = Annotated[float, typer.Option(min=0, max=86_400, help="Seconds to wait for people.")]


def decide(  # noqa: PLR0913 - its options
    task: str,
    features: Features,
    key: Key,
    url: Url = None,
    metadata: Metadata = "{}",
    wait: Wait = 0.0,
    as_json: JsonOutput = False,
    idempotency_key: Repeatable = None,
) -> None:
    """Open a case of TASK with a client's key: the model decides it, or it goes to people."""
    row, told = _json(features, "FEATURES"), _json(metadata, "--metadata")
    if not isinstance(told, dict):
        raise typer.BadParameter("expected a JSON object", param_hint="--metadata")
    with client_of(url, key) as client:
        first = client.decide(task, row, told, idempotency_key)
        if first["status"] == "decided" or not wait:
            tell(first, f"{first['case_id']} {first['status']} {_label(first['outcome'])}".rstrip(), as_json)
            return
        case = client.wait(first["case_id"], wait)
    tell(case, f"{case['case_id']} {case['status']} {_label(case.get('outcome'))}".rstrip(), as_json)


def _label(outcome: object) -> str:
    return str(outcome.get("label") or "") if isinstance(outcome, dict) else ""


def _json(text: str, name: str) -> object:
    """Return the value. Raises BadParameter for what is no JSON."""
    try:
        if text == "-":
            return json.load(sys.stdin)
        return json.loads(Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text)
    except (ValueError, OSError) as error:
        raise typer.BadParameter(f"no JSON: {error}", param_hint=name) from error
