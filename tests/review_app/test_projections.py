"""Figures go on from the file of their projection, wherever reading ended, and never from a file that does not fit."""

import asyncio
import gc
import json
import random
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from structlog.testing import capture_logs

from hitl.errors import Conflict, InvalidInput
from hitl.ids import case_id, packed_case_id
from hitl.intake import StoredCase
from hitl.machine.shards import review_shards, shard_of_case
from hitl.quality.answer_columns import AnswerColumns, columns_of
from hitl.quality.answers import SettledReview, answer_of
from hitl.quality.check_columns import as_columns
from hitl.quality.checks import answered_check, drawn_check
from hitl.quality.reviewers import people_of
from hitl.quality.traffic import DAY_S, groups_of
from hitl.quality.vote_columns import voted_cases_of
from hitl.review import Amend, Claim, Decide, Reopen, ReopenedCases, SettledLabels
from hitl.routing.route import Action, Priority
from serve_app.evidence.evidence import TaskEvidence
from tests.adapters.test_check_days import told_of
from tests.fakes.long_history import LongHistory, LongIntake, LongShards, day_deleted
from tests.review_app.conftest import PARTITIONING, PARTITIONS, _record
from tests.review_app.test_quality import Certified, certified, gold

__all__ = ["certified"]


def history_of(cases: int, one_in: int = 10) -> LongHistory:
    return LongHistory("digits", replace(_record("k", Action.REVIEW, Priority.NORMAL), gold_probability=0.1), cases, one_in)


class WatchedIntake(LongIntake):
    """Remembers from where it was read."""

    def __init__(self, history: LongHistory) -> None:
        super().__init__(history)
        self.asked: list[int] = []

    async def cases(self, after_seq: int, limit: int) -> list[Any]:
        self.asked.append(after_seq)
        return await super().cases(after_seq, limit)

    async def routed(self, after_seq: int, limit: int) -> list[Any]:
        self.asked.append(after_seq)
        return await super().routed(after_seq, limit)


class WatchedShards(LongShards):
    """Remembers from where labels were read."""

    def __init__(self, history: LongHistory) -> None:
        super().__init__(history)
        self.asked: list[int] = []

    async def ask(self, shard: str, question: Any) -> Any:
        if isinstance(question, SettledLabels):
            self.asked.append(question.after)
        return await super().ask(shard, question)


def over(shards: Any, intake: Any, folder: Path | None = None) -> TaskEvidence:
    return TaskEvidence(Certified().tasks, shards, [intake], lambda case: case.payload, folder)


def evidence_of(world: Certified, folder: Path | None = None) -> TaskEvidence:
    shards: Any = world.shards
    return TaskEvidence(world.tasks, shards, world.intakes, world.ports.vault.shown_of, folder)


def rows_of(columns: AnswerColumns) -> list[tuple[Any, ...]]:
    """The answers of columns, whatever numbers their kinds and groups have."""
    told = (columns.at, columns.opened_at, columns.held_s, columns.confidence, columns.agreed, columns.votes, columns.seen)
    rows = zip(*(each.tolist() for each in told), columns.kind, columns.groups, strict=True)
    return sorted((*map(str, row), str(columns.kinds[kind]), str(columns.groupings[groups])) for *row, kind, groups in rows)


async def told(evidence: TaskEvidence) -> dict[str, Any]:
    """All that figures and certificates are computed from."""
    traffic, checks = await evidence.traffic("digits"), await evidence.checks("digits")
    answers = await evidence.answers("digits")
    return {
        "traffic": traffic,
        "checks": list(checks),
        "columns of checks": told_of(await evidence.check_columns("digits")),
        "answers": list(answers),
        "known": list(await evidence.known("digits")),
        "left_out": dict(await evidence.left_out("digits")),
        "groups": dict(evidence.groups_of_cases()),
        "columns": rows_of(await evidence.columns("digits")),
        "people": await evidence.people("digits"),
        "voted": await evidence.voted("digits"),
        "cursors": evidence.cursors("digits"),
    }


async def by_hand(world: Certified) -> dict[str, Any]:
    """Checks and answers as their definition gives them of all rows at once."""
    newest: dict[str, SettledReview] = {}
    reopened, cases = set[str](), list[StoredCase]()
    for name in review_shards(PARTITIONS):
        reopened |= set((await world.shards.ask(name, ReopenedCases("digits"))).case_ids)
        for row in (await world.shards.ask(name, SettledLabels("digits", 0, 1_000))).labelled:
            amended = newest[row.review_id].labels_given if row.amends else ()
            newest[row.review_id] = replace(answer_of(row), amended=amended)
    for intake in world.intakes:
        cases += await intake.cases(0, 1_000)
    reviews = sorted(newest.values(), key=lambda each: (each.at, each.review_id))
    checks = []
    for case in sorted(cases, key=lambda each: (each.record.at, each.record.case_id)):
        ours = [each for each in reviews if each.case_id == case.record.case_id and each.case_id not in reopened]
        checks.append(answered_check(drawn_check(case.record), ours))
    answers = {each.case_id: each for each in sorted(reviews, key=lambda each: (each.at, each.case_id))}
    groups = {case.record.case_id: tuple(groups_of(["ward"], json.loads(case.payload)["metadata"]).items()) for case in cases}
    stand = list(answers.values())
    return {
        "checks": checks,
        "columns of checks": told_of(as_columns(checks)),
        "answers": stand,
        "columns": rows_of(columns_of(stand, groups)),
        "people": people_of(stand),
        "voted": voted_cases_of(stand),
    }


async def drops(evidence: TaskEvidence) -> tuple[dict[str, Any], list[str]]:
    """What is told, and why what stood in the file was dropped."""
    with capture_logs() as lines:
        found = await told(evidence)
    return found, [line["why"] for line in lines if line["event"] == "a projection is dropped"]


def files(folder: Path) -> list[Path]:
    return list(folder.glob("*.sqlite"))


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def damage(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at : at + 3_000] = b"\xa5" * 3_000
    path.write_bytes(data)


async def some_days(world: Certified, rng: random.Random, first: int) -> int:
    """Ten random steps: new cases, checked and answered, amended, or looked at again with another answer, or without one yet. The
    number of the next case."""
    number = first
    for _ in range(10):
        kind = rng.choice(["new", "new", "automatic", "amend", "again", "waits"]) if number else "new"
        if kind in ("new", "automatic"):
            await world.check(number, rng.random(), rng.random() < 0.3, kind == "automatic")
            number += 1
            continue
        case = case_id(b"secret", "client", "digits", f"n{rng.randrange(number)}")
        shard, review = shard_of_case(case, PARTITIONING), f"{case}-1"
        if kind == "amend":
            with suppress(InvalidInput):  # it stands already
                await world.submit(shard, Amend(review, "olga", rng.choice(["4", "5"]), "a slip"))
            continue
        with suppress(Conflict):  # it is looked at again already
            await world.submit(shard, Reopen(review, "olga", "a doubt", is_blind=True))
            if kind == "again":
                held = (await world.submit(shard, Claim("digits", "reviewer-2"))).review
                await world.submit(shard, Decide(held.review_id, held.lease.id, "reviewer-2", rng.choice(["3", "4"])))
    return number


@pytest.mark.parametrize("seed", range(4))
async def test_what_was_derived_up_to_any_cut_and_the_rest_is_what_the_beginning_gives(
    certified: Certified, tmp_path: Path, seed: int
) -> None:
    rng, number = random.Random(seed), 0
    other = evidence_of(certified, tmp_path)
    for _ in range(6):
        number = await some_days(certified, rng, number)
        if rng.random() < 0.7:
            assert await told(evidence_of(certified, tmp_path)) == await told(evidence_of(certified))
        if rng.random() < 0.5:  # a process beside it, which reads by turns
            assert await told(other) == await told(evidence_of(certified))
    found = await told(evidence_of(certified, tmp_path))
    assert found == await told(evidence_of(certified))
    wanted = await by_hand(certified)
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize("folder", [None, "figures"])
async def test_two_versions_of_a_task_are_derived_apart(certified: Certified, tmp_path: Path, folder: str | None) -> None:
    place = None if folder is None else tmp_path / folder
    await gold(certified, 10)
    running = evidence_of(certified, place)
    assert len((await told(running))["groups"]) == 10
    certified.tasks["digits"] = certified.tasks["digits"].model_copy(update={"groups": []})
    assert (await told(running))["groups"] == {}


async def test_a_start_reads_only_what_is_new(tmp_path: Path) -> None:
    history = history_of(5_000)
    before = await told(over(LongShards(history), LongIntake(history), tmp_path))
    intake, shards = WatchedIntake(history), WatchedShards(history)
    found, why = await drops(over(shards, intake, tmp_path))
    assert (found, why) == (before, [])
    assert min(intake.asked) == 4_999
    assert min(shards.asked) == 499


async def test_parts_that_the_model_decided_are_counted_on(tmp_path: Path) -> None:
    record = replace(_record("k", Action.REVIEW, Priority.NORMAL), automatic_parts=("total",))
    history = LongHistory("digits", record, 500, 10)
    memory, first, again = [
        await over(LongShards(history), LongIntake(history), folder).traffic("digits") for folder in (None, tmp_path, tmp_path)
    ]
    assert memory == first == again
    assert sum(count.cases for count in again.parts["total"].cells.values()) == 50
    assert again.parts["total"].recent


async def test_a_projection_of_other_code_is_dropped(
    certified: Certified, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gold(certified, 10)
    with monkeypatch.context() as other:
        other.setattr("serve_app.evidence.evidence.definition_of", lambda tasks: "another version")
        await told(evidence_of(certified, tmp_path))
    with capture_logs() as lines:
        found = await told(evidence_of(certified, tmp_path))
    assert [line["why"] for line in lines] == ["it is of another version"]
    assert found == await told(evidence_of(certified))
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("at", [0, 4_096, 20_000])
async def test_a_broken_projection_is_dropped(certified: Certified, tmp_path: Path, at: int) -> None:
    await gold(certified, 60)
    written = evidence_of(certified, tmp_path)
    before = await told(written)
    written.close()
    damage(files(tmp_path)[0], at)
    with capture_logs() as lines:
        found = await told(evidence_of(certified, tmp_path))
    assert [line["why"] for line in lines] == ["it is broken"]
    assert found == before


async def test_a_projection_beyond_the_end_of_the_chain_is_dropped(tmp_path: Path) -> None:
    long, short = history_of(3_000), history_of(2_000)
    await told(over(LongShards(long), LongIntake(long), tmp_path))
    found, why = await drops(over(LongShards(short), LongIntake(short), tmp_path))
    assert why == ["cases/0/ does not hold what was read of it up to 3000"]
    assert found == await told(over(LongShards(short), LongIntake(short)))


@pytest.mark.parametrize("kind", ["cases", "labels"])
async def test_a_projection_of_another_history_is_dropped(tmp_path: Path, kind: str) -> None:
    one = history_of(3_000)
    await told(over(LongShards(one), LongIntake(one), tmp_path))
    restored = replace(one, began=one.began + 1) if kind == "labels" else replace(one, template=replace(one.template, salt="t"))
    cases = one if kind == "labels" else restored
    found, why = await drops(over(LongShards(restored), LongIntake(cases), tmp_path))
    source = "labels/0/digits" if kind == "labels" else "cases/0/"
    assert [line.split(" does")[0] for line in why] == [source]
    assert found == await told(over(LongShards(restored), LongIntake(cases)))


async def test_what_was_passed_over_because_it_was_lost_is_read_again_by_the_next_start(
    certified: Certified, tmp_path: Path
) -> None:
    certified.intakes[1].lost["0000000000000007-0000000000000012-3"] = "no such file"
    running = evidence_of(certified, tmp_path)
    await running.traffic("digits")
    certified.intakes[1].lost.clear()
    assert running.archive_gaps == ["1:7-12"]
    _, why = await drops(evidence_of(certified, tmp_path))
    assert why == ["cases were passed over because they were lost; perhaps they are back"]
    assert evidence_of(certified, tmp_path).archive_gaps == []


async def test_values_that_a_task_seals_never_stand_on_the_disk(certified: Certified, tmp_path: Path) -> None:
    certified.tasks["digits"] = certified.tasks["digits"].model_copy(update={"sensitive_metadata": ["name"]})
    await evidence_of(certified, tmp_path).answers("digits")
    assert files(tmp_path) == []


@pytest.mark.parametrize("keep_one_in", [10**9, 50, 7])
async def test_what_retention_deletes_leaves_the_projection_of_every_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep_one_in: int
) -> None:
    monkeypatch.setattr("serve_app.evidence.evidence.DELETIONS_EVERY_S", 0.0)
    history = history_of(4_500)
    intake, shards = LongIntake(history), LongShards(history)
    one, other = over(shards, intake, tmp_path), over(shards, intake, tmp_path)
    assert await told(one) == await told(other)
    deletion = day_deleted(history, int(history.began // DAY_S) + 1, keep_one_in)
    intake.deletions = shards.deletions = [deletion]
    left = await told(over(shards, intake))
    assert await told(one) == await told(other) == await told(over(shards, intake, tmp_path)) == left
    assert one.deleted_days("digits") == [deletion.day]
    assert not {each.case_id for each in left["answers"]} & set(deletion.reviewed)
    held = bytes_in(tmp_path)
    assert not [name for name in deletion.reviewed if (packed_case_id(name) or b"") in held]


def held_bytes(history: LongHistory, folder: Path) -> int:
    """The size of all containers that an evidence keeps which has answered everything."""
    evidence = over(LongShards(history), LongIntake(history), folder)
    asyncio.run(told(evidence))
    gc.collect()  # after it no tuple of plain values counts as a container
    return sum(sys.getsizeof(each) for each in _kept_by(evidence) if gc.is_tracked(each))


def _kept_by(owner: object) -> list[object]:
    """All that can be reached from ``owner``, but code and the stores that it reads."""
    found, to_visit = dict[int, object](), [owner]
    while to_visit:
        each = to_visit.pop()
        if id(each) not in found and not isinstance(each, (type, ModuleType, FunctionType, LongShards, LongIntake)):
            found[id(each)] = each
            to_visit += gc.get_referents(each)
    return list(found.values())


def test_memory_does_not_grow_with_labels_beyond_those_of_short_tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serve_app.evidence.sharing.KEPT", 1_000)
    few, many = (held_bytes(history_of(2 * n, one_in=2), tmp_path / str(n)) for n in (2_100, 8_400))
    assert many - few < 30_000, "five bytes a label, where an answer that is kept takes a thousand"
