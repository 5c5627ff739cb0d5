"""Artifacts, the archive and backups in an object store, by its own protocol: what is tested on folders holds there too."""

import asyncio
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from hitl.access import AccessMachine
from hitl.adapters.files.archive import AnchorFile, ArchivedEntries, SnapshotFiles
from hitl.adapters.files.archived_journal import ArchivedJournal
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.blobs import open_blobs
from hitl.adapters.valkey.backup import Places, restore
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.snapshotting import SnapshotPlan, make
from hitl.canonical import canonical
from hitl.cli.commands.verify import verify_all
from hitl.errors import ArtifactRejected, StoreUnavailable
from hitl.machine import Past
from hitl.machine.recovery import recover
from tests.adapters.test_backup import WHY, _sign_in, _state, kept
from tests.object_store import BUCKET, ObjectStore, object_store

pytestmark = pytest.mark.wide
__all__ = ["kept"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    pytest.importorskip("s3fs", reason="the extra s3 is not installed")
    with object_store(tmp_path_factory.mktemp("s3")) as found:
        yield found


def use(server: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on; what was connected to another server is forgotten."""
    files = pytest.importorskip("s3fs", reason="the extra s3 is not installed")
    files.S3FileSystem.clear_instance_cache()
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def prefix(server: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> str:
    use(server, monkeypatch)
    return f"s3://{BUCKET}/{secrets.token_hex(4)}"


@pytest.fixture
def places(prefix: str) -> Places:
    """Where tests.adapters.test_backup keeps everything."""
    return Places(f"{prefix}/archive", f"{prefix}/artifacts")


def test_artifacts_come_back_and_are_checked(prefix: str) -> None:
    store = ArtifactStore(f"{prefix}/artifacts")
    digest = store.put(b"a model")
    assert (store.put(b"a model"), store.get(digest)) == (digest, b"a model")
    with pytest.raises(ArtifactRejected, match="not in the store"):
        store.get("0" * 64)
    open_blobs(f"{prefix}/artifacts").write(f"{digest[:2]}/{digest}", b"another model")
    with pytest.raises(ArtifactRejected, match="another digest"):
        store.get(digest)


async def test_snapshots_are_listed_newest_first_and_removed(prefix: str) -> None:
    files = SnapshotFiles(f"{prefix}/archive", "access")
    assert await files.seqs() == []
    for seq in (9, 10):
        await files.write(seq, b"%d" % seq)
    assert (await files.seqs(), await files.read(10)) == ([10, 9], b"10")
    await files.remove(9)
    await files.remove(9)
    assert await files.seqs() == [10]


def test_a_folder_goes_with_all_that_is_in_it(prefix: str) -> None:
    blobs = open_blobs(prefix)
    for place in ("a/1", "a/b/2", "c/3"):
        blobs.write(place, b"x")
    blobs.remove_folder("a")
    blobs.remove_folder("a")
    assert (blobs.names("a"), blobs.names("c")) == ([], ["3"])


async def test_an_anchor_that_nobody_wrote_is_none(prefix: str) -> None:
    anchor = AnchorFile(f"{prefix}/archive", "access")
    assert await anchor.read() is None
    await anchor.write(3, "abc")
    assert await anchor.read() == (3, "abc")


async def test_a_shard_goes_on_from_what_is_archived_there(valkey: Redis, valkey_url: str, places: Places) -> None:
    for _ in range(2):
        await _sign_in(valkey, places, 20)
        await make(SnapshotPlan("access", "hitl.access:AccessMachine", valkey_url, places.archive))
    files = SnapshotFiles(places.archive, "access")
    journal = ArchivedJournal(ValkeyJournal(valkey, "access"), ArchivedEntries(places.archive, "access"))
    past = Past(files, AnchorFile(places.archive, "access"))
    found = await recover(AccessMachine(), "access", journal, lambda seq, commit: None, past)
    assert (found.seq, await files.seqs()) == (40, [40, 20])


async def test_a_backup_of_it_comes_back_there(
    kept: tuple[dict[str, Any], Path], valkey: Redis, valkey_url: str, prefix: str
) -> None:
    before, target = kept
    await valkey.flushall()
    elsewhere = Places(f"{prefix}/new/archive", f"{prefix}/new/artifacts")
    await restore(valkey, elsewhere, target, WHY)
    after = await _state(valkey, elsewhere)
    assert canonical({**after, "restores": []}) == canonical(before)
    await asyncio.to_thread(verify_all, valkey_url, 1, elsewhere.archive)


@pytest.mark.parametrize("what", ["artifacts", "snapshots"])
async def test_a_store_that_is_away_is_said_to_be_away(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(ObjectStore(tmp_path / "log"), monkeypatch)
    uri = f"s3://{BUCKET}/{secrets.token_hex(4)}"
    artifacts, snapshots = ArtifactStore(uri), SnapshotFiles(uri, "access")
    with pytest.raises(StoreUnavailable):
        await (asyncio.to_thread(artifacts.put, b"a model") if what == "artifacts" else snapshots.seqs())
