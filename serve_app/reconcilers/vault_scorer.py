"""Let challengers score the vault before they serve, so that their automation is earned when they are deployed.

The model runs in a process of its own, as a shadow's does, and the rows never leave the service: jobs that train cannot read
them. What serves scores the vault too once its policy changes.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hitl.canonical import fingerprint
from hitl.errors import ArtifactRejected, InvalidInput, SealBroken
from hitl.intake import StoredCase
from hitl.learning.journalled.commands import ScoreVault
from hitl.learning.journalled.questions import VaultScoresOf
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, LEARNING, Shards
from hitl.quality.checks import BlindCheck
from hitl.quality.vault import VaultScore, held_rows, unscored
from hitl.routing.prediction import Prediction
from hitl.routing.rules import CompiledPolicy
from hitl.routing.steering import Request, Steering, steering_of
from hitl.serving.questions import ServingOf
from hitl.serving.views import ServingView
from hitl.tasks import TaskSpec, vector_from
from hitl.tasks.case_request import request_of
from serve_app.evidence.evidence import TaskEvidence
from serve_app.evidence.vault import candidates, vaulted_checks
from serve_app.http.telemetry import json_log
from serve_app.reconcilers.shadow import Models
from serve_app.setup.clear_values import ClearReading, ClearValues, ReadingPurpose

SCORER = "vault"
"""Who scores, in the journal: not a person."""

MAX_FAILURES = 3
MAX_ROWS = 256
"""Of one model in one turn, the oldest first: plans rest on the first rows."""

log = json_log()


@dataclass(frozen=True, slots=True)
class _Row:
    """A case of the vault that the model is asked about."""

    case_id: str
    request: Request
    vector: Any


class VaultScorer:
    """One turn for every task whose policy states a risk level; each step is harmless to repeat."""

    def __init__(
        self,
        shards: Shards,
        tasks: Mapping[str, TaskSpec],
        evidence: TaskEvidence,
        configured: Mapping[str, CompiledPolicy],
        clear_values: ClearValues,
        models: Models,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._shards, self._tasks, self._evidence = shards, tasks, evidence
        self._configured, self._clear_values, self._models, self._wall = configured, clear_values, models, wall
        self._refused: set[str] = set()
        self._failures = Counter[str]()
        self._loaded: set[str] = set()

    async def once(self) -> None:
        for spec in self._tasks.values():
            serving = await self._shards.ask(APPROVAL, ServingOf(spec.task))
            steering = steering_of(serving, self._configured[spec.task], spec.labels)
            if steering.policy.policy.risk != "uncertified":
                await self._score_task(spec, serving, steering)

    async def _score_task(self, spec: TaskSpec, serving: ServingView, steering: Steering) -> None:
        held = held_rows(await vaulted_checks(self._evidence, spec.task), self._wall())
        serves = [digest for digest, _ in serving.versions]
        waiting = [each.digest for each in await candidates(self._shards, spec.task, serves)]
        for model in (*serves, *waiting) if held else ():
            asked = VaultScoresOf(spec.task, model, steering.policy.version)
            known = (await self._shards.ask(LEARNING, asked)).scores
            rows = unscored(held, known, model, steering.policy.version)[:MAX_ROWS]
            if rows and await self._loads(spec, model):
                await self._score(spec, steering, model, rows)

    async def _loads(self, spec: TaskSpec, digest: str) -> bool:
        if digest not in self._loaded | self._refused:
            try:
                await self._models.check(spec, digest)
                self._loaded.add(digest)
            except ArtifactRejected as error:
                self._refused.add(digest)
                log.warning("a challenger cannot score the vault", task=spec.task, digest=digest, why=str(error))
        return digest in self._loaded

    async def _score(self, spec: TaskSpec, steering: Steering, model: str, checks: Sequence[BlindCheck]) -> None:
        """A row whose input is gone gets a score that proves nothing; one that fails together with all others is tried again."""
        rows = await self._rows(spec, model, checks)
        said = await self._models.score(spec, model, [row.vector for row in rows]) if rows else []
        if said is None:
            self._give_up(spec, model)
            return
        found = {row.case_id: _scored(row, one, steering) for row, one in zip(rows, said, strict=True)}
        scores = tuple(found.get(each.case_id, VaultScore(each.case_id, None, None, each.segment)) for each in checks)
        command = ScoreVault(spec.task, model, steering.policy.version, scores)
        command_id = fingerprint([SCORER, spec.task, model, steering.policy.version, [each.case_id for each in checks]])
        await self._shards.submit(LEARNING, Envelope(command, command_id, command_id, SCORER, f"{SCORER}-score"))

    def _give_up(self, spec: TaskSpec, model: str) -> None:
        """A process that died may have been unlucky; several in a row are the model's doing."""
        self._failures[model] += 1
        if self._failures[model] >= MAX_FAILURES:
            self._refused.add(model)
            self._loaded.discard(model)
            log.warning("a challenger gave no answers to the vault", task=spec.task, digest=model)

    async def _rows(self, spec: TaskSpec, model: str, checks: Sequence[BlindCheck]) -> list[_Row]:
        stored = await asyncio.gather(*(self._evidence.find(each.case_id) for each in checks))
        cases = [case for case in stored if case is not None]
        reading = ClearReading(SCORER, f"model {model} scores the vault", f"{SCORER}-read")
        span = f"{checks[0].case_id}..{checks[-1].case_id}"
        clear_of = await self._clear_values.admit(cases, ReadingPurpose.VAULT, span, reading)
        return [row for row in (_row(spec, case, clear_of(case)) for case in cases) if row is not None]


def _row(spec: TaskSpec, case: StoredCase, clear: bytes | None) -> _Row | None:
    """None for an input that is erased, or no longer fits the task."""
    if clear is None:
        return None
    try:
        payload = json.loads(clear)
        request = request_of(spec, payload, case.record)
        return _Row(case.record.case_id, request, vector_from(spec, payload["features"]))
    except (InvalidInput, SealBroken) as error:
        log.warning("a case of the vault cannot be scored", case=case.record.case_id, why=str(error))
        return None


def _scored(row: _Row, said: Prediction | None, steering: Steering) -> VaultScore:
    steered = steering.steer(row.request, said)
    prediction, confidence = (None, None) if said is None else (said.label, said.confidence)
    return VaultScore(row.case_id, prediction, confidence, steered.segment, steered.rules)
