"""Write one micro-batch of one partition: predict, route, append once, and handle refused appends."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, Protocol

from hitl.canonical import digest_of
from hitl.crashpoints import crashpoint
from hitl.errors import CaseExists, Erased, IdempotencyConflict, SealBroken, StaleGeneration, StoreUnavailable
from hitl.intake import CaseRecord, Intake, IntakeBatch, StoredCase
from hitl.journal import GENESIS, chain_hash
from hitl.routing.coin import toss_both
from hitl.routing.prediction import Prediction
from hitl.routing.route import NO_MODEL, UNUSABLE
from hitl.routing.steering import Request
from hitl.tasks import Vector
from serve_app.decisions.predictor import PredictorRow, TaskModels
from serve_app.decisions.serving_models import ServingModels
from serve_app.http.telemetry import Telemetry
from serve_app.setup.vault import Vault

SALT_BYTES = 16
MAX_STALE = 4
"""Swaps that one batch lives through; more in a row means that the published generation cannot be adopted."""

ADOPTED_WITHIN_S = 2.0
PUBLISHING_PAUSE_S = 0.01
"""A generation is published partition after partition: for a moment one of them asks for what cannot be read yet."""

NOTHING_SAID: dict[str, Any] = dict.fromkeys(
    ("prediction", "probabilities", "confidence", "uncertainty", "confidence_level", "model_version", "raw_confidence", "model_s")
)


@dataclass(frozen=True, slots=True)
class NewCase:
    """A request that passed every check. ``payload`` is the canonical JSON of its features and metadata, sealed under
    ``wrapped_key`` where its task says so, ``shown`` what answers show of it; ``body_digest`` recognises the request,
    ``request`` is what rules read; ``parsed_at`` is on time.perf_counter's clock."""

    case_id: str
    request_id: str
    task: str
    client: str
    idempotency_key: str
    body_digest: str
    payload: bytes
    vector: Vector
    request: Request
    parsed_at: float
    shown: bytes
    wrapped_key: bytes = b""


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


class OverrideSource(Protocol):
    """serve_app.decisions.live_overrides.LiveOverrides."""

    def corrected(self, record: CaseRecord, payload: bytes, vector: Vector) -> CaseRecord:
        """The record with an override's answer where one answers."""


class CaseWriter:
    """Settles micro-batches for one partition, one at a time. ``secret`` keys the coins; ``wall`` gives UTC seconds."""

    def __init__(
        self,
        intake: Intake,
        models: ServingModels,
        vault: Vault,
        secret: Callable[[], Awaitable[bytes]],
        telemetry: Telemetry,
        wall: Callable[[], float] = time.time,
        overrides: OverrideSource | None = None,
    ) -> None:
        self._overrides = overrides
        self._intake, self._models, self._secret = intake, models, secret
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
        outcomes: dict[str, Outcome] = {}
        stale: dict[str, int] = {}
        while cases:
            try:
                outcomes |= await self._append(cases, await self._decide(cases))
            except CaseExists as error:
                outcomes |= await self._look_up([case for case in cases if case.case_id in error.positions])
            except StaleGeneration as error:
                outcomes |= await self._catch_up(cases, error, stale)
            except StoreUnavailable as error:
                self._chain = Chain()
                self._telemetry.warn("append in doubt", why=str(error), cases=len(cases))
                outcomes |= await self._look_up(cases)
            cases = [case for case in cases if case.case_id not in outcomes]
        return outcomes

    async def _decide(self, cases: Sequence[NewCase]) -> tuple[list[CaseRecord], dict[str, int]]:
        """The records of the cases, with the generations that they were predicted under."""
        served = self._models.current
        predictions = await self._models.predict([PredictorRow(case.task, case.case_id, case.vector) for case in cases], served)
        now, secret = self._wall(), await self._secret()
        records = [
            _record(case, prediction, served[case.task], secret, now) for case, prediction in zip(cases, predictions, strict=True)
        ]
        if self._overrides is not None:
            pairs = zip(cases, records, strict=True)
            records = [self._overrides.corrected(record, case.payload, case.vector) for case, record in pairs]
        return records, {case.task: served[case.task].pointer.generation for case in cases}

    async def _append(self, cases: Sequence[NewCase], decided: tuple[list[CaseRecord], dict[str, int]]) -> dict[str, Outcome]:
        records, generations = decided
        bodies, payloads = [record.encode() for record in records], [case.payload for case in cases]
        links, keys = self._chain.links(bodies), [case.wrapped_key for case in cases]
        start = time.perf_counter()
        crashpoint("cases.before_append")
        await self._intake.append(
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

    async def _look_up(self, cases: Sequence[NewCase]) -> dict[str, Outcome]:
        found = await asyncio.gather(*(self._find(case.case_id) for case in cases))
        return {case.case_id: outcome for case, outcome in zip(cases, found, strict=True)}

    async def _find(self, case_id: str) -> Outcome:
        try:
            stored = await self._intake.find(case_id)
            return self._kept(stored) if stored else StoreUnavailable("the append did not happen")
        except (StoreUnavailable, SealBroken) as error:
            return error

    def _kept(self, stored: StoredCase) -> Kept:
        opened = self._vault.open(stored)
        return Kept(stored.record, opened.shown, None if opened.clear is None else digest_of(opened.clear))


def _record(case: NewCase, prediction: Prediction | None, served: TaskModels, secret: bytes, now: float) -> CaseRecord:
    steering, salt = served.steering, token_hex(SALT_BYTES)
    payload_digest = digest_of(salt.encode() + case.payload)
    steered = steering.steer(case.request, prediction, UNUSABLE if served.pointer.versions else NO_MODEL)
    chosen, policy = steered.route, steering.policy
    gold = steering.random_probability(steered, prediction.model if prediction else None)
    coins = toss_both(secret, case.case_id, policy.version, gold, steering.audit_probability(steered))
    return CaseRecord(
        case_id=case.case_id,
        request_id=case.request_id,
        task=case.task,
        client=case.client,
        at=now,
        # The digest of a clear text could be guessed at after an erasure: there it is that of the sealed one.
        body_digest=payload_digest if case.wrapped_key else case.body_digest,
        payload_digest=payload_digest,
        salt=salt,
        **(_said(prediction) if prediction else NOTHING_SAID),
        action=chosen.action,
        reason=chosen.reason,
        priority=chosen.priority,
        policy_version=policy.version,
        generation=served.pointer.generation,
        processing_time=round(time.perf_counter() - case.parsed_at, 6),
        segment=steered.segment,
        streams=[coin.stream.value for coin in coins if coin.drawn],
        gold_probability=coins[0].probability,
        audit_probability=coins[1].probability,
        certificate=chosen.certificate,
        rules=list(steered.rules),
        is_high_risk=chosen.is_high_risk,
        requires_compliance=chosen.requires_compliance,
        shadow=steering.would(case.request, prediction),
    )


def _said(prediction: Prediction) -> dict[str, Any]:
    return {
        "prediction": prediction.label,
        "probabilities": list(prediction.probabilities),
        "confidence": prediction.confidence,
        "uncertainty": prediction.uncertainty,
        "confidence_level": prediction.confidence_level,
        "model_version": prediction.model,
        "raw_confidence": prediction.raw_confidence,
        "model_s": prediction.model_s,
    }


def _parsed_at(case: NewCase) -> float:
    return case.parsed_at


def _same_request(case: NewCase, outcome: Outcome) -> Outcome:
    """Check that the case stored under the id came from a request with the same body."""
    if isinstance(outcome, Kept) and outcome.body_digest is None:
        return Erased(case.case_id)
    if isinstance(outcome, Kept) and outcome.body_digest != case.body_digest:
        return IdempotencyConflict(case.idempotency_key)
    return outcome
