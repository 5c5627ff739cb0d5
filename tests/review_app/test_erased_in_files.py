"""A case is erased though its reviews lie in a file of the archive, which stays as it is: what was said of it opens no more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from redis.asyncio import Redis

from hitl.adapters.valkey import names
from hitl.adapters.valkey.archive_check import check_kept
from hitl.adapters.valkey.archived_reviews import ReviewArchive
from hitl.adapters.valkey.archiver import Archiver
from hitl.adapters.valkey.settled_mover import SettledMover
from hitl.adapters.valkey.settled_objects import SettledObjects, open_settled
from hitl.ids import partition_of
from hitl.machine.shards import review_shard
from tests.identity.conftest import NAME, SealedWorld, sealed
from tests.review_app.conftest import PARTITIONS

__all__ = ["sealed"]

WORDS = "Ada has three months to live"
WHY = {"reason": "the person asked"}


async def move_to_files(world: SealedWorld, client: Redis, folder: Path, case_id: str) -> SettledObjects:
    """Everything that is settled leaves the memory of the case's shard, and then the store."""
    name = review_shard(partition_of(case_id, PARTITIONS))
    shard, settled = world.shards.shards[name], open_settled(client, name, str(folder))
    shard._attic = ReviewArchive(settled)
    await client.set(names.epoch(name), shard.epoch)
    await Archiver(shard, settled.recent, 0, 1e9).step()
    assert await SettledMover(shard, settled, file_cases=1).step() == 1
    return settled


async def said(world: SealedWorld) -> tuple[str, str]:
    """A settled case about which somebody wrote WORDS, and the path of its review."""
    case_id = await world.sealed_case("a")
    held = await world.claim()
    path = f"/v1/reviews/{held['review_id']}"
    body = {"lease": held["lease"]["id"], "label": "3", "comment": WORDS}
    assert (await world.call("POST", f"{path}/decision", "reviewer", body, idempotency_key="d")).status_code == 200
    return case_id, path


async def key_of(world: SealedWorld, case_id: str) -> bytes:
    """The wrapped key of the case, empty once it is erased."""
    found = await world.intakes[partition_of(case_id, PARTITIONS)].find(case_id)
    assert found is not None
    return found.wrapped_key or b""


def files_of(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def texts_of(folder: Path) -> str:
    return "".join(text for path in folder.rglob("*.parquet") for text in pq.read_table(path)["reviews"].to_pylist())


async def erase(world: SealedWorld, case_id: str) -> Any:
    return await world.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key="e")


async def test_what_was_said_of_an_erased_case_opens_no_more(sealed: SealedWorld, valkey: Redis, tmp_path: Path) -> None:
    case_id, path = await said(sealed)
    await move_to_files(sealed, valkey, tmp_path, case_id)
    assert WORDS in (await sealed.call("GET", path, "operator")).text
    assert (await erase(sealed, case_id)).json() == {"case_id": case_id, "is_erased": True}
    for who in ("reviewer", "expert", "operator", "admin"):
        for place in (path, f"/v1/decisions/{case_id}"):
            assert WORDS not in (await sealed.call("GET", place, who)).text
    shown = (await sealed.call("GET", f"/v1/decisions/{case_id}", "operator")).json()
    assert (shown["outcome"]["label"], shown["features"]) == ("3", None)
    assert (await sealed.call("GET", "/v1/examples?task=digits", "trainer")).json()["examples"] == []


async def test_neither_words_nor_key_are_in_any_file(sealed: SealedWorld, valkey: Redis, tmp_path: Path) -> None:
    case_id, _ = await said(sealed)
    key = await key_of(sealed, case_id)
    assert key
    await move_to_files(sealed, valkey, tmp_path, case_id)
    for searched in (WORDS.encode(), NAME.encode(), key, key.hex().encode()):
        assert not any(searched in path.read_bytes() for path in files_of(tmp_path))
        assert searched not in texts_of(tmp_path).encode()
    assert case_id in texts_of(tmp_path)
    before = {path: path.read_bytes() for path in files_of(tmp_path)}
    await erase(sealed, case_id)
    assert {path: path.read_bytes() for path in files_of(tmp_path)} == before
    assert not await key_of(sealed, case_id)


async def test_an_erased_case_is_amended_and_leaves_anew(sealed: SealedWorld, valkey: Redis, tmp_path: Path) -> None:
    case_id, path = await said(sealed)
    settled = await move_to_files(sealed, valkey, tmp_path, case_id)
    await erase(sealed, case_id)
    amended = await sealed.call("POST", f"{path}/amend", "expert", {"label": "4", "reason": WORDS}, idempotency_key="a")
    assert amended.status_code == 200
    await move_to_files(sealed, valkey, tmp_path, case_id)
    shown = (await sealed.call("GET", path, "operator")).json()["review"]
    assert ([each["label"] for each in shown["outcomes"]], WORDS in str(shown)) == (["3", "4"], False)
    assert WORDS not in texts_of(tmp_path)
    name = review_shard(partition_of(case_id, PARTITIONS))
    assert await check_kept(name, sealed.shards.journals[name], settled) == 1
