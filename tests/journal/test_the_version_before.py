"""Journals, snapshots and a backup of the version before the packages moved and events became types: they open, lead to the
same state, and go on.

Each line of a journal's file is one history that the tests of that version wrote (commit d9b959a): its entries, the compared
state at its end, the time then, and a snapshot half way. ``backup`` is a backup of a store that held the first history of each.
"""

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.access import AccessMachine
from hitl.adapters.files.archive import AnchorFile, ArchivedEntries, SnapshotFiles
from hitl.adapters.files.archived_journal import ArchivedJournal
from hitl.adapters.valkey.backup import Places, Why, restore
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.approval import ApprovalMachine
from hitl.canonical import canonical
from hitl.journal import Entry
from hitl.learning.journalled import LearningMachine
from hitl.machine import Machine, Past
from hitl.machine.recovery import recover
from hitl.machine.replay import Replica
from hitl.machine.snapshot import restored, unpack
from hitl.workflow import WorkflowMachine
from tests.fakes import reviews
from tests.fakes.shell import Shell
from tests.fakes.stranger import replay_journal

FOLDER = Path(__file__).parents[1] / "fixtures" / "older"
MONTH_S = 31 * 86_400.0

MACHINES: dict[str, Callable[[], Machine[Any]]] = {
    "access": AccessMachine,
    "approval": ApprovalMachine,
    "learning": LearningMachine,
    "review": reviews.machine,
    "workflow": WorkflowMachine,
}
SHARDS = {name: "review-0" if name == "review" else name for name in MACHINES}
NOW_BEHIND = frozenset({"access"})
"""Shards whose journal the restore itself goes on with."""


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress((FOLDER / f"{name}.jsonl.gz").read_bytes()).splitlines()]


def histories() -> Iterator[Any]:
    for name in MACHINES:
        for number, told in enumerate(lines(name), start=1):
            yield pytest.param(name, told, id=f"{name}-{number}")


over_histories = pytest.mark.parametrize(("name", "told"), list(histories()))


def entries(told: dict[str, Any]) -> list[Entry]:
    return [Entry(each["seq"], each["body"].encode(), each["hash"]) for each in told["entries"]]


def plain(machine: Machine[Any], state: Any) -> Any:
    return json.loads(canonical(machine.plain(state)))


def known_then(state: Any, told: dict[str, Any]) -> Any:
    """The state without the parts that the version before did not have, which nothing has filled."""
    return {key: value for key, value in state.items() if value or key in told["state"]}


def folded(shard: str, told: list[Entry]) -> Any:
    """The state as the example makes it of the entries, without our code."""
    fold = replay_journal.FOLDS.get(shard, replay_journal.fold_reviews)
    return json.loads(canonical(fold(json.loads(each.body) for each in told)))


@over_histories
def test_a_journal_leads_to_the_state_that_it_led_to(name: str, told: dict[str, Any]) -> None:
    replica = Replica(MACHINES[name]())
    for entry in entries(told):
        replica.replay(entry)
    state = plain(replica.machine, replica.state)
    assert known_then(state, told) == told["state"]
    assert state == folded(SHARDS[name], entries(told))


@over_histories
def test_a_snapshot_is_read_or_left_aside_and_the_rest_of_the_journal_leads_on(name: str, told: dict[str, Any]) -> None:
    machine, history = MACHINES[name](), entries(told)
    replica = Replica(machine)
    half = (len(history) + 1) // 2
    found = unpack(machine.name, half, base64.b64decode(told["snapshot"]))
    assert found is not None
    start = half if restored(found, replica) else 0
    for entry in history[start:]:
        replica.replay(entry)
    assert known_then(plain(machine, replica.state), told) == told["state"]


@over_histories
def test_it_goes_on_and_the_example_still_agrees(name: str, told: dict[str, Any]) -> None:
    """A month passes: whatever waits for a time comes due, and is written behind the old entries."""
    shell = Shell(MACHINES[name](), now=told["now"], entries=entries(told))
    shell.recover()
    shell.advance(MONTH_S)
    state = plain(shell.machine, shell.state)
    assert state == json.loads(canonical(shell.replayed())) == folded(SHARDS[name], shell.entries)


def test_time_writes_new_entries_behind_old_ones() -> None:
    """That the test before has something to look at."""
    grown = set()
    for name in ("approval", "review", "workflow"):
        for told in lines(name):
            shell = Shell(MACHINES[name](), now=told["now"], entries=entries(told))
            shell.recover()
            shell.advance(MONTH_S)
            grown |= {name} if len(shell.entries) > len(told["entries"]) else set()
    assert grown == {"approval", "review", "workflow"}


async def test_a_backup_is_restored_and_replayed(valkey: Redis, tmp_path: Path) -> None:
    places = Places(str(tmp_path / "archive"), str(tmp_path / "artifacts"))
    await restore(valkey, places, FOLDER / "backup", Why("olga", "moved to a new version", 2_000.0))
    for name, shard in SHARDS.items():
        machine, told = MACHINES[name](), lines(name)[0]
        journal = ArchivedJournal(ValkeyJournal(valkey, shard), ArchivedEntries(places.archive, shard))
        past = Past(SnapshotFiles(places.archive, shard), AnchorFile(places.archive, shard))
        found = await recover(machine, shard, journal, lambda seq, effect: None, past)
        state = plain(machine, found.state)
        assert folded(shard, await journal.read(0, 1_000)) == state
        if name in NOW_BEHIND:
            assert [each["reason"] for each in state["restores"]] == ["moved to a new version"]
            state = {**state, "restores": told["state"].get("restores", [])}
        assert known_then(state, told) == told["state"]
