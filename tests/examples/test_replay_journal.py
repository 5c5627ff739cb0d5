"""The stranger's replay finds what was changed, and agrees where nothing was."""

import ast
import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hitl.adapters.files.archive import ArchivedEntries
from hitl.approval import RollBack
from hitl.canonical import canonical, digest_of
from hitl.journal import follow
from hitl.learning.journalled import LearningMachine
from hitl.learning.journalled.commands import (
    ConfirmOverride,
    NoteJob,
    ProposeOverride,
    RevokeOverride,
    SwitchOverrides,
    TriggerRetraining,
)
from hitl.review import Archivable, ArchiveCases, Decide, Escalate
from tests.fakes import approvals, reviews
from tests.fakes.shell import Shell
from tests.fakes.stranger import EXAMPLES, replay_journal
from tests.fakes.streams import Streams


def learned() -> Shell:
    """A shard with a retraining, an override that ended, one that answers, and the kill switch."""
    shell = Shell(LearningMachine())
    proposed = ProposeOverride("digits", "a", "8", "3", "ann", False, 2_000_000.0)
    for command in (
        TriggerRetraining("digits", "digits/labels/0", "11 new labels", {"labels": 11}),
        NoteJob("digits/labels/0", "retrain-1", "submitted"),
        NoteJob("digits/labels/0", "retrain-1", "succeeded", "{}"),
        proposed,
        ConfirmOverride("a", "8", "bob", False),
        ProposeOverride("digits", "b", "8", "3", "eve", True, 2_000_000.0),
        RevokeOverride("b", "wrong", "olga"),
        SwitchOverrides("digits", False, "storm", "olga"),
    ):
        shell.send(command)
    return shell


class Service:
    """A store with some history, and the live state as the API tells it."""

    def __init__(self) -> None:
        self.shells = {"approval": approvals.shard(*approvals.REPLACED), "review-0": reviews.shard(reviews.record("a"))}
        self.shells["approval"].send(RollBack("digits", approvals.GOOD, "olga", "worse"))
        reviews.claimed(self.shells["review-0"], "ann")
        self.shells["review-0"].send(Escalate("a-1", 1, "ann", "unsure"))
        reviews.claimed(self.shells["review-0"], "eve", "digits.expert")
        self.shells["review-0"].send(Decide("a-1", 2, "eve", "2"))
        self.shells["learning"] = learned()
        self.live = {name: self._live(name) for name in self.shells}
        self.store = Streams()
        for name, shell in self.shells.items():
            self.store.add_journal(name, shell.entries)
        for case_id, gateway in zip("abcde", ("g1", "g2", "g1", "g1", "g2"), strict=True):
            self.store.add_case(0, gateway, reviews.record(case_id).encode())
        self.journal = self.store.entries["hitl:{review-0}:journal"]
        self.cases = self.store.entries["hitl:{intake-0}:cases"]

    def _live(self, name: str) -> dict[str, Any]:
        last = self.shells[name].entries[-1]
        return {"seq": last.seq, "hash": last.hash, "state": json.loads(canonical(self.shells[name].plain()))}

    def get(self, path: str) -> Any:
        if path == "/v1/journal":
            return {"shards": [{"shard": name} for name in self.live]}
        return self.live[path.split("/")[3]]

    def replay(self) -> dict[str, Any]:
        report: dict[str, Any] = replay_journal.replay(self.store, self.get)
        return report

    def rewrite(self, shard: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Change every commit and link the chain anew, with the live state naming the new hash: only the fold can tell."""
        entries = self.shells[shard].entries
        head = replay_journal.GENESIS
        for i, entry in enumerate(entries):
            commit = json.loads(entry.body)
            change(commit)
            entries[i] = follow(head, entry.seq, canonical(commit))
            head = entries[i].hash
        self.live[shard]["hash"] = head
        self.store.add_journal(shard, entries)


def test_an_untouched_history_matches_the_live_state() -> None:
    report = Service().replay()
    assert (report["replay_matches"], report["problems"]) == (True, [])
    assert report["shards"]["review-0"] == {"matches": True, "seq": 5}
    assert report["intake"] == {"intake-0": {"matches": True, "cases": 5}}


def test_entries_that_moved_to_the_archive_are_read_there(tmp_path: Path) -> None:
    service = Service()
    asyncio.run(ArchivedEntries(str(tmp_path), "review-0").add(service.shells["review-0"].entries[:3]))
    del service.journal[1], service.journal[2]
    assert not service.replay()["replay_matches"]
    assert replay_journal.replay(service.store, service.get, tmp_path)["problems"] == []


def test_entries_that_leave_for_the_archive_while_they_are_read_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service()
    for first, end in ((0, 2), (0, 4)):  # written by two at once
        asyncio.run(ArchivedEntries(str(tmp_path), "review-0").add(service.shells["review-0"].entries[first:end]))
    read = service.store.xrange

    def read_and_trim(key: str, min: str, count: int) -> list[tuple[bytes, dict[bytes, bytes]]]:
        page = read(key, min, count)
        for seq in (1, 2, 3) if "review" in key else ():
            service.journal.pop(seq, None)
        return page

    monkeypatch.setattr(replay_journal, "PAGE", 2)
    monkeypatch.setattr(service.store, "xrange", read_and_trim)
    assert replay_journal.replay(service.store, service.get, tmp_path)["problems"] == []


def test_entries_behind_the_live_answer_are_not_compared() -> None:
    service = Service()
    shell = service.shells["review-0"]
    live = service.live["review-0"]
    shell.send(reviews.OpenReview(reviews.record("b"), 2))
    service.store.add_journal("review-0", shell.entries)
    assert service.live["review-0"] is live
    assert service.replay()["replay_matches"]


@pytest.mark.parametrize("place", [0, 7, 40, -1])
def test_one_changed_byte_of_a_journal_is_found(place: int) -> None:
    service = Service()
    for fields in service.journal.values():
        body = bytearray(fields[b"b"])
        body[place] ^= 1
        before, fields[b"b"] = fields[b"b"], bytes(body)
        assert not service.replay()["replay_matches"]
        fields[b"b"] = before


def test_a_missing_or_swapped_entry_is_found() -> None:
    for change in (lambda entries: entries.pop(3), lambda entries: entries.update({3: entries[4], 4: entries[3]})):
        for part in ("journal", "cases"):
            service = Service()
            change(getattr(service, part))
            assert not service.replay()["replay_matches"]


def test_a_review_of_another_case_than_the_one_at_its_position_is_found() -> None:
    service = Service()
    service.cases.update({1: service.cases[2], 2: service.cases[1]})
    assert service.replay()["problems"] == ["hitl:{intake-0}:cases: entry 1 is not the case of review a-1"]


def test_a_review_that_was_archived_is_compared_with_its_case_too() -> None:
    service = Service()
    shell = service.shells["review-0"]
    shell.advance(reviews.DAY_S)
    shell.state.known.clear()  # there are newer ones to test people with
    (case,) = shell.ask(Archivable(0, 0.0, 9))["cases"]
    shell.send(ArchiveCases(((case[0], digest_of(case[1].encode())),)))
    service.store.add_journal("review-0", shell.entries)
    service.live["review-0"] = service._live("review-0")
    assert (service.live["review-0"]["state"]["reviews"], service.replay()["problems"]) == ({}, [])
    service.cases.update({1: service.cases[2], 2: service.cases[1]})
    assert service.replay()["problems"] == ["hitl:{intake-0}:cases: entry 1 is not the case of review a-1"]


def test_a_journal_that_is_gone_is_found() -> None:
    service = Service()
    del service.store.entries["hitl:{review-0}:journal"]
    assert "ends at 0" in service.replay()["problems"][0]


def test_a_changed_record_of_a_case_is_found() -> None:
    service = Service()
    service.cases[4][b"b"] = b'{"case_id":"x"}'
    assert service.replay()["problems"] == ["hitl:{intake-0}:cases: the chain of gateway g1 breaks at entry 4"]


def test_an_input_that_is_not_the_one_of_its_record_is_found() -> None:
    service = Service()
    service.cases[2][b"p"] = b'{"features":[]}'
    assert service.replay()["problems"] == ["hitl:{intake-0}:cases: the input of entry 2 was changed"]


def test_an_intake_may_have_lost_its_beginning_to_trimming() -> None:
    service = Service()
    del service.cases[1], service.cases[2]
    assert service.replay()["replay_matches"]


def test_a_live_state_that_the_journal_does_not_explain_is_found() -> None:
    service = Service()
    service.live["review-0"]["state"]["reviews"]["a-1"]["outcome"]["label"] = "0"
    assert service.replay()["problems"] == ["review-0: 'reviews' differs from the live state at entry 5"]


def _without_bob(commit: dict[str, Any]) -> None:
    commit["events"] = [event for event in commit["events"] if event.get("voter") != "bob"]


def _by_somebody_else(commit: dict[str, Any]) -> None:
    for event in commit["events"]:
        if event["type"] == "ReviewDecided":
            event["reviewer"] = "mallory"


@pytest.mark.parametrize(
    ("shard", "change", "problem"),
    [
        ("approval", _without_bob, "approval digits-1 was deployed without its quorum"),
        ("review-0", _by_somebody_else, "review a-1 is leased: ReviewDecided cannot happen"),
    ],
)
def test_a_well_chained_history_that_breaks_the_rules_is_found(shard: str, change: Any, problem: str) -> None:
    service = Service()
    service.rewrite(shard, change)
    assert service.replay()["problems"] == [problem]


def test_the_script_imports_nothing_of_the_product() -> None:
    imported = set()
    for path in EXAMPLES.glob("*journal*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module)
    assert not {name for name in imported if name and name.split(".")[0] in ("hitl", "serve_app", "training")}
