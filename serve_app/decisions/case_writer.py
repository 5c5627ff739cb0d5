"""Write one micro-batch of one partition: predict, route, append once, and handle refused appends."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from secrets import token_hex

from hitl.crashpoints import crashpoint
from hitl.errors import CaseDeleted, CaseExists, Erased, IdempotencyConflict, PartitionsAdded, StaleGeneration, StoreUnavailable
from hitl.intake import CaseRecord, Intake, IntakeBatch, StoredCase
from hitl.journal import GENESIS, chain_hash
from serve_app.decisions.case_decider import CaseDecider, OverrideSource, RoutedCase
from serve_app.decisions.case_store import CaseStore
from serve_app.decisions.new_case import NewCase
from serve_app.decisions.predictor import PredictorRow
from serve_app.decisions.serving_models import ServingModels
from serve_app.http.telemetry import Telemetry
from serve_app.setup.vault import Vault

MAX_STALE = 4
"""Swaps that one batch lives through; more in a row means that the published generation cannot be adopted."""

ADOPTED_WITHIN_S = 2.0
PUBLISHING_PAUSE_S = 0.01
"""A generation is published partition after partition: for a moment one of them asks for what cannot be read yet."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A case as it stands in the store, with what answers show of its input. ``body_digest`` is that of the request that
    made it; None once its input was erased."""

    record: CaseRecord
    payload: bytes
    body_digest: str | None


Outcome = Kept | Exception


@dataclass(slots=True)
class Chain:
    """The links of one gateway incarnation in one partition. After an append of which nobody knows whether it happened, a
    new incarnation begins, so that the chain never depends on the answer."""

    gateway: str = field(default_factory=lambda: token_hex(16))
    count: int = 0
    head: str = GENESIS

    def links(self, bodies: Sequence[bytes]) -> list[str]:
        """The hashes that ``bodies`` would get next. Changes nothing."""
        links, head = [], self.head
        for number, body in enumerate(bodies, self.count + 1):
            head = chain_hash(head, number, body)
            links.append(head)
        return links

    def advance(self, links: Sequence[str]) -> None:
        """These links are stored."""
        self.count, self.head = self.count + len(links), links[-1]


class CaseWriter:
    """Settles micro-batches for one partition, one at a time. ``secret`` keys the coins; ``wall`` gives UTC seconds."""

    def __init__(
        self,
        store: CaseStore,
        models: ServingModels,
        vault: Vault,
        secret: Callable[[], Awaitable[bytes]],
        telemetry: Telemetry,
        wall: Callable[[], float] = time.time,
        overrides: OverrideSource | None = None,
    ) -> None:
        self._decider = CaseDecider(telemetry, vault.tasks, overrides)
        self._store, self._models, self._secret = store, models, secret
        self._vault, self._telemetry, self._wall = vault, telemetry, wall
        self._chain = Chain()
        self._behind_since: dict[tuple[str, int], float] = {}

    async def settle(self, cases: Sequence[NewCase]) -> list[Outcome]:
        """For each case what is durably stored under its id, or why nothing is known to be."""
        unique: dict[str, NewCase] = {}
        for case in cases:
            unique.setdefault(case.case_id, case)
        outcomes = await self._write(list(unique.values()))
        oldest = min(cases, key=_parsed_at)
        self._telemetry.settled(oldest.task, time.perf_counter() - oldest.parsed_at)
        return [_same_request(case, outcomes[case.case_id]) for case in cases]

    async def _write(self, cases: list[NewCase]) -> dict[str, Outcome]:
        outcomes = await self._stored_earlier([case for case in cases if case.earlier])
        cases = [case for case in cases if case.case_id not in outcomes]
        stale: dict[str, int] = {}
        while cases:
            try:
                decided, failed = await self._decide(cases)
                outcomes |= failed
                outcomes |= await self._append(decided) if decided else {}
            except CaseExists as error:
                outcomes |= await self._look_up([case for case in cases if case.case_id in error.positions], CaseDeleted)
            except PartitionsAdded as error:  # refused as a whole, and nothing that this replica sends will be taken
                outcomes |= {case.case_id: error for case in cases}
            except StaleGeneration as error:
                outcomes |= await self._catch_up(cases, error, stale)
            except StoreUnavailable as error:
                self._chain = Chain()
                self._telemetry.warn("append in doubt", why=str(error), cases=len(cases))
                outcomes |= await self._look_up(cases)
            except Exception:  # nobody knows what is stored: the links of this chain are not used again
                self._chain = Chain()
                raise
            cases = [case for case in cases if case.case_id not in outcomes]
        return outcomes

    async def _decide(self, cases: Sequence[NewCase]) -> tuple[list[RoutedCase], dict[str, Outcome]]:
        """Return the records of the cases, and what the others failed with: each case is decided on its own."""
        served = self._models.current
        predictions = await self._models.predict([PredictorRow(case.task, case.case_id, case.row) for case in cases], served)
        now, secret = self._wall(), await self._secret()
        decided, failed = list[RoutedCase](), dict[str, Outcome]()
        for case, prediction in zip(cases, predictions, strict=True):
            try:
                decided.append(self._decider.decide(case, prediction, served[case.task], secret, now))
            except Exception as error:  # noqa: BLE001 - what nobody foresaw about one case: the others get their answers
                failed[case.case_id] = error
        return decided, failed

    async def _append(self, decided: Sequence[RoutedCase]) -> dict[str, Outcome]:
        records, bodies = [one.record for one in decided], [one.body for one in decided]
        cases = [one.case for one in decided]
        payloads, keys = [case.payload for case in cases], [case.wrapped_key for case in cases]
        generations = {one.case.task: one.generation for one in decided}
        links = self._chain.links(bodies)
        start = time.perf_counter()
        crashpoint("cases.before_append")
        await self._store.intake.append(
            IntakeBatch(self._chain.gateway, generations, records, payloads, self._chain.count + 1, links, bodies, keys)
        )
        crashpoint("cases.after_append")
        self._chain.advance(links)
        self._behind_since.clear()
        self._telemetry.stored(records, time.perf_counter() - start)
        return {case.case_id: Kept(record, case.shown, case.body_digest) for case, record in zip(cases, records, strict=True)}

    async def _catch_up(self, cases: Sequence[NewCase], error: StaleGeneration, stale: dict[str, int]) -> dict[str, Outcome]:
        """Load what serves now; give up on the task whose published generation cannot be adopted."""
        unread = await self._refresh(cases)
        if unread or await self._is_on_its_way(error):
            return unread
        stale[error.task] = stale.get(error.task, 0) + 1
        return {} if stale[error.task] <= MAX_STALE else {case.case_id: error for case in cases if case.task == error.task}

    async def _is_on_its_way(self, error: StaleGeneration) -> bool:
        """Tell whether the generation that the partition asks for may be readable soon; waits a little if so. One that was not
        adopted in ADOPTED_WITHIN_S is not waited for again: other tasks' cases stand behind this batch."""
        if self._models.current[error.task].pointer.generation >= error.current:
            self._behind_since.clear()
            return False
        since = self._behind_since.setdefault((error.task, error.current), time.monotonic())
        if time.monotonic() - since > ADOPTED_WITHIN_S:
            return False
        await asyncio.sleep(PUBLISHING_PAUSE_S)
        return True

    async def _refresh(self, cases: Sequence[NewCase]) -> dict[str, Outcome]:
        try:
            await self._models.refresh()
        except StoreUnavailable as error:  # nothing was appended: the callers may repeat
            return {case.case_id: error for case in cases}
        return {}

    async def _look_up(self, cases: Sequence[NewCase], absent: Callable[[str], Exception] | None = None) -> dict[str, Outcome]:
        """Return what is stored of the cases; ``absent`` tells what it means that one is not."""
        found = await asyncio.gather(*(self._find(self._store.intake, case.case_id, absent or _did_not_happen) for case in cases))
        return {case.case_id: outcome for case, outcome in zip(cases, found, strict=True)}

    async def _stored_earlier(self, moved: Sequence[NewCase]) -> dict[str, Outcome]:
        """Return what is stored of those that came before partitions were added, where their keys went then."""
        if not moved:
            return {}
        try:
            places = await self._store.earlier_places(moved)
        except StoreUnavailable as error:  # nothing was appended: the callers may repeat
            return {case.case_id: error for case in moved}
        found = await asyncio.gather(*(self._find(self._store.intake_at(at), name, CaseDeleted) for at, name in places.values()))
        return dict(zip(places, found, strict=True))

    async def _find(self, intake: Intake, case_id: str, absent: Callable[[str], Exception]) -> Outcome:
        try:
            stored = await intake.find(case_id)
            return self._kept(stored) if stored else absent(case_id)
        except Exception as error:  # noqa: BLE001 - the store is away or the case cannot be opened: the others are read
            return error

    def _kept(self, stored: StoredCase) -> Kept:
        return Kept(stored.record, self._vault.shown_of(stored), self._vault.body_digest_of(stored))


def _did_not_happen(case_id: str) -> StoreUnavailable:
    return StoreUnavailable("the append did not happen")


def _parsed_at(case: NewCase) -> float:
    return case.parsed_at


def _same_request(case: NewCase, outcome: Outcome) -> Outcome:
    """Check that the case stored under the id came from a request with the same body."""
    if isinstance(outcome, Kept) and outcome.body_digest is None:
        return Erased(case.case_id)
    if isinstance(outcome, Kept) and outcome.body_digest != case.body_digest:
        return IdempotencyConflict(case.idempotency_key)
    return outcome
