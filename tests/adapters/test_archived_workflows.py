"""Interactions, cases and workflows that are over leave memory, and everything that is asked about them is answered as before."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from hitl.adapters.valkey.archive_check import check_kept
from hitl.adapters.valkey.archived_workflows import WorkflowArchive
from hitl.adapters.valkey.archiver import WORKFLOWS, Archiver
from hitl.canonical import canonical
from hitl.errors import ChainBroken, Fenced, InteractionExists, InteractionOver, NotFound, WrongState
from hitl.identity import Principal, Role
from hitl.journal import Journal
from hitl.journal.memory import MemoryJournal
from hitl.machine import Envelope, Past, Phase, Shard
from hitl.machine.asked import plain_of
from hitl.machine.recovery import NOTHING_KEPT
from hitl.machine.snapshot import pack
from hitl.workflow import WorkflowMachine
from hitl.workflow.commands import (
    ArchiveWorkflowObjects,
    CancelInteraction,
    CancelWorkflow,
    CreateWorkflow,
    DecideCase,
    ExecuteWorkflow,
    ExpireInteraction,
    FailCase,
    FailStage,
    MarkStuck,
    ReportPrediction,
    StartCase,
    StartStage,
)
from hitl.workflow.questions import Analytics, Changes, InteractionOf, ListInteractions, PendingOf, WorkflowOf, Workflows
from tests.fakes.archive import MemoryCases, MemorySnapshots
from tests.fakes.stranger import workflow_folds
from tests.fakes.workflows import ANN, BOB, CID, CLIENT, EVE, NOBODY, OLGA, TRAINER, answers, opens
from tests.machine.running import until

FAR = 1e12
"""UTC seconds, long after all that happens here."""

CLOSED = 12
"""Objects that are over in what ``begin`` does: eight interactions, three cases, and a workflow that failed and was given up."""


def envelope(command: Any, name: str) -> Envelope:
    return Envelope(command, name, "f", "ann", "r")


class Running:
    """A running workflow shard; ``archive`` lets what is over leave it."""

    def __init__(self, shard: Shard[Any], cases: Any) -> None:
        self.shard, self.cases, self._sent = shard, cases, 0

    async def send(self, command: Any, name: str | None = None) -> Any:
        self._sent += 1
        return await self.shard.submit(envelope(command, name or f"{type(command).__name__} {self._sent}"))

    async def archive(self, kept: int = 0) -> int:
        """All but the newest ``kept``."""
        return await Archiver(self.shard, self.cases, kept, FAR, leaving=WORKFLOWS).step()

    async def in_memory(self) -> set[str]:
        state = (await self.shard.plain())["state"]
        return {name for kind in ("interactions", "cases", "workflows") for name in state[kind]}

    async def told(self) -> list[Any]:
        return [await self.shard.ask(question) for question in QUESTIONS]


@asynccontextmanager
async def serving(kept: Any, journal: Journal, past: Past = NOTHING_KEPT) -> AsyncIterator[Running]:
    shard = Shard(WorkflowMachine(), journal, name="workflow", past=past, attic=WorkflowArchive(kept))
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.phase is Phase.SERVING)
    yield Running(shard, getattr(kept, "recent", kept))
    life.cancel()
    with suppress(asyncio.CancelledError, Fenced):
        await life


async def begin(running: Running) -> None:
    """Interactions that were answered, cancelled and voted on, cases with and without people, a workflow that failed; and one of
    each that is not over."""
    await running.send(opens("pause_for_input", "paused"))
    await running.send(answers(ANN, "paused", note="go on"))
    await running.send(opens("review_and_approve", "withdrawn"))
    await running.send(CancelInteraction("withdrawn", CLIENT, "not needed"))
    await running.send(opens("multi_approval", "together", approval_type="any"))
    await running.send(answers(ANN, "together", decision="approve"))
    for name, confidence in (("sure", 0.99), ("unsure", 0.7), ("open", 0.7)):
        await running.send(StartCase(name, "decision", {}, "client"))
        await running.send(ReportPrediction(name, CLIENT, {"prediction": "approve", "confidence": confidence}))
    await running.send(DecideCase("unsure", ANN, {"decision": "approve", "confidence": 0.9, "feedback": ""}))
    await running.send(StartCase("lost", "decision", {}, "client"))
    await running.send(FailCase("lost", CLIENT, "no answer"))
    for name in ("failed", "runs"):
        await running.send(CreateWorkflow(name, name, "", "digits", "model", [{"name": "train", "type": "training"}], "trainer"))
        await running.send(ExecuteWorkflow(name, TRAINER))
        await running.send(StartStage(name, TRAINER, "train"))
    await running.send(FailStage("failed", TRAINER, "train", 1, "unknown attribute"))
    await running.send(answers(OLGA, "failed-train-1-failure", decision="abort"))
    await running.send(opens("pause_for_input", "waits"))


NAMES = (
    "paused",
    "withdrawn",
    "together",
    "together_ann",
    "together_bob",
    "unsure-human_review",
    "failed-train-1-failure",
    "waits",
)
QUESTIONS: Sequence[Any] = [
    *(InteractionOf(name, OLGA) for name in NAMES),
    InteractionOf("together_ann", ANN),
    *(WorkflowOf(name, OLGA) for name in ("sure", "unsure", "open", "lost", "failed", "runs")),
    ListInteractions(OLGA),
    ListInteractions(OLGA, limit=3),
    ListInteractions(OLGA, "completed", None, 2),
    ListInteractions(OLGA, "pending"),
    ListInteractions(CLIENT, None, "approval"),
    ListInteractions(BOB),
    ListInteractions(NOBODY),
    Workflows(OLGA),
    Workflows(OLGA, None, None, 1),
    Workflows(OLGA, "completed"),
    Workflows(OLGA, "failed", False),
    Workflows(OLGA, None, True),
    Workflows(CLIENT),
    Workflows(TRAINER, limit=2),
    PendingOf(ANN),
    Analytics(),
    Changes(0),
]


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    async with serving(MemoryCases(), MemoryJournal()) as found:
        await begin(found)
        yield found


async def archived_whole(running: Running) -> int:
    count = 0
    while left := await running.archive():
        count += left
    return count


async def test_everything_is_answered_as_before(running: Running) -> None:
    before = await running.told()
    assert await archived_whole(running) == CLOSED
    assert await running.in_memory() == {"waits", "open", "open-human_review", "runs"}
    assert await running.told() == before


async def test_only_the_newest_stay(running: Running) -> None:
    before = await running.told()
    assert await running.archive(kept=3) == CLOSED - 3
    assert await running.archive(kept=3) == 0
    assert await running.told() == before


@pytest.mark.parametrize(("wall", "left"), [(time.time, 0), (lambda: FAR, CLOSED)])
async def test_each_leaves_at_its_time(running: Running, wall: Callable[[], float], left: int) -> None:
    assert await Archiver(running.shard, running.cases, 100, 3600.0, wall, WORKFLOWS).step() == left


async def test_a_part_stays_as_long_as_its_request_waits(running: Running) -> None:
    await running.send(opens("multi_approval", "vote"))
    await running.send(answers(ANN, "vote", decision="approve"))
    await archived_whole(running)
    assert {"vote", "vote_ann", "vote_bob"} <= await running.in_memory()
    with pytest.raises(InteractionOver):
        await running.send(answers(ANN, "vote", decision="reject"))
    for person in (BOB, CID):
        await running.send(answers(person, "vote", decision="approve"))
    assert await archived_whole(running) == 4


async def test_who_may_not_see_one_learns_nothing_of_it_there_either(running: Running) -> None:
    stranger = Principal("zoe", frozenset({Role.CLIENT}))
    await archived_whole(running)
    for question in (InteractionOf("paused", stranger), WorkflowOf("sure", stranger), InteractionOf("never", OLGA)):
        with pytest.raises(NotFound):
            await running.shard.ask(question)
    assert (await running.shard.ask(ListInteractions(stranger))).interactions == []


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (answers(BOB, "paused", note="late"), InteractionOver),
        (answers(ANN, "together", decision="reject"), InteractionOver),
        (CancelInteraction("paused", CLIENT, "late"), InteractionOver),
        (DecideCase("unsure", EVE, {"decision": "reject", "confidence": 0.9, "feedback": ""}), WrongState),
        (FailCase("sure", CLIENT, "late"), WrongState),
        (StartStage("failed", TRAINER, "train"), WrongState),
        (answers(ANN, "never", note="late"), NotFound),
    ],
)
async def test_late_commands_are_refused_as_before(running: Running, command: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as before:
        await running.send(command)
    await archived_whole(running)
    seq = running.shard.seq
    with pytest.raises(refusal) as after:
        await running.send(command)
    assert str(after.value) == str(before.value)
    assert running.shard.seq == seq


async def test_an_id_is_taken_for_ever(running: Running) -> None:
    again = opens("pause_for_input", "paused")
    before = await running.send(again)
    await archived_whole(running)
    seq = running.shard.seq
    assert plain_of(await running.send(again)) == plain_of(before)
    with pytest.raises(InteractionExists):
        await running.send(replace(again, data={"rows": 4}))
    assert running.shard.seq == seq


async def test_an_id_that_leaves_while_it_is_looked_for_is_taken_too(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    find = running.cases.find

    async def find_while_it_leaves(row_ids: list[str]) -> list[bytes]:
        monkeypatch.undo()
        found: list[bytes] = await find(row_ids)
        await archived_whole(running)
        return found

    monkeypatch.setattr(running.cases, "find", find_while_it_leaves)
    with pytest.raises(InteractionExists):
        await running.send(opens("pause_for_input", "paused", {"rows": 4}))


async def test_what_leaves_while_a_list_is_read_is_on_the_list(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await running.shard.ask(ListInteractions(OLGA))
    await running.archive(kept=CLOSED - 1)
    choose = running.cases.choose

    async def choose_before_others_leave(wanted: Any) -> list[str]:
        monkeypatch.undo()
        found: list[str] = await choose(wanted)
        await archived_whole(running)
        return found

    monkeypatch.setattr(running.cases, "choose", choose_before_others_leave)
    assert await running.shard.ask(ListInteractions(OLGA)) == before


async def test_what_memory_can_answer_is_not_looked_for_in_the_archive(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    await archived_whole(running)
    for number in range(3):
        await running.send(opens("pause_for_input", f"later {number}"))

    async def choose(wanted: Any) -> list[str]:
        raise AssertionError("the archive was searched")

    monkeypatch.setattr(running.cases, "choose", choose)
    assert len((await running.shard.ask(ListInteractions(OLGA, limit=3))).interactions) == 3
    assert len((await running.shard.ask(ListInteractions(OLGA, "pending"))).interactions) == 5


async def test_a_workflow_that_failed_can_still_be_cancelled(running: Running) -> None:
    await archived_whole(running)
    assert (await running.send(CancelWorkflow("failed", TRAINER, "enough"))).happened == ["WorkflowCancelled"]
    assert "failed" in await running.in_memory()
    assert (await running.shard.ask(WorkflowOf("failed", OLGA))).status == "cancelled"
    assert [each.workflow_id for each in (await running.shard.ask(Workflows(TRAINER))).workflows] == ["runs", "failed"]
    figures = await running.shard.ask(Analytics())
    assert figures.workflows_by_state == {"completed": 2, "human_review": 1, "failed": 1, "cancelled": 1, "running": 1}
    assert await archived_whole(running) == 1
    assert await running.shard.ask(Analytics()) == figures
    assert (await running.shard.ask(WorkflowOf("failed", OLGA))).status == "cancelled"


async def test_alarms_of_what_left_are_harmless(running: Running) -> None:
    await archived_whole(running)
    state = await running.shard.state()
    for command in (ExpireInteraction("paused"), MarkStuck("failed", "train", 1)):
        assert running.shard.outcome(state, command).events == []


async def test_what_changed_since_it_was_kept_stays(running: Running) -> None:
    wrong = tuple((name, "0" * 64) for name in ("interaction/paused", "interaction/waits", "workflow/sure", "workflow/never"))
    assert (await running.send(ArchiveWorkflowObjects(wrong))).archived == 0


async def test_a_snapshot_and_a_replay_lead_to_the_same_answers() -> None:
    cases, journal, snapshots = MemoryCases(), MemoryJournal(), MemorySnapshots()
    async with serving(cases, journal) as running:
        await begin(running)
        await running.archive(kept=5)
        snapshots.files[running.shard.seq] = pack("workflow", running.shard._replica, {})
        await running.archive(kept=2)
        before, plain = await running.told(), await running.shard.plain()
    for past in (Past(snapshots), NOTHING_KEPT):
        async with serving(cases, journal, past) as running:
            assert await running.told() == before
            assert canonical((await running.shard.plain())["state"]) == canonical(plain["state"])
    async with serving(cases, journal, Past(snapshots)) as running:
        assert await running.archive() == 2


async def test_another_programs_replay_agrees(running: Running) -> None:
    await archived_whole(running)
    await running.send(CancelWorkflow("failed", TRAINER, "enough"))
    plain = json.loads(canonical((await running.shard.plain())["state"]))
    commits = [json.loads(entry.body) for entry in await running.shard._writer.journal.read(0, 1000)]
    assert workflow_folds.fold_workflows(commits) == plain


async def test_what_is_kept_is_proved_by_the_journal() -> None:
    cases, journal = MemoryCases(), MemoryJournal()
    async with serving(cases, journal) as running:
        await begin(running)
        await archived_whole(running)
        assert await check_kept("workflow", journal, cases) == CLOSED
        cases.rows["workflow/unsure"] = cases.rows["workflow/unsure"].replace(b"approve", b"decline")
        with pytest.raises(ChainBroken):
            await check_kept("workflow", journal, cases)
