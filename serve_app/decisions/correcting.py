"""Answer a case by an override instead of the model, with a sampler that has some of them checked."""

import json
from dataclasses import replace

from hitl.intake import CaseRecord
from hitl.learning.overrides import SEGMENT, Hit, OverrideTable
from hitl.routing.coin import SampleStream, draw_sample
from hitl.routing.route import Action
from hitl.tasks import Vector
from hitl.tasks.spec import TaskSpec


def corrected(table: OverrideTable, spec: TaskSpec, record: CaseRecord, payload: bytes, vector: Vector) -> CaseRecord:
    """Return the record as it is to be stored: the override's where one answers, else ``record`` itself. What a rule sends to
    people, high risk and compliance stay with people."""
    if spec.overrides is None or record.rules or record.is_high_risk or record.requires_compliance:
        return record
    hit = table.find(spec.task, json.loads(payload)["features"], vector, record.prediction, record.at)
    return record if hit is None else _answered(record, hit, spec.overrides.audit)


def _answered(record: CaseRecord, hit: Hit, audit: float) -> CaseRecord:
    """The salt is the coin's key: random, stored with the record, and known to nobody who sends cases."""
    coin = draw_sample(bytes.fromhex(record.salt), SampleStream.AUDIT, record.case_id, hit.entry.override_id, audit)
    kept = [stream for stream in record.streams if stream != SampleStream.AUDIT]
    said = f"the model said {record.prediction!r}" if record.prediction else "no model said anything"
    return replace(
        record,
        prediction=hit.entry.label,
        probabilities=None,
        confidence=None,
        uncertainty=None,
        confidence_level=None,
        model_version=None,
        action=Action.AUTOMATIC,
        priority=None,
        reason=f"{hit.reason}; {said}",
        segment=SEGMENT,
        certificate=None,
        streams=[*kept, str(SampleStream.AUDIT)] if coin.drawn else kept,
        audit_probability=audit,
    )
