"""``hitl verify``: check the hash chains of all journals and of every gateway in each intake partition."""

import asyncio
from dataclasses import dataclass

from redis.asyncio import Redis

from hitl.adapters.files.archive import AnchorFile, SnapshotFiles
from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.files.intake_anchors import IntakeAnchorFiles
from hitl.adapters.files.signers import SignerFiles
from hitl.adapters.ray.shard_spec import machine_of
from hitl.adapters.valkey import names
from hitl.adapters.valkey.archive_check import check_kept
from hitl.adapters.valkey.archived_keys import open_keys
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.client import connect, store_errors
from hitl.adapters.valkey.outbox import ValkeyOutbox
from hitl.adapters.valkey.segment_check import check_deletions, check_segments
from hitl.adapters.valkey.settled_objects import open_settled
from hitl.adapters.valkey.whole_intake import open_intake
from hitl.canonical import fingerprint
from hitl.errors import ChainBroken, StoreUnavailable
from hitl.intake.chains import find_lost_head, verify_intake
from hitl.intake.deletions import DeletedRun, Deletion
from hitl.intake.refs import verify_references
from hitl.journal import GENESIS, Journal
from hitl.journal.verify import verify_signed
from hitl.machine.proof import prove
from hitl.machine.shards import APPROVAL, WORKFLOW, all_shards, review_shard
from serve_app.setup.records import journal_of


@dataclass(frozen=True, slots=True)
class Verified:
    """A chain that holds. ``head`` is its last hash; for a partition, a digest over the heads of its gateways. From entry
    ``signed_from`` on its writer signed it; None: not at all. ``deleted`` cases of a partition went as their tasks' retention
    says, each on the record."""

    chain: str
    entries: int
    head: str
    signed_from: int | None = None
    deleted: int = 0


def verify_all(redis_url: str, partitions: int, archive_uri: str) -> list[Verified]:
    """Return every chain of the store, checked link by link: those of ``partitions`` and whatever else stands there, so that a
    setting that is not the service's leaves nothing out. Raises ChainBroken, EntryForged at the first that does not hold."""
    return asyncio.run(_verify_all(redis_url, partitions, archive_uri))


async def _verify_all(redis_url: str, partitions: int, archive_uri: str) -> list[Verified]:
    client = connect(redis_url)
    try:
        shards = {*all_shards(partitions), *await _tags(client, names.journal("*"))}
        journals = [await _journal(client, shard, archive_uri) for shard in sorted(shards)]
        found = {int(tag.removeprefix("intake-")) for tag in await _tags(client, "hitl:{intake-*}:cases")}
        return journals + [await _intake(client, partition, archive_uri) for partition in sorted({*range(partitions), *found})]
    finally:
        await client.aclose()


async def _tags(client: Redis, pattern: str) -> set[str]:
    """Return the hash tags of the keys that fit ``pattern``. Raises StoreUnavailable."""
    with store_errors():
        return {key.decode().split("{")[1].split("}")[0] async for key in client.scan_iter(pattern)}


async def _journal(client: Redis, shard: str, archive_uri: str) -> Verified:
    """Return the archive and the stream as one chain, from the first entry; then what was noted of it elsewhere."""
    journal = journal_of(client, shard, archive_uri)
    signers = await SignerFiles(archive_uri, shard).read()
    entries, head, signed_from = await verify_signed(shard, journal, signers)
    await _check_noted(shard, journal, await ValkeyOutbox(client).cursor(shard))
    await _check_noted(shard, journal, await AnchorFile(archive_uri, shard).read() or (0, GENESIS))
    await _check_snapshots(shard, journal, archive_uri)
    if shard.startswith("review-"):
        deletions = await _deletions(client, int(shard.removeprefix("review-")), archive_uri)
        gone = {case_id for deletion in deletions for case_id in deletion.reviewed}
        await check_kept(shard, journal, open_settled(client, shard, archive_uri), gone)
    if shard in (APPROVAL, WORKFLOW):
        await check_kept(shard, journal, open_settled(client, shard, archive_uri))
    return Verified(f"journal of {shard}", entries, head, signed_from)


async def _check_noted(shard: str, journal: Journal, noted: tuple[int, str]) -> None:
    """The outbox remembers the last entry that it read, and the anchor one of the last second, each with its hash: an end that
    was cut off or a history that was written anew does not have it. Raises ChainBroken."""
    seq, remembered = noted
    found = await journal.read(seq - 1, 1) if seq else []
    if seq and [entry.hash for entry in found] != [remembered]:
        raise ChainBroken(shard, seq)


async def _check_snapshots(shard: str, journal: Journal, archive_uri: str) -> None:
    """Every snapshot is what replaying the whole history up to it leads to. Raises SnapshotDamaged."""
    files = SnapshotFiles(archive_uri, shard)
    for seq in await files.seqs():
        data = await _read(files, seq)
        if data is not None:
            await prove(shard, machine_of(shard), journal, seq, data)


async def _read(files: SnapshotFiles, seq: int) -> bytes | None:
    """None for a snapshot that a newer one replaced while another was proved. Raises StoreUnavailable."""
    try:
        return await files.read(seq)
    except StoreUnavailable:
        if seq in await files.seqs():
            raise
        return None


async def _intake(client: Redis, partition: int, archive_uri: str) -> Verified:
    name, intake = f"intake-{partition}", open_intake(client, partition, archive_uri)
    shard = review_shard(partition)
    journal = journal_of(client, shard, archive_uri)
    await check_segments(shard, journal, Border(client, partition), CaseArchive(archive_uri, partition))
    await open_keys(client, partition, archive_uri).check()
    runs = sorted((run for each in await _deletions(client, partition, archive_uri) for run in each.runs), key=_position)
    archived_to = await intake.archived_to()
    lost = await find_lost_head(intake, await IntakeAnchorFiles(archive_uri, partition).read(), runs)
    if lost is not None:
        raise ChainBroken(name, lost[1].seq)
    entries, heads = await verify_intake(name, intake, runs)
    await verify_references(name, intake, archived_to)
    deleted = sum(run.cases for run in runs)
    return Verified(f"intake partition {partition} ({len(heads)} gateways)", entries, fingerprint(heads), deleted=deleted)


async def _deletions(client: Redis, partition: int, archive_uri: str) -> list[Deletion]:
    """Return all deletions of the partition, each on the record."""
    shard, border = review_shard(partition), Border(client, partition)
    archive = CaseArchive(archive_uri, partition, border.deletions)
    return await check_deletions(shard, journal_of(client, shard, archive_uri), border, archive)


def _position(run: DeletedRun) -> int:
    return run.seq
