"""Approvals that are over leave memory, and everything that is asked about them is answered as before."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.adapters.files.settled_files import APPROVALS as APPROVALS_LAYOUT
from hitl.adapters.files.settled_files import Layout
from hitl.adapters.valkey.archive_check import check_kept
from hitl.adapters.valkey.archived_approvals import ApprovalArchive
from hitl.adapters.valkey.archiver import APPROVALS, Archiver
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.settled_mover import SettledMover
from hitl.adapters.valkey.settled_objects import open_settled
from hitl.approval import ApprovalMachine, ApprovalOf, Approvals, CancelApproval, Deploy, Vote
from hitl.approval.commands import ArchiveApprovals, Expire, Nudge
from hitl.approval.figures import count_in, summarize_approvals
from hitl.approval.questions import ApprovalCounts, ApprovalMetrics, AuditTrail
from hitl.approval.state import Approval, ApprovalState, RequestStatus
from hitl.approval.views import ApprovalPage
from hitl.canonical import canonical
from hitl.cli.commands.verify import verify_all
from hitl.errors import ApprovalClosed, ChainBroken, NotFound
from hitl.identity import Principal, Role
from hitl.journal import Commit, Journal
from hitl.journal.memory import MemoryJournal
from hitl.machine import Envelope, Past, Phase, Shard
from hitl.machine.asked import plain_of
from hitl.machine.recovery import NOTHING_KEPT
from hitl.machine.snapshot import pack
from tests.fakes.approvals import GOOD, ask, request
from tests.fakes.archive import MemoryCases, MemorySnapshots
from tests.fakes.stranger import journal_folds
from tests.machine.running import until

ENDED = [f"refund-{letter}" for letter in "abcdef"]
FAR = 1e12
"""UTC seconds, long after all that happens here."""


def envelope(command: Any, name: str) -> Envelope:
    return Envelope(command, name, "f", "ann", "r")


class Asked:
    """A running approval shard; ``archive`` lets what is over leave it."""

    def __init__(self, shard: Shard[Any], cases: Any) -> None:
        self.shard, self.cases = shard, cases

    async def send(self, command: Any, name: str) -> Any:
        return await self.shard.submit(envelope(command, name))

    async def end(self, approval_id: str, vote: str = "approve") -> None:
        await self.send(ask(approval_id=approval_id, context={"order": approval_id}), f"ask {approval_id}")
        for voter in ("ann", "bob"):
            await self.vote(approval_id, voter, vote)

    async def vote(self, approval_id: str, voter: str, vote: str = "approve") -> Any:
        shown = (await self.shard.ask(ApprovalOf(approval_id))).approval
        return await self.send(Vote(approval_id, voter, vote, shown.digest, "read it", shown.shown), f"{voter} {approval_id}")

    async def archive(self, kept: int = 0) -> int:
        """All but the newest ``kept``."""
        return await Archiver(self.shard, self.cases, kept, FAR, leaving=APPROVALS).step()

    async def in_memory(self) -> list[str]:
        found: dict[str, Any] = (await self.shard.plain())["state"]["approvals"]
        return list(found)


@asynccontextmanager
async def serving(kept: Any, journal: Journal, past: Past = NOTHING_KEPT) -> AsyncIterator[Asked]:
    shard = Shard(ApprovalMachine(), journal, name="approval", past=past, attic=ApprovalArchive(kept))
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.phase is Phase.SERVING)
    yield Asked(shard, getattr(kept, "recent", kept))
    life.cancel()
    with suppress(asyncio.CancelledError):
        await life


@pytest.fixture
async def asked() -> AsyncIterator[Asked]:
    """Six that ended, one that waits, and one that decides what serves, and did."""
    async with serving(MemoryCases(), MemoryJournal()) as found:
        await begin(found)
        yield found


async def begin(asked: Asked) -> None:
    for number, approval_id in enumerate(ENDED):
        await asked.end(approval_id, "reject" if number % 3 else "approve")
    await asked.send(ask(approval_id="waits"), "ask waits")
    await asked.send(request(quorum=1, expires_at=FAR), "request")
    await asked.send(Vote("digits-1", "ann", "approve", GOOD, "good"), "vote for digits")
    await asked.send(Deploy("digits-1", GOOD), "deploy")


ANN, STRANGER = Principal("ann", frozenset({Role.REVIEWER})), Principal("zoe", frozenset({Role.REVIEWER}))
BOUND = Principal("bob", frozenset({Role.APPROVER}), frozenset({"digits"}))
AGENT = Principal("agent", frozenset({Role.CLIENT}))
QUESTIONS: Sequence[Any] = [
    *(ApprovalOf(approval_id) for approval_id in [*ENDED, "waits", "digits-1"]),
    AuditTrail("refund-a", None, True, True),
    Approvals(),
    Approvals("rejected", None, None, None, 0, 3),
    Approvals("approved", "", "ai_decision", ANN, 0, 100),
    ApprovalCounts(),
]
FIGURES = (ApprovalMetrics(), ApprovalMetrics(ANN), ApprovalMetrics(STRANGER), ApprovalMetrics(BOUND), ApprovalMetrics(AGENT))


async def test_everything_is_answered_as_before(asked: Asked) -> None:
    before = [await asked.shard.ask(question) for question in QUESTIONS]
    assert await asked.archive() == len(ENDED)
    assert await asked.in_memory() == ["waits", "digits-1"]
    assert [await asked.shard.ask(question) for question in QUESTIONS] == before


async def test_nothing_of_what_left_stays_in_memory_but_counts(asked: Asked) -> None:
    await asked.archive()
    assert list((await asked.shard.state()).approvals) == ["waits", "digits-1"]


@pytest.mark.parametrize("kept", [0, 3])
async def test_figures_go_on_and_the_median_is_right_within_a_percent(asked: Asked, kept: int) -> None:
    before = [await asked.shard.ask(question) for question in FIGURES]
    await asked.archive(kept)
    for was, question in zip(before, FIGURES, strict=True):
        found = await asked.shard.ask(question)
        assert found.median_decision_s == (was.median_decision_s and pytest.approx(was.median_decision_s, rel=0.02, abs=0.001))
        assert found.average_decision_s == (was.average_decision_s and pytest.approx(was.average_decision_s))
        same = {"median_decision_s": None, "average_decision_s": None}
        assert replace(found, **same) == replace(was, **same)


def test_a_median_of_counted_times_is_right_within_a_percent() -> None:
    random, state = Random(7), ApprovalState()
    times = [random.lognormvariate(6, 2) for _ in range(5_001)]
    for number, took_s in enumerate(times):
        made = Approval(f"a{number}", "ai_decision", "", "", "", {}, "agent", 1_000.0, 1, 0.0)
        made.status, made.decided_at = RequestStatus.APPROVED, 1_000.0 + took_s
        count_in(state, made)
    figures = summarize_approvals(state, None)
    assert figures.median_decision_s == pytest.approx(sorted(times)[2_500], rel=0.011)
    assert figures.average_decision_s == pytest.approx(sum(times) / len(times))
    assert len(state.archived[""].times) < 1_200


@pytest.mark.parametrize("kept", [0, 2, 4])
@pytest.mark.parametrize("question", [Approvals(), Approvals("rejected"), Approvals(None, None, None, ANN)])
async def test_pages_follow_each_other_over_the_border(asked: Asked, question: Approvals, kept: int) -> None:
    before = await pages_of(asked, question)
    await asked.archive(kept)
    assert await pages_of(asked, question) == before
    assert len(before) >= 2


async def pages_of(asked: Asked, question: Approvals) -> list[Any]:
    found = [await asked.shard.ask(replace(question, limit=2))]
    while found[-1].next is not None:
        found.append(await asked.shard.ask(replace(question, limit=2, after=found[-1].next)))
    return found


async def test_a_page_is_whole_though_more_leave_while_it_is_read(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await asked.shard.ask(Approvals(limit=4))
    await asked.archive(kept=4)
    choose = asked.cases.choose

    async def choose_before_others_leave(wanted: Any) -> list[str]:
        monkeypatch.undo()
        found: list[str] = await choose(wanted)
        await asked.archive()
        return found

    monkeypatch.setattr(asked.cases, "choose", choose_before_others_leave)
    assert await asked.shard.ask(Approvals(limit=4)) == before


@pytest.mark.parametrize("question", [Approvals("pending"), Approvals(None, None, "model_deployment"), Approvals(None, "digits")])
async def test_what_waits_or_decides_what_serves_is_not_looked_for_in_the_archive(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, question: Approvals
) -> None:
    async def choose(wanted: Any) -> list[str]:
        raise AssertionError("the archive was searched")

    await asked.archive()
    behind = (await asked.shard.ask(ApprovalOf("digits-1"))).approval.approval_id
    after = (await asked.shard.state()).approvals[behind].place if question.task else 0
    monkeypatch.setattr(asked.cases, "choose", choose)
    assert len((await asked.shard.ask(replace(question, after=after))).approvals) == 1


async def test_a_name_that_leaves_while_it_is_looked_for_is_taken_too(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    find = asked.cases.find

    async def find_while_it_leaves(row_ids: list[str]) -> list[bytes]:
        monkeypatch.undo()
        found: list[bytes] = await find(row_ids)
        await asked.archive()
        return found

    monkeypatch.setattr(asked.cases, "find", find_while_it_leaves)
    with pytest.raises(ApprovalClosed):
        await asked.send(ask(approval_id="refund-a", context={"order": 8}), "ask something else")


async def test_only_the_newest_stay(asked: Asked) -> None:
    assert await asked.archive(kept=2) == 4
    assert await asked.in_memory() == [*ENDED[4:], "waits", "digits-1"]
    assert await asked.archive(kept=2) == 0


@pytest.mark.parametrize(("wall", "left"), [(time.time, 0), (lambda: FAR, len(ENDED))])
async def test_each_leaves_at_its_time(asked: Asked, wall: Callable[[], float], left: int) -> None:
    archiver = Archiver(asked.shard, asked.cases, 100, 3600.0, wall, APPROVALS)
    assert await archiver.step() == left


async def test_who_may_not_see_one_learns_nothing_of_it_there_either(asked: Asked) -> None:
    await asked.archive()
    for question in (ApprovalOf("refund-a", STRANGER), AuditTrail("refund-a", STRANGER)):
        with pytest.raises(NotFound):
            await asked.shard.ask(question)
    assert (await asked.shard.ask(Approvals(None, None, None, STRANGER, 0, 100))).approvals == []
    with pytest.raises(NotFound):
        await asked.shard.ask(ApprovalOf("never"))


async def test_late_commands_are_refused_and_repeated_ones_answered_as_before(asked: Asked) -> None:
    shown = (await asked.shard.ask(ApprovalOf("refund-a"))).approval
    again = Vote("refund-a", "bob", "approve", shown.digest, "read it", shown.shown)
    first = await asked.send(again, "bob refund-a")
    await asked.archive()
    seq = asked.shard.seq
    assert plain_of(await asked.send(again, "bob refund-a")) == plain_of(first)
    with pytest.raises(ApprovalClosed):
        await asked.vote("refund-a", "cid")
    with pytest.raises(ApprovalClosed):
        await asked.send(CancelApproval("refund-a", "agent", "too late"), "cancel")
    assert asked.shard.seq == seq


async def test_a_name_is_taken_for_ever(asked: Asked) -> None:
    same, other = ask(approval_id="refund-a", context={"order": "refund-a"}), ask(approval_id="refund-a", context={"order": 8})
    before = await asked.send(same, "ask again")
    await asked.archive()
    seq = asked.shard.seq
    assert await asked.send(same, "and again") == before
    with pytest.raises(ApprovalClosed):
        await asked.send(other, "ask something else")
    assert asked.shard.seq == seq


async def test_alarms_of_what_left_are_harmless(asked: Asked) -> None:
    await asked.archive()
    state, seq = await asked.shard.state(), asked.shard.seq
    for command in (Expire("refund-a"), Nudge("refund-a", 0)):
        with pytest.raises(NotFound):
            asked.shard.outcome(state, command)
    assert asked.shard.seq == seq


async def test_what_changed_since_it_was_kept_stays(asked: Asked) -> None:
    told = await asked.send(ArchiveApprovals((("refund-a", "0" * 64), ("waits", "0" * 64), ("digits-1", "0" * 64))), "archive")
    assert told.archived == 0


async def test_a_snapshot_and_a_replay_lead_to_the_same_answers() -> None:
    cases, journal, snapshots = MemoryCases(), MemoryJournal(), MemorySnapshots()
    async with serving(cases, journal) as asked:
        await begin(asked)
        await asked.archive(kept=2)
        snapshots.files[asked.shard.seq] = pack("approval", asked.shard._replica, {})
        await asked.archive(kept=1)
        before = [await asked.shard.ask(question) for question in QUESTIONS]
        plain = await asked.shard.plain()
    for past in (Past(snapshots), NOTHING_KEPT):
        async with serving(cases, journal, past) as asked:
            assert [await asked.shard.ask(question) for question in QUESTIONS] == before
            assert canonical((await asked.shard.plain())["state"]) == canonical(plain["state"])
    async with serving(cases, journal, Past(snapshots)) as asked:
        assert await asked.archive() == 1


async def test_another_programs_replay_agrees(asked: Asked) -> None:
    await asked.archive(kept=2)
    plain = json.loads(canonical((await asked.shard.plain())["state"]))
    entries = await asked.shard._writer.journal.read(0, 1000)
    commits = [json.loads(entry.body) for entry in entries]
    assert Commit.decode(entries[-1].body).events[0]["type"] == "ApprovalArchived"
    assert journal_folds.fold_approvals(commits)["approvals"] == plain["approvals"]


async def test_what_is_kept_is_proved_by_the_journal() -> None:
    cases, journal = MemoryCases(), MemoryJournal()
    async with serving(cases, journal) as asked:
        await begin(asked)
        await asked.archive()
        assert await check_kept("approval", journal, cases) == len(ENDED)
        cases.rows["refund-b"] = cases.rows["refund-b"].replace(b"reject", b"approve")
        with pytest.raises(ChainBroken):
            await check_kept("approval", journal, cases)


async def test_they_move_on_to_files(valkey: Redis, valkey_url: str, tmp_path: Path) -> None:
    uri = str(tmp_path / "archive")
    settled = open_settled(valkey, "approval", uri)
    async with serving(settled, ValkeyJournal(valkey, "approval")) as asked:
        await begin(asked)
        before = [await asked.shard.ask(question) for question in QUESTIONS]
        await asked.archive()
        assert await SettledMover(asked.shard, settled, 4).step() == 4
        assert len(list(Path(uri, "approvals/approval").glob("*.parquet"))) == 1  # noqa: ASYNC240 - a folder of one file
        assert [await asked.shard.ask(question) for question in QUESTIONS] == before
    await asyncio.to_thread(verify_all, valkey_url, 1, uri)


async def test_files_of_an_older_version_are_listed_too(valkey: Redis, valkey_url: str, tmp_path: Path) -> None:
    """They have no column for lists, their rows no place, and the store's list no spans."""
    uri = str(tmp_path / "archive")
    settled = open_settled(valkey, "approval", uri)
    settled.files.layout = Layout("approvals", "approval_id")
    async with serving(settled, ValkeyJournal(valkey, "approval")) as asked:
        await begin(asked)
        before = [await asked.shard.ask(question) for question in QUESTIONS]
        await asked.archive()
        rows = {name: json.loads(data) for name, data in (await settled.recent.rows(ENDED)).items()}
        older = {name: canonical([{key: value for key, value in row.items() if key != "place"}]) for name, (row,) in rows.items()}
        await settled.recent.keep(asked.shard.epoch, older)
        assert await SettledMover(asked.shard, settled, 4).step() > 0
        settled.files.layout = APPROVALS_LAYOUT
        found = [await asked.shard.ask(question) for question in QUESTIONS]
        ids = [[each.approval_id for each in page.approvals] for page in found if isinstance(page, ApprovalPage)]
        assert ids == [[each.approval_id for each in page.approvals] for page in before if isinstance(page, ApprovalPage)]
