"""The file of a projection keeps what it holds to its owner, goes when it must, and stays while other processes work with it."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hitl.adapters.files.evidence_file import EvidenceFile
from hitl.adapters.files.evidence_rows import Names, pack
from hitl.adapters.files.projection import Projection, Reached
from hitl.adapters.files.traffic_rows import TRAFFIC_TABLES, TrafficRows
from hitl.errors import StoreUnavailable
from hitl.ids import packed_case_id
from hitl.quality.traffic import DAY_S
from serve_app.evidence.definition import CODE, _code, definition_of
from tests.fakes.long_history import LongIntake, LongShards, day_deleted
from tests.review_app.test_projections import bytes_in, drops, evidence_of, files, history_of, over, told
from tests.review_app.test_quality import Certified, certified, gold

__all__ = ["certified"]


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name.partition(".")[2]: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def open_to(folder: Path, mode: int) -> None:
    for path in folder.iterdir():
        path.chmod(mode)


@pytest.mark.parametrize("runs_on", [True, False])
async def test_what_stands_on_the_disk_goes_once_a_task_seals_values(certified: Certified, tmp_path: Path, runs_on: bool) -> None:
    await gold(certified, 10)
    running = evidence_of(certified, tmp_path)
    before = await told(running)
    assert len(files(tmp_path)) == 1
    certified.tasks["digits"] = certified.tasks["digits"].model_copy(update={"sensitive_metadata": ["name"]})
    after = running if runs_on else evidence_of(certified, tmp_path)
    assert await after.answers("digits") == before["answers"]
    assert names_in(tmp_path) == ["evidence.lock"]


@pytest.mark.parametrize("made", [None, 0o666])
async def test_only_the_owner_may_read_the_files(certified: Certified, tmp_path: Path, made: int | None) -> None:
    umask = os.umask(0)
    try:
        if made is not None:  # by a version that left the modes to the umask
            written = evidence_of(certified, tmp_path)
            await told(written)
            open_to(tmp_path, made)
        await told(evidence_of(certified, tmp_path))
        modes = modes_in(tmp_path)
    finally:
        os.umask(umask)
    assert modes == dict.fromkeys(("sqlite", "sqlite-wal", "sqlite-shm", "lock"), 0o600)


async def test_a_file_that_cannot_be_read_now_is_not_dropped(
    certified: Certified, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gold(certified, 10)
    monkeypatch.setattr("hitl.adapters.files.projection.BUSY_S", 0.05)
    written = evidence_of(certified, tmp_path)
    before = await told(written)
    written.close()
    with closing(sqlite3.connect(files(tmp_path)[0], isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailable):
            await told(evidence_of(certified, tmp_path))
    assert await drops(evidence_of(certified, tmp_path)) == (before, [])


async def test_questions_find_the_old_file_while_another_is_opened(
    certified: Certified, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gold(certified, 10)
    running = evidence_of(certified, tmp_path)
    before = (await told(running))["cursors"]
    found = list[object]()

    async def prove(opened: EvidenceFile) -> None:
        found.append(running.cursors("digits"))
        raise StoreUnavailable("not now")

    with monkeypatch.context() as other:
        other.setattr(running, "_prove", prove)
        certified.tasks["digits"] = certified.tasks["digits"].model_copy(update={"groups": []})
        with pytest.raises(StoreUnavailable):
            await running.answers("digits")
    assert found == [before]
    assert (await told(running))["groups"] == {}


@pytest.mark.parametrize("asked", ["answers", "columns", "people", "voted"])
async def test_a_question_whose_file_is_closed_meanwhile_is_answered_from_the_next_one(
    certified: Certified, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    await gold(certified, 10)
    before = len(await getattr(evidence_of(certified, tmp_path), asked)("digits"))
    running, reading, loop = evidence_of(certified, tmp_path), getattr(EvidenceFile, asked), asyncio.get_running_loop()

    def closed_first(file: EvidenceFile, *what: Any) -> Any:
        monkeypatch.undo()
        certified.tasks["digits"] = certified.tasks["digits"].model_copy(update={"groups": []})
        asyncio.run_coroutine_threadsafe(running.traffic("digits"), loop).result(30.0)
        return reading(file, *what)

    monkeypatch.setattr(EvidenceFile, asked, closed_first)
    assert len(await getattr(running, asked)("digits")) == before


def test_a_file_of_other_tables_is_dropped(tmp_path: Path) -> None:
    before = Projection(tmp_path, "counts", "1", "CREATE TABLE IF NOT EXISTS seen (name TEXT, at REAL);")
    before.advance("cases", 0, Reached(7), lambda connection: connection.execute("INSERT INTO seen VALUES ('ada', 1.5)"))
    before.close()
    after = Projection(tmp_path, "counts", "1", "CREATE TABLE IF NOT EXISTS seen (row BLOB);")
    assert (after.reached("cases"), after.rows("SELECT * FROM seen")) == (Reached(0), [])
    assert [path.name for path in files(tmp_path)] == [after.path.name] != [before.path.name]


@pytest.mark.parametrize("module", CODE, ids=lambda module: module.__name__)
def test_evidence_is_derived_again_once_its_code_is_another(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _code.cache_clear()
    before, changed = definition_of({}), tmp_path / "changed.py"
    changed.write_text(Path(str(module.__file__)).read_text() + "\n")
    monkeypatch.setattr(module, "__file__", str(changed))
    _code.cache_clear()
    after = definition_of({})
    _code.cache_clear()
    assert after != before


def test_a_value_is_told_though_everything_is_forgotten_meanwhile() -> None:
    names = Names(str)

    class Forgotten(int):
        """Every look for this number has another thread forget."""

        def __hash__(self) -> int:
            names.forget()
            return int.__hash__(self)

    assert names.value(Forgotten(1), lambda number: pack("found")) == "found"


def test_counts_that_another_process_began_between_two_queries_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, history = Projection(tmp_path, "counts", "1", TRAFFIC_TABLES), history_of(10)
    reader, writer, case = TrafficRows(file, 0), TrafficRows(file, 0), history.case(10)
    writer.count("digits", case.seq, case.record, {})
    rows = file.rows

    def written_after_the_first(query: str, *values: Any) -> list[Any]:
        found = rows(query, *values)
        if "FROM traffic" in query and not found:
            file.change(lambda connection: writer.write(connection, case.seq))
        return found

    with monkeypatch.context() as other:
        other.setattr(file, "rows", written_after_the_first)
        reader.refresh(case.seq - 1)
    reader.refresh(case.seq)
    assert reader.of("digits") == writer.of("digits")
    assert reader.span_of("digits", int(case.record.at // DAY_S)) == (10, 10)


async def test_what_was_deleted_leaves_the_log_once_nobody_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serve_app.evidence.evidence.DELETIONS_EVERY_S", 0.0)
    monkeypatch.setattr("hitl.adapters.files.projection.BUSY_S", 0.05)
    history = history_of(4_500)
    intake, shards = LongIntake(history), LongShards(history)
    running = over(shards, intake, tmp_path)
    await told(running)
    deletion = day_deleted(history, int(history.began // DAY_S) + 1, 10**9)
    gone = [packed_case_id(name) or b"" for name in deletion.reviewed]
    with closing(sqlite3.connect(files(tmp_path)[0], isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM checks").fetchone()
        intake.deletions = shards.deletions = [deletion]
        await told(running)
        assert any(name in bytes_in(tmp_path) for name in gone), "somebody reads it still"
    await told(running)
    held = bytes_in(tmp_path)
    assert not [name for name in gone if name in held]


async def test_a_file_stays_though_the_newest_case_was_deleted(tmp_path: Path) -> None:
    history = history_of(4_500)
    intake, shards = LongIntake(history), LongShards(history)
    await told(over(shards, intake, tmp_path))
    last = int(history.case(4_500).record.at // DAY_S)
    intake.deletions = shards.deletions = [day_deleted(history, last, 10**9)]
    found, why = await drops(over(shards, intake, tmp_path))
    assert why == []
    anew = await told(over(shards, intake))
    assert {**found, "traffic": found["traffic"].cells} == {**anew, "traffic": anew["traffic"].cells}
