"""Journals of approvals that were written before events had types open and lead to the state that they led to."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hitl.approval import ApprovalMachine
from hitl.approval.events import EVENTS
from hitl.canonical import canonical

LINES = (Path(__file__).parent / "old" / "approval.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_an_old_journal_replays_to_its_state(line: str) -> None:
    told, machine = json.loads(line), ApprovalMachine()
    state = machine.initial()
    for entry in told["entries"]:
        effect = EVENTS.read(entry["body"].encode())
        for event in effect.events:
            machine.evolve(state, event, effect.at)
    assert json.loads(canonical(machine.plain(state))) == told["state"]


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_typed_events_keep_every_byte_of_the_fields_that_plain_ones_had(line: str) -> None:
    for entry in json.loads(line)["entries"]:
        body: str = entry["body"]
        events: list[dict[str, Any]] = json.loads(body)["events"]
        typed = [msgspec.to_builtins(event) for event in EVENTS.read(body.encode()).events]
        assert [canonical({name: each[name] for name in plain}) for each, plain in zip(typed, events, strict=True)] == [
            canonical(plain) for plain in events
        ]
