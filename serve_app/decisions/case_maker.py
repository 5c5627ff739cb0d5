"""Make a new case from a checked request: its vector, canonical input, id and sealed parts."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from hitl.answers.boxes import FieldBox
from hitl.answers.fields import Fields
from hitl.answers.rule_values import RuleValues, rule_values
from hitl.canonical import JsonObject, digest_of
from hitl.canonical_fast import canonical_fast
from hitl.identity import Principal, Role
from hitl.identity.keys import KeyStore
from hitl.ids import case_digest
from hitl.inference.declared import DeclaredRow
from hitl.partitioning import CaseNames, Partitioning
from hitl.routing.steering import Request
from hitl.tasks import TaskSpec
from hitl.trace_context import TraceContext
from serve_app.decisions.case_blobs import owned_blobs
from serve_app.decisions.decision_body import check_body
from serve_app.decisions.declared_body import parse_boxes, parse_fields, parse_predictions
from serve_app.decisions.new_case import NewCase
from serve_app.setup.vault import Vault


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """The caller, task and idempotency key of a decision request; ``trace`` is its span, None where tracing is off."""

    caller: Principal
    spec: TaskSpec
    key: str
    request_id: str
    trace: TraceContext | None = None


class CaseMaker:
    """``keys`` knows the secret that case ids are derived with, ``partitioning`` where they go."""

    def __init__(self, keys: KeyStore, vault: Vault, partitioning: Partitioning) -> None:
        self._keys, self._vault, self._partitioning = keys, vault, partitioning
        self._secret: bytes | None = None

    async def secret(self) -> bytes:
        """Read once. Raises StoreUnavailable."""
        if self._secret is None:
            self._secret = await self._keys.case_secret()
        return self._secret

    def names(self, asked: DecisionRequest, secret: bytes) -> CaseNames:
        """Return where the case of the request goes, and where it may stand."""
        return self._partitioning.names_of(case_digest(secret, asked.caller.id, asked.spec.task, asked.key))

    def make(self, asked: DecisionRequest, secret: bytes, body: JsonObject) -> NewCase:
        """Make the case of ``body``, which the strict parser let through. Raises InvalidInput, and Forbidden for predictions of
        an account that may not declare any."""
        parsed_at = time.perf_counter()
        task, client = asked.spec.task, asked.caller.id
        vector, metadata = check_body(asked.spec, body)
        blobs = owned_blobs(secret, client, asked.spec, body["features"]) if asked.spec.input.files else ()
        declared, value = _declared(asked, body) if asked.spec.is_declared else (None, None)
        kept = {} if value is None else _kept(value, parse_boxes(body, asked.spec))
        payload = canonical_fast({"features": body["features"], "metadata": metadata, **kept})
        names = self.names(asked, secret)
        sealed = self._vault.seal(task, names.case_id, payload)
        return NewCase(
            case_id=names.case_id,
            partition=names.partition,
            earlier=names.earlier,
            request_id=asked.request_id,
            task=task,
            client=client,
            idempotency_key=asked.key,
            body_digest=digest_of(payload),
            payload=sealed.payload,
            vector=vector,
            request=Request(body["features"], metadata, client, _seen_by_rules(asked.spec, value), _part_scores(declared)),
            parsed_at=parsed_at,
            shown=self._vault.shown(task, payload),
            wrapped_key=sealed.wrapped_key,
            declared=declared,
            blobs=blobs,
            trace=asked.trace,
        )


def _seen_by_rules(spec: TaskSpec, value: Fields | None) -> RuleValues | None:
    return None if spec.fields is None or value is None else rule_values(spec.fields, value)


def _kept(value: Fields, boxes: Mapping[str, FieldBox]) -> dict[str, object]:
    """What is stored of a declared value with the input that it was read in."""
    return {"value": value, "boxes": boxes} if boxes else {"value": value}


def _part_scores(declared: DeclaredRow | None) -> Mapping[str, float] | None:
    return declared.said[0].parts if declared is not None and declared.said else None


def _declared(asked: DecisionRequest, body: JsonObject) -> tuple[DeclaredRow, Fields | None]:
    """The predictions in the body, whoever's they are, and their value where answers are fields. Raises InvalidInput,
    or Forbidden for an account without the role."""
    answer = asked.spec.fields
    said, value = (parse_predictions(body, asked.spec.labels), None) if answer is None else parse_fields(body, answer)
    if said:
        asked.caller.require(f"declare predictions of task {asked.spec.task}", Role.DECLARER)
    return DeclaredRow(asked.caller.id, said), value
