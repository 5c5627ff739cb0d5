"""A shard with all that works beside it, over the store and the archive: what a shard's actor runs, and tests run without Ray."""

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import structlog

from hitl.adapters.files.archive import ArchivedEntries
from hitl.adapters.files.archived_journal import ArchivedJournal
from hitl.adapters.files.case_archive import CaseArchive
from hitl.adapters.files.intake_anchors import IntakeAnchorFiles
from hitl.adapters.files.signers import open_signer
from hitl.adapters.ray.concurrency import run_concurrently
from hitl.adapters.ray.intake_anchor import IntakeAnchor
from hitl.adapters.ray.intake_follower import IntakeFollower
from hitl.adapters.ray.open_statuses import is_final
from hitl.adapters.ray.serving_projector import ServingProjector
from hitl.adapters.ray.shard_metrics import QueueGauges, ShardGauges, ShardMetrics
from hitl.adapters.ray.shard_spec import ShardSpec
from hitl.adapters.ray.snapshot_keeper import SnapshotKeeper
from hitl.adapters.ray.traced_commands import TracedCommands
from hitl.adapters.valkey.archived_approvals import ApprovalArchive
from hitl.adapters.valkey.archived_keys import open_keys
from hitl.adapters.valkey.archived_reviews import ReviewArchive
from hitl.adapters.valkey.archived_workflows import WorkflowArchive
from hitl.adapters.valkey.archiver import APPROVALS, CASES, ROWS, WORKFLOWS, Archiver, Leaving
from hitl.adapters.valkey.border import Border
from hitl.adapters.valkey.case_archiver import CaseArchiver, archiver_of
from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.definitions import ValkeyDefinitions
from hitl.adapters.valkey.intake import ValkeyIntake
from hitl.adapters.valkey.journal import ValkeyJournal
from hitl.adapters.valkey.key_mover import KeyMover
from hitl.adapters.valkey.ownership import ValkeyOwnership
from hitl.adapters.valkey.serving import ValkeyServing
from hitl.adapters.valkey.settled_mover import SettledMover
from hitl.adapters.valkey.settled_objects import SettledObjects, layout_of, open_settled
from hitl.adapters.valkey.whole_intake import open_intake
from hitl.approval.definitions import DefinitionReader, read_definitions_until
from hitl.errors import Fenced, HitlError, JournalRegressed, Overloaded, Recovering, StaleLease, Unavailable
from hitl.intake.case_traces import CaseTraces
from hitl.journal import Journal
from hitl.journal.signed import SignedJournal
from hitl.machine import Envelope, Past, Phase, Shard, Watcher
from hitl.machine.archive import StateArchive
from hitl.machine.shards import APPROVAL, STANDBY, KeptAlive, PlainState, ShardReport
from hitl.machine.writer import when_the_store_answers
from hitl.review import FindLease
from hitl.tasks.book import TaskBook
from hitl.tracing import Tracer

MAX_LONG_WAITS = 5_000
FAULT_PAUSE_S = 2.0
DEFINITIONS_EVERY_S = 0.5
OWNER_LOOK_S = 0.1
"""How often a shard that stands by looks whether its cluster owns the store."""

ATTICS: dict[str, Callable[[SettledObjects], StateArchive[Any]]] = {
    "review": ReviewArchive,
    "approval": ApprovalArchive,
    "workflow": WorkflowArchive,
}
LEAVING: dict[str, Leaving] = {"review": CASES, "approval": APPROVALS, "workflow": WORKFLOWS}
"""What leaves the memory of a kind of shard."""

REGRESSED = "journal-regressed"
"""The phase of a shard that found less history than was noted outside the store."""

log = structlog.get_logger("hitl.shard")


class ShardRunner:
    """One shard. Every method raises Recovering until the journal is replayed, and what the machine refuses with. ``life`` ends
    once the shard is fenced: another writer goes on. ``tracer`` None: no command is traced."""

    _case_archiver: CaseArchiver | None = None
    _settled_mover: SettledMover | None = None
    _key_mover: KeyMover | None = None

    def __init__(self, spec: ShardSpec, tracer: Tracer | None = None) -> None:
        self._spec, self._tracer = spec, tracer
        self._shard: Shard[Any] | None = None
        self._failure: str | None = None
        self._regressed: JournalRegressed | None = None
        self._keeper: SnapshotKeeper | None = None
        self._projector: ServingProjector | None = None
        self._long_waits, self._stands_by = 0, False
        self._traced: TracedCommands | None = None
        self.life = asyncio.get_running_loop().create_task(self._live())

    async def submit(self, envelope: Envelope[Any]) -> Any:
        shard = self._serving()
        return await (shard.submit(envelope) if self._traced is None else self._traced.submit(shard, envelope))

    async def ask(self, question: Any) -> Any:
        return await self._serving().ask(question)

    async def wait(self, topic: str, question: Any, timeout_s: float) -> Any:
        """Return the answer once its status is not one of OPEN, else the last one after ``timeout_s``. Raises Overloaded."""
        if self._long_waits >= MAX_LONG_WAITS:
            raise Overloaded(f"long polls of shard {self._spec.shard}", MAX_LONG_WAITS)
        self._long_waits += 1
        try:
            return await self._serving().wait(topic, question, is_final, timeout_s)
        finally:
            self._long_waits -= 1

    async def heartbeat(self, review_id: str, lease: int, reviewer: str) -> KeptAlive:
        """Let the lease run anew; in memory only. Raises StaleLease unless ``reviewer`` holds exactly this one."""
        shard = self._serving()
        held = await shard.ask(FindLease(review_id, lease, reviewer))
        if not shard.extend(held.alarm, held.lease_s):  # it has rung, and its command waits to be decided
            raise StaleLease(review_id, lease, None)
        return {"review_id": review_id, "lease": lease, "lease_s": held.lease_s}

    async def plain(self) -> PlainState:
        return await self._serving().plain()

    async def status(self) -> ShardReport:
        """Return the shard's status, also while it recovers; ``failure`` says what keeps it from serving, ``troubles`` what is
        wrong with its snapshots, its anchor or what it publishes."""
        shard = self._shard
        failure = None if shard is not None and shard.phase is Phase.SERVING else self._failure
        troubles = dict(self._keeper.troubles) if self._keeper else {}
        if self._projector is not None and self._projector.trouble:
            troubles["serving pointer"] = self._projector.trouble
        if self._case_archiver is not None and self._case_archiver.trouble:
            troubles["archive of cases"] = self._case_archiver.trouble
        if self._key_mover is not None and self._key_mover.trouble:
            troubles["archive of keys"] = self._key_mover.trouble
        if self._settled_mover is not None and self._settled_mover.trouble:
            troubles[f"archive of {layout_of(self._spec.shard).folder}"] = self._settled_mover.trouble
        is_regressed = self._regressed is not None and shard is not None and shard.phase is Phase.RECOVERING
        phase = Phase.RECOVERING if shard is None else shard.phase
        told = STANDBY if self._stands_by else phase.value
        return {
            "shard": self._spec.shard,
            "phase": REGRESSED if is_regressed else told,
            "epoch": 0 if shard is None else shard.epoch,
            "seq": 0 if shard is None else shard.seq,
            "hash": "" if shard is None else shard.head,
            "waiting": 0 if shard is None else shard.waiting,
            "pid": os.getpid(),
            "build": self._spec.build,
            "failure": failure,
            "troubles": troubles,
        }

    def _serving(self) -> Shard[Any]:
        if self._shard is not None and self._shard.phase is Phase.SERVING:
            self._regressed = None
        if self._regressed is not None:
            raise self._regressed
        if self._shard is None:
            raise Recovering(self._spec.shard)
        return self._shard

    async def _live(self) -> None:
        _log_as_json(self._spec.log_level)
        while not await self._is_fenced():
            log.info("the shard starts anew", shard=self._spec.shard)

    async def _is_fenced(self) -> bool:
        """Serve as long as it goes; whether that ended for good."""
        fenced = False
        try:
            await self._serve()
        except* Fenced as left:
            log.warning("fenced", shard=self._spec.shard, why=str(left.exceptions[0]))
            fenced = True
        except* Exception as faults:
            self._failure = "; ".join(str(fault) for fault in faults.exceptions)
            self._regressed = next((fault for fault in faults.exceptions if isinstance(fault, JournalRegressed)), None)
            log.exception("the shard stopped", shard=self._spec.shard)
            await asyncio.sleep(FAULT_PAUSE_S)
        return fenced

    async def _serve(self) -> None:
        client = connect(self._spec.redis_url)
        try:
            await self._until_its_turn(client)
            await when_the_store_answers(partial(self._learn_definitions, client))
            await run_concurrently(self._lives(client))
        finally:
            await client.aclose()

    async def _until_its_turn(self, client: Any) -> None:
        """Return once this cluster owns the store: a shard of another would be fenced, and fence in turn."""
        if self._spec.owner is None:
            return
        ownership = ValkeyOwnership(client, self._spec.owner)
        try:
            while not await when_the_store_answers(ownership.is_mine):
                self._stands_by = True
                await asyncio.sleep(OWNER_LOOK_S)
        finally:
            self._stands_by = False

    def _lives(self, client: Any) -> list[Coroutine[Any, Any, None]]:
        spec, watchers = self._spec, list[Watcher]([ShardMetrics(self._spec.shard)])
        self._projector = projector = ServingProjector(ValkeyServing(client, spec.partitions), index=ValkeyDefinitions(client))
        if spec.kind == "approval":
            watchers.append(projector)
        if spec.keeping and self._keeper is None:
            self._keeper = SnapshotKeeper(spec, spec.keeping)
        past = self._keeper.past if self._keeper else Past()
        settled = open_settled(client, spec.shard, spec.keeping.archive_uri) if spec.keeping else None
        attic = _attic(spec.kind, settled)
        self._traced = self._traced_commands(client)
        shard = Shard(spec.build_machine(), self._journal(client), name=spec.shard, watchers=watchers, past=past, attic=attic)
        self._shard = shard
        keeping = [self._keeper.run(shard)] if self._keeper else []
        if settled and spec.keeping and spec.kind in LEAVING:
            self._settled_mover = SettledMover(shard, settled)
            kept = spec.keeping.kept_of(spec.kind)
            keeping += [self._settled_mover.run(), Archiver(shard, settled.recent, *kept, leaving=LEAVING[spec.kind]).run()]
        if spec.kind == "approval":
            return [shard.run(), *keeping, projector.run(), ShardGauges(shard, spec.shard).run()]
        if spec.kind == "review":
            opened = self._traced.record_openings if self._traced else None
            learn = partial(read_definitions_until, self._definitions(client), spec.tasks)
            follower, serving = IntakeFollower(shard, ValkeyIntake(client, spec.partition), opened, learn), shard.run
            if spec.keeping:
                uri, partition = spec.keeping.archive_uri, spec.partition
                whole, files = open_intake(client, partition, uri), IntakeAnchorFiles(uri, partition)
                anchor = IntakeAnchor(f"intake-{partition}", whole, files)
                self._case_archiver = archiver_of(shard, client, partition, uri, spec.keeping.leaving)
                keeping += [anchor.run(), self._case_archiver.run()]
                border = Border(client, partition)
                archive = CaseArchive(uri, partition, border.deletions)
                self._key_mover = KeyMover(shard, border, archive, open_keys(client, partition, uri))
                keeping.append(self._key_mover.run())
                if settled:
                    keeping.append(Archiver(shard, settled.recent, spec.keeping.rows, 0.0, leaving=ROWS).run())
                serving = partial(anchor.run_once_checked, shard.run)
            defined = self._follow_definitions(client)
            return [serving(), *keeping, defined, follower.run(), QueueGauges(shard, spec.shard).run()]
        return [shard.run(), *keeping, ShardGauges(shard, spec.shard).run()]

    def _traced_commands(self, client: Any) -> TracedCommands | None:
        """None where tracing is off."""
        spec = self._spec
        if self._tracer is None:
            return None
        if spec.kind != "review":
            return TracedCommands(self._tracer, spec.shard)
        uri, partition = spec.keeping.archive_uri if spec.keeping else None, spec.partition
        intake = ValkeyIntake(client, partition) if uri is None else open_intake(client, partition, uri)
        return TracedCommands(self._tracer, spec.shard, CaseTraces([intake]))

    async def _follow_definitions(self, client: Any) -> None:
        """Take up definitions that come into force, for ever: decisions read them, and what the machine is made of stays."""
        while isinstance(self._spec.tasks, TaskBook):
            await asyncio.sleep(DEFINITIONS_EVERY_S)
            try:
                await self._learn_definitions(client)
            except Unavailable as error:
                log.warning("definitions not read", shard=self._spec.shard, why=str(error))

    async def _learn_definitions(self, client: Any) -> None:
        """Take up the definitions in force. Raises Unavailable; one that cannot be read is told of and left out."""
        book = self._spec.tasks
        if not isinstance(book, TaskBook):
            return
        try:
            await self._definitions(client).refresh(book)
        except Unavailable:
            raise
        except HitlError as error:
            log.warning("definitions not read", shard=self._spec.shard, why=str(error))

    def _definitions(self, client: Any) -> DefinitionReader:
        """Return what reads the definitions in force."""
        stored, keeping = ValkeyJournal(client, APPROVAL), self._spec.keeping
        journal = stored if keeping is None else ArchivedJournal(stored, ArchivedEntries(keeping.archive_uri, APPROVAL))
        return DefinitionReader(ValkeyDefinitions(client), journal)

    def _journal(self, client: Any) -> Journal:
        shard, keeping = self._spec.shard, self._spec.keeping
        if keeping is None:
            return ValkeyJournal(client, shard)
        journal = ArchivedJournal(ValkeyJournal(client, shard), ArchivedEntries(keeping.archive_uri, shard))
        signer = open_signer(self._spec.signing_key_file)
        return SignedJournal(journal, shard, signer) if signer else journal


def _attic(kind: str, kept: SettledObjects | None) -> StateArchive[Any] | None:
    """Return where a shard of ``kind`` finds what left its memory; None where nothing leaves."""
    made = ATTICS.get(kind)
    return None if made is None or kept is None else made(kept)


def _log_as_json(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
    )
