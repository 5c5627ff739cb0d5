"""Files go with the last case that names them, also when cases are deleted because they are old: as it is deployed."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from hitl.access.views import HeldCases
from hitl.adapters.files.blob_store import BlobStore
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.blobs.handle import FileFacts
from hitl.blobs.ownership import mint_handle, open_handle
from hitl.canonical import canonical, digest_of
from hitl.crashpoints import ARMED
from hitl.errors import StoreUnavailable
from hitl.intake import CaseRecord
from hitl.machine import Phase, Shard
from hitl.machine.shards import ACCESS
from hitl.review import ReviewMachine
from hitl.tasks import TaskSpec
from hitl.tasks.book import TaskBook
from serve_app.reconcilers.retention_step import retention
from serve_app.setup.args import ServeArgs
from serve_app.setup.vault import Vault
from tests.adapters.archive_world import DAY_S, World, disarmed
from tests.contracts.intake_contract import batch, record
from tests.fakes.reviews import spec
from tests.machine.running import until

__all__ = ["disarmed"]

NOW = time.time()
IMAGE = {"kind": "image", "types": ["png"], "max_pixels": 100_000}


def picture_task(name: str, sealed: bool) -> TaskSpec:
    plain = spec(name, retention={"archive_days": 30}).model_dump(exclude={"data", "retrain", "model"})
    return TaskSpec.model_validate({**plain, "input": IMAGE, "model": {"family": "declared"}, "sealed": sealed})


TASKS = {"faces": picture_task("faces", True), "signs": picture_task("signs", False)}


class PictureCases(World):
    """Archived cases of two tasks, one sealed and one not, that name pictures."""

    def __init__(self, client: Redis, url: str, folder: Path, shard: Shard[Any], life: asyncio.Task[None]) -> None:
        super().__init__(client, folder / "archive", shard, life)
        self.now = NOW + 3 * DAY_S
        key = SecretStr(token_bytes(32).hex())
        given = {"redis_url": url, "archive_uri": self.uri, "blob_uri": str(folder / "blobs"), "partitions": 1, "master_key": key}
        self.args = ServeArgs(**given)  # type: ignore[arg-type]  # the rest are the settings
        self.store, self.tasks = BlobStore(self.args.blob_uri), TaskBook(TASKS)
        self.vault = Vault(self.tasks, self.args.open_keys())
        self.pictures: dict[str, Any] = {}
        self._made: list[tuple[CaseRecord, bytes, bytes]] = []

    def bring(self, name: str) -> None:
        facts = FileFacts(digest_of(name.encode()), "png", len(name))
        self.pictures[name], blob = mint_handle(b"s" * 32, "client", "faces", NOW, facts, token_bytes)
        self.store.put(blob.name, name.encode())

    def case(self, case_id: str, task: str, picture: str, at: float) -> None:
        assert self.store.claim(open_handle(self.pictures[picture]).name, case_id)
        clear = canonical({"features": {"image": self.pictures[picture].plain()}, "metadata": {}})
        sealed = self.vault.seal(task, case_id, clear)
        made = replace(record(case_id, "automatic", task), at=at, payload_digest=digest_of(b"s" + sealed.payload))
        self._made.append((made, sealed.payload, sealed.wrapped_key))

    async def bring_cases(self) -> None:
        records, payloads, keys = (list(each) for each in zip(*self._made, strict=True))
        await ValkeyIntake(self.client, 0).append(replace(batch(*records), payloads=payloads, keys=keys))
        await self.archive_all()

    async def delete(self) -> None:
        shards: Any = _NothingHeld(self.shard)
        await retention(shards, self.args, self.tasks).once()

    def left(self) -> list[str]:
        return sorted(name for name, each in self.pictures.items() if self.store.get(open_handle(each).name) is not None)


class _NothingHeld:
    """The review shard, and an access shard without holds."""

    def __init__(self, shard: Shard[Any]) -> None:
        self._shard = shard

    async def ask(self, shard: str, question: Any) -> Any:
        return HeldCases([]) if shard == ACCESS else await self._shard.ask(question)

    async def submit(self, _: str, envelope: Any) -> Any:
        return await self._shard.submit(envelope)


@pytest.fixture
async def world(valkey: Redis, valkey_url: str, tmp_path: Path) -> AsyncIterator[PictureCases]:
    shard = Shard(ReviewMachine(TASKS, DAY_S), ValkeyJournal(valkey, "review-0"), name="review-0")
    life = asyncio.create_task(shard.run())
    await until(lambda: shard.phase is Phase.SERVING)
    found = PictureCases(valkey, valkey_url, tmp_path, shard, life)
    for name in ("own", "shared", "clear", "fresh"):
        found.bring(name)
    found.case("old-1", "faces", "own", 1.0)
    found.case("old-2", "faces", "shared", 2.0)
    found.case("old-3", "signs", "clear", 3.0)
    found.case("new-1", "faces", "shared", NOW)
    found.case("new-2", "signs", "fresh", NOW)
    await found.bring_cases()
    yield found
    await found.end()


async def test_a_file_goes_with_the_last_case_that_names_it(world: PictureCases) -> None:
    assert world.left() == ["clear", "fresh", "own", "shared"]
    await world.delete()
    assert world.left() == ["fresh", "shared"]


async def test_a_case_that_was_erased_before_holds_nothing_up(world: PictureCases) -> None:
    await ValkeyIntake(world.client, 0).drop_key("old-1")
    await world.delete()
    assert world.left() == ["fresh", "own", "shared"]  # the erasure takes the file, before the key
    assert await Border(world.client, 0).unfinished_deletions() == []


async def test_files_that_a_crash_left_go_with_the_next_step(world: PictureCases, disarmed: None) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    ARMED["deletion.after_border"] = die
    with pytest.raises(KeyboardInterrupt):
        await world.delete()
    ARMED.clear()
    assert world.left() == ["clear", "fresh", "own", "shared"]
    while await Border(world.client, 0).unfinished_deletions():
        await world.delete()
    assert "own" not in world.left()


async def test_a_case_stays_known_until_its_files_can_go(world: PictureCases, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> bool:
        raise StoreUnavailable("the folder of files is away")

    monkeypatch.setattr(BlobStore, "release", away)
    with pytest.raises(StoreUnavailable):
        await world.delete()
    assert await ValkeyIntake(world.client, 0).wrapped_key("old-1") is not None
    monkeypatch.undo()
    await world.delete()
    assert world.left() == ["fresh", "shared"]
