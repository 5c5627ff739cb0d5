"""Back up and restore all of the product's data, while it runs; the journal records the restore.

    manifest.json          what is there: the end of every journal, and each file's SHA-256
    store/<tag>.gz         hitl.adapters.valkey.store_copy
    archive/…              snapshots, old entries, old cases and the record of their signers, up to those ends
    artifacts/…            models and data sets by digest
    blobs/…                files of cases, sealed

It holds what the store holds: cases with their inputs (sealed where their task says so, otherwise in clear), wrapped data
keys, key digests and accounts, and the secret that case ids are derived with. It does not hold the master key, without which
sealed values stay closed, nor the texts of keys and sessions, nor MLflow.
"""

import gzip
import json
from base64 import b64decode
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from hitl.access.events import HistoryRestored
from hitl.adapters.files.archive import AnchorFile, ArchivedEntries
from hitl.adapters.files.archived_journal import ArchivedJournal
from hitl.adapters.files.blob_store import BlobStore
from hitl.adapters.files.blobs import Blobs, open_blobs
from hitl.adapters.files.signers import SignerFiles
from hitl.adapters.valkey.backup_cases import archived_places, as_of, key_places, mark_of, settled_places
from hitl.adapters.valkey.held import hold_all
from hitl.adapters.valkey.journal import ValkeyJournal, fields_of
from hitl.adapters.valkey.store_copy import Line, is_empty, line_of, lines_of, put, tags
from hitl.adapters.valkey.whole_intake import open_intake
from hitl.canonical import canonical, digest_of
from hitl.errors import ChainBroken, InvalidConfig, InvalidInput, StoreUnavailable
from hitl.journal import GENESIS, Commit, Journal, follow
from hitl.journal.signature import Signer
from hitl.journal.signed import Signatures, SignedJournal
from hitl.journal.verify import verify_signed
from hitl.machine.shards import ACCESS

FORMAT = 1
KEYS = "store/identity.gz"
FAST = 1


@dataclass(frozen=True, slots=True)
class Places:
    """Directories or fsspec URIs. ``blobs`` empty: cases have no files."""

    archive: str
    artifacts: str
    blobs: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``heads`` are the seq and the hash of each journal's last entry, ``taken_at`` UTC seconds, ``files`` name → SHA-256."""

    format: int
    taken_at: float
    heads: dict[str, list[Any]]
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Why:
    """The person, reason and time (UTC seconds) of a restore."""

    by: str
    reason: str
    at: float


async def back_up(client: Redis, places: Places, target: Path, now: float) -> Manifest:
    """Write a backup into ``target``, a directory that is not there yet. The service may run: what is acknowledged after the
    start may be left out, and nothing is there in part. Raises InvalidInput, StoreUnavailable."""
    copy, archive = _Copy(target), open_blobs(places.archive)
    heads: dict[str, list[Any]] = {}
    found = await tags(client)
    marks = {tag: await mark_of(client, _partition(tag)) for tag in found if tag.startswith("intake-")}
    for tag in found:
        whole = _whole(lines_of(client, tag), ArchivedEntries(places.archive, tag))
        if tag in marks:
            whole = as_of(marks[tag], open_intake(client, _partition(tag), places.archive), whole)
        lines = [line async for line in _noting(whole, heads)]
        copy.write(f"store/{tag}.gz", _packed(lines))
        keys = key_places(_partition(tag), lines) if tag in marks else []
        for place in (*settled_places(tag, lines), *keys):
            copy.write(f"archive/{place}", _standing(archive, place))
    for tag, mark in marks.items():
        for place in archived_places(_partition(tag), mark, archive):
            copy.write(f"archive/{place}", _standing(archive, place))
    copy.copy("archive", archive, lambda name: _is_within(name, heads), ("snapshots", "journal", "signers"))
    copy.copy("artifacts", open_blobs(places.artifacts), lambda name: True, ("",))
    for place in BlobStore(places.blobs).places() if places.blobs else ():
        copy.copy_file("blobs", open_blobs(places.blobs), place)
    manifest = Manifest(FORMAT, now, heads, copy.files)
    copy.write("manifest.json", canonical(asdict(manifest)))
    copy.finish()
    return manifest


async def restore(client: Redis, places: Places, source: Path, why: Why, signer: Signer | None = None) -> Manifest:
    """Put the backup in ``source`` into an empty store, verify it, note in the access journal that this was meant, and let the
    anchors say so. The archive that was there is set aside. No key, session or account of the backup lets anybody in until it
    is resumed. ``signer`` signs the note: a signed history needs one.
    Raises InvalidInput, InvalidConfig, ChainBroken, EntryForged, StoreUnavailable."""
    manifest = _checked(source)
    if signer is None and any(name.startswith("archive/signers/") for name in manifest.files):
        raise InvalidConfig("HITL_SIGNING_KEY_FILE", "signing_key", "the history is signed: name the key's file")
    if not await is_empty(client):
        raise InvalidInput("/store", "an empty store: move what is there away first")
    noted = await _set_aside(places.archive, manifest.heads, why.at)
    blobs = {"blobs": open_blobs(places.blobs)} if places.blobs else {}
    _put_files(source, manifest, {"archive": open_blobs(places.archive), "artifacts": open_blobs(places.artifacts), **blobs})
    stored = [name for name in manifest.files if name.startswith("store/")]
    for name in sorted(stored, key=lambda name: (name == KEYS, name)):  # an interrupted restore lets nobody in
        await put(client, _lines(source / name))
    await hold_all(client)
    for shard, (seq, head) in sorted(manifest.heads.items()):
        signers = await SignerFiles(places.archive, shard).read()
        if (await verify_signed(shard, _journal(client, places, shard), signers))[:2] != (seq, head):
            raise ChainBroken(shard, seq)
    await _record(await _access(client, places, manifest, signer), places, manifest, why, noted)
    return manifest


class _Copy:
    """The files of a backup, as they are written. Raises InvalidInput where something is there already."""

    def __init__(self, target: Path) -> None:
        self._target, self._part = target, target.with_name(target.name + ".part")
        if target.exists() or self._part.exists():
            raise InvalidInput("/target", f"a new directory, not {target}")
        self.files: dict[str, str] = {}
        self._blobs = open_blobs(str(self._part))

    def finish(self) -> None:
        """It has its name once it is whole."""
        self._part.rename(self._target)

    def write(self, name: str, data: bytes) -> None:
        self._blobs.write(name, data)
        self.files[name] = digest_of(data)

    def copy(self, into: str, blobs: Blobs, wanted: Any, roots: Iterable[str]) -> None:
        for root in roots:
            for folder in blobs.names(root):
                inside = f"{root}/{folder}".lstrip("/")
                for name in filter(lambda each: wanted(f"{inside}/{each}"), blobs.names(inside)):
                    data = _replaceable(blobs, f"{inside}/{name}") if root == "snapshots" else blobs.read(f"{inside}/{name}")
                    if data is not None:
                        self.write(f"{into}/{inside}/{name}", data)

    def copy_file(self, into: str, blobs: Blobs, place: str) -> None:
        """One file; what was removed since it was listed is left out."""
        data = _replaceable(blobs, place)
        if data is not None:
            self.write(f"{into}/{place}", data)


def _partition(tag: str) -> int:
    return int(tag.removeprefix("intake-"))


def _standing(archive: Blobs, place: str) -> bytes:
    """Raises StoreUnavailable for a file of old cases that is not there any more: they were deleted or erased while the backup
    was taken."""
    try:
        return archive.read(place)
    except FileNotFoundError as error:
        raise StoreUnavailable(f"{place} is gone: old cases were deleted or erased meanwhile; take the backup again") from error


def _replaceable(blobs: Blobs, place: str) -> bytes | None:
    """None for a file that was removed since it was listed, such as a snapshot that a newer one replaced: without any, history is
    replayed."""
    try:
        return blobs.read(place)
    except FileNotFoundError:
        return None


async def _whole(lines: AsyncIterator[Line], archive: ArchivedEntries) -> AsyncIterator[Line]:
    """``lines`` with those entries of the journal in their place that left for ``archive`` while the others were read."""
    seq: int | None = None
    async for line in lines:
        if line["key"].endswith("}:journal"):
            at = _seq_of(line)
            while seq is not None and seq + 1 < at and (gone := await archive.read(seq, at - seq - 1)):
                for entry in gone:
                    yield line_of(line["key"], f"{entry.seq}-0", fields_of(entry))
                seq = gone[-1].seq
            seq = at
        yield line


async def _noting(lines: AsyncIterator[Line], heads: dict[str, list[Any]]) -> AsyncIterator[Line]:
    async for line in lines:
        if line["key"].endswith("}:journal"):
            heads[line["key"].split("{")[1].split("}")[0]] = [_seq_of(line), _hash_of(line)]
        yield line


def _seq_of(line: Line) -> int:
    return int(line["id"].split("-")[0])


def _hash_of(line: Line) -> str:
    return b64decode(line["fields"]["h"]).decode()


def _is_within(name: str, heads: Mapping[str, list[Any]]) -> bool:
    """Tell whether a snapshot, or a part of the archive, is not behind the copy of its journal."""
    _, shard, file = name.split("/")
    last = int(file.partition(".")[0].rpartition("-")[2])
    return shard in heads and last <= heads[shard][0]


def _packed(lines: Iterable[Line]) -> bytes:
    return gzip.compress(b"".join(canonical(line) + b"\n" for line in lines), FAST, mtime=0)


def _lines(file: Path) -> Iterator[Line]:
    with gzip.open(file) as rows:
        for row in rows:
            yield json.loads(row)


def _checked(source: Path) -> Manifest:
    """Raises InvalidInput unless all that the manifest names is there, byte for byte."""
    try:
        manifest = Manifest(**json.loads((source / "manifest.json").read_text()))
        wrong = [name for name, digest in manifest.files.items() if digest_of((source / name).read_bytes()) != digest]
    except (OSError, ValueError, TypeError) as error:
        raise InvalidInput("/source", f"a whole backup: {error}") from error
    if manifest.format != FORMAT or wrong:
        raise InvalidInput("/source", f"a whole backup of format {FORMAT}: {wrong[:3] or manifest.format}")
    return manifest


async def _set_aside(archive_uri: str, heads: Mapping[str, list[Any]], now: float) -> dict[str, list[Any]]:
    """The noted ends of the lost journals. Raises InvalidInput for a remote archive that is not empty."""
    anchors = {shard: await AnchorFile(archive_uri, shard).read() for shard in heads}
    _clear(archive_uri, now)
    return {shard: list(noted) for shard, noted in anchors.items() if noted}


def _clear(archive_uri: str, now: float) -> None:
    """A directory gets another name; raises InvalidInput for another place that is not empty."""
    plain = archive_uri.removeprefix("file://")
    if "://" not in plain:
        if Path(plain).exists():
            Path(plain).rename(f"{plain}.before-{now:.0f}")
        return
    if open_blobs(archive_uri).names("anchors") or open_blobs(archive_uri).names("journal"):
        raise InvalidInput("/archive", f"an empty archive: move {archive_uri} away, or name another place")


def _put_files(source: Path, manifest: Manifest, into: Mapping[str, Blobs]) -> None:
    for name in manifest.files:
        kind, _, place = name.partition("/")
        if kind in into:
            into[kind].write(place, (source / name).read_bytes())


def _journal(client: Redis, places: Places, shard: str) -> ArchivedJournal:
    return ArchivedJournal(ValkeyJournal(client, shard), ArchivedEntries(places.archive, shard))


async def _access(client: Redis, places: Places, manifest: Manifest, signer: Signer | None) -> Journal:
    """Return the access journal, which goes on as its writer goes on."""
    journal, (seq, _) = _journal(client, places, ACCESS), _end_of_access(manifest)
    await Signatures(SignerFiles(places.archive, ACCESS), signer).check_end(ACCESS, journal, seq)
    return SignedJournal(journal, ACCESS, signer) if signer else journal


def _end_of_access(manifest: Manifest) -> tuple[int, str]:
    seq, head = manifest.heads.get(ACCESS, (0, GENESIS))
    return seq, head


async def _record(journal: Journal, places: Places, manifest: Manifest, why: Why, noted: Mapping[str, list[Any]]) -> None:
    """One entry of the access journal says what was put back, and what had been noted to be there; then the anchors follow."""
    seq, head = _end_of_access(manifest)
    epoch, command_id = await journal.open_epoch(), f"restore:{why.at}"
    heads, taken_at = manifest.heads, manifest.taken_at
    event = HistoryRestored(taken_at=taken_at, heads=heads, noted=dict(noted), by=why.by, reason=why.reason)
    commit = Commit(why.at, epoch, why.by, command_id, "RestoreHistory", command_id, "", {}, [event])
    entry = follow(head, seq + 1, commit.encode())
    await journal.append(epoch, seq, [entry])
    for shard, end in {**manifest.heads, ACCESS: [entry.seq, entry.hash]}.items():
        await AnchorFile(places.archive, shard).write(*end)
