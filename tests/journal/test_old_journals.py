"""Journals that were written when events were plain objects open today, lead to the same state, and keep their bytes.

Each line of a file is one history: its entries, and the compared state that it led to.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hitl.access import AccessMachine
from hitl.canonical import canonical
from hitl.journal import GENESIS, Commit, Entry
from hitl.journal.entry import check_link
from hitl.learning.journalled import LearningMachine
from hitl.machine import Machine
from hitl.machine.replay import Replica
from hitl.workflow import WorkflowMachine

FOLDER = Path(__file__).parent / "old"

MACHINES: dict[str, Callable[[], Machine[Any]]] = {
    "workflow": WorkflowMachine,
    "learning": LearningMachine,
    "access": AccessMachine,
}
"""The machine of each file."""


def histories() -> Iterator[Any]:
    for name, machine in MACHINES.items():
        for number, line in enumerate((FOLDER / f"{name}.jsonl").read_text().splitlines(), start=1):
            yield pytest.param(machine(), json.loads(line), id=f"{name}-{number}")


def entries(history: dict[str, Any]) -> list[Entry]:
    return [Entry(entry["seq"], entry["body"].encode(), entry["hash"]) for entry in history["entries"]]


over_histories = pytest.mark.parametrize(("machine", "history"), list(histories()))


@over_histories
def test_an_old_history_leads_to_the_state_that_it_led_to(machine: Machine[Any], history: dict[str, Any]) -> None:
    replica = Replica(machine)
    for entry in entries(history):
        replica.replay(entry)
    state = json.loads(canonical(machine.plain(replica.state)))
    assert {key: value for key, value in state.items() if value or key in history["state"]} == history["state"]


@over_histories
def test_the_entries_of_an_old_history_link_from_the_first(machine: Machine[Any], history: dict[str, Any]) -> None:
    head = GENESIS
    for number, entry in enumerate(entries(history), start=1):
        check_link(machine.name, head, number, entry)
        head = entry.hash


@over_histories
def test_the_events_of_an_old_history_are_written_as_they_were(machine: Machine[Any], history: dict[str, Any]) -> None:
    codec = machine.events
    for entry in entries(history):
        commit = Commit.decode(entry.body)._replace(events=codec.read(entry.body).events)
        assert codec.write(commit)[0] == entry.body
