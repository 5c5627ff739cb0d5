"""Fields of a document that earn their automation one by one, over the in-process service and its routes."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hitl.approval.commands import Deploy, RequestApproval, Vote
from hitl.canonical import canonical
from hitl.ids import case_id, partition_of
from hitl.intake import CaseRecord, IntakeBatch
from hitl.machine.shards import APPROVAL, shard_of_case
from hitl.review import Claim, Decide, OpenReview
from hitl.review.answer_events import DecisionFinal
from hitl.routing.coin import draw_samples
from hitl.routing.prediction import Prediction
from hitl.routing.route import Action
from hitl.routing.steering import Request, steering_of
from hitl.tasks import TaskSpec, load_task
from serve_app.evidence.evidence import TaskEvidence
from serve_app.reconcilers.certifier import Certifier
from serve_app.setup.policies import policies, policy_in_force
from tests.review_app.conftest import PARTITIONING, PARTITIONS, _record
from tests.review_app.test_quality import MODEL, Certified

TASK = """
task: digits
title: Invoices
input: {kind: text, max_chars: 2000}
answer:
  kind: fields
  fields: [{name: vendor, type: text}, {name: total, type: money}]
model: {family: declared}
risk: {level: 0.05, confidence: 0.9}
policy: {parts: each}
sampling: {random: 0.1, audit: 0.1, cold: 1.0}
"""
VALUE = {"vendor": "Acme", "total": "120.00"}
BOXES = {"total": {"page": 1, "box": [0.5, 0.5, 0.75, 0.625]}}


class Documents(Certified):
    """A task of two fields, of which one is read well and the other badly."""

    def __init__(self) -> None:
        super().__init__()
        spec: TaskSpec = load_task(TASK, "digits.yaml")
        self.tasks["digits"] = spec.model_copy(update={"review": spec.review.model_copy(update={"undo_s": 0.0})})
        configured = policies(self.tasks, None, None)
        self.ports = replace(self.ports, policies=configured)
        self.serve()
        self.version = configured["digits"].version
        evidence = TaskEvidence(self.tasks, self.shards, self.intakes)
        policy_of = lambda task, now: policy_in_force(configured[task], spec.labels, now)  # noqa: E731
        self.certifier = Certifier(self.shards, self.tasks, evidence, policy_of, lambda: 1e12)
        self.number = 0

    async def serve_card(self) -> None:
        asked = RequestApproval("model_deployment", "digits", MODEL, "a card", {}, "trainer", 1, 1e12)
        approval = (await self.submit(APPROVAL, asked)).approval_id
        await self.submit(APPROVAL, Vote(approval, "approver", "approve", MODEL))
        await self.submit(APPROVAL, Deploy(approval, MODEL))

    async def arrive(self, scores: dict[str, float], streams: list[str] | None = None) -> CaseRecord:
        """A case, routed as the gateway does; ``streams`` in place of the coins'. Its review is opened where it is for people."""
        self.number += 1
        steering = steering_of(await self.serving(), self.ports.policies["digits"], self.tasks["digits"].labels)
        prediction = Prediction("as_declared", (0.9, 0.1), 0.9, 0.0, MODEL)
        steered = steering.steer(Request({}, {}, "client", None, scores), prediction)
        case = case_id(b"secret", "client", "digits", f"s{self.number}")
        gold = steering.random_probability(steered, MODEL)
        coins = draw_samples(b"secret", case, self.version, gold, steering.audit_probability(steered))
        record = replace(
            _record(f"s{self.number}", steered.route.action, steered.route.priority),
            case_id=case,
            at=float(self.number),
            prediction="as_declared",
            probabilities=[0.9, 0.1],
            model_version=MODEL,
            policy_version=self.version,
            segment=steered.segment,
            certificate=steered.route.certificate,
            streams=[coin.stream.value for coin in coins if coin.drawn] if streams is None else streams,
            gold_probability=coins[0].probability,
            audit_probability=coins[1].probability,
            automatic_parts=list(steered.route.parts) or None,
            declared=[{"model": "reader", "version": "1", "probabilities": [0.9, 0.1], "parts": scores}],
        )
        assert CaseRecord.decode(record.encode()) == record
        await self._open(record)
        return record

    async def _open(self, record: CaseRecord) -> None:
        payload = canonical({"features": {"text": record.case_id}, "metadata": {}, "value": VALUE, "boxes": BOXES})
        intake = self.intakes[partition_of(record.case_id, PARTITIONS)]
        appended = await intake.append(IntakeBatch("g", {}, [record], [payload], self.number, [""]))
        if record.is_for_people:
            await self.submit(shard_of_case(record.case_id, PARTITIONING), OpenReview(record, appended.seqs[0]))

    async def answered(self, scores: dict[str, float], differs: list[str]) -> CaseRecord:
        """A case that a person answers, if one is asked, by what differs from what was declared."""
        record = await self.arrive(scores)
        if record.is_for_people:
            shard = shard_of_case(record.case_id, PARTITIONING)
            held = (await self.submit(shard, Claim("digits", "reviewer"))).review
            label, value = (f"corrected:{'a' * 32}", {**VALUE, "vendor": "X"}) if differs else ("as_declared", None)
            said = Decide(held.review_id, held.lease.id, "reviewer", label, value=value, differs=differs)
            await self.submit(shard, said)
        return record

    async def earn(self, cases: int) -> None:
        rng = np.random.default_rng(3)
        for _ in range(cases):
            await self.answered(scores_of(rng), ["vendor"] if rng.random() < 0.3 else [])
        await self.certifier.once()


def scores_of(rng: np.random.Generator) -> dict[str, float]:
    return {name: float(1 - 0.4 * rng.beta(0.5, 3.0)) for name in ("vendor", "total")}


@pytest.fixture
async def documents() -> AsyncIterator[Documents]:
    made = Documents()
    await made.shards.start()
    await made.serve_card()
    yield made
    await made.http.aclose()
    await made.shards.stop()


async def test_the_field_that_is_read_well_goes_by_itself_and_people_are_asked_for_the_other(documents: Documents) -> None:
    await documents.earn(350)
    thresholds = (await documents.serving()).thresholds[MODEL]["segments"]
    assert thresholds["part:total"] is not None
    assert thresholds.get("part:vendor") is None
    record = await documents.arrive({"vendor": 0.99, "total": 1.0}, streams=[])
    assert (record.action, record.automatic_parts) == (Action.REVIEW, ["total"])
    shown = await decision(documents, record)
    assert shown["parts"] == {"vendor": {"by": None, "is_override": False}, "total": {"by": "model", "is_override": False}}
    assert shown["certificate"] == record.certificate
    review = await documents.claim()
    assert [(each["name"], each["is_automatic"]) for each in review["form"]["fields"]] == [("vendor", False), ("total", True)]
    await answer(documents, review, {**VALUE, "vendor": "Acme Tools"})
    told = await decision(documents, record)
    assert told["parts"] == {"vendor": {"by": "person", "is_override": False}, "total": {"by": "model", "is_override": False}}
    assert told["value"] == {**VALUE, "vendor": "Acme Tools"}


async def test_who_corrects_an_automatic_field_overrides_it(documents: Documents) -> None:
    await documents.earn(350)
    record = await documents.arrive({"vendor": 0.9, "total": 1.0}, streams=[])
    await answer(documents, await documents.claim(), {**VALUE, "total": 99})
    told = await decision(documents, record)
    assert told["parts"] == {"vendor": {"by": "person", "is_override": False}, "total": {"by": "person", "is_override": True}}
    final = await last_event(documents, record, DecisionFinal.__name__)
    assert (final["model_parts"], final["overridden_parts"]) == ([], ["total"])


async def test_a_blind_check_of_a_case_that_went_in_part_asks_for_every_part(documents: Documents) -> None:
    await documents.earn(350)
    await documents.arrive({"vendor": 0.9, "total": 1.0}, streams=["audit"])
    review = await documents.claim()
    assert [each["is_automatic"] for each in review["form"]["fields"]] == [False, False]
    assert review["payload"].keys() == {"features", "metadata"}, "neither what was read nor where"


async def test_who_may_see_what_was_read_sees_where(documents: Documents) -> None:
    await documents.earn(350)
    record = await documents.arrive({"vendor": 0.9, "total": 1.0}, streams=[])
    review = await documents.claim()
    assert review["payload"]["boxes"] == BOXES
    await answer(documents, review, {**VALUE, "total": 99})
    told = await decision(documents, record)
    assert (told["boxes"], told["value"]) == (BOXES, {**VALUE, "total": "99.00"})


async def test_a_field_that_becomes_wrong_is_stopped_by_itself(documents: Documents) -> None:
    await documents.earn(350)
    for _ in range(300):
        await documents.answered({"vendor": 0.7, "total": 1.0}, ["total"])
    await documents.certifier.once()
    serving = await documents.serving()
    assert serving.thresholds[MODEL]["segments"]["part:total"] is None
    assert "blind checks of automatic decisions were wrong" in serving.stopped["part:total"]


async def answer(documents: Documents, review: dict[str, Any], value: dict[str, Any]) -> None:
    body = {"lease": review["lease"]["id"], "value": value}
    told = await documents.call("POST", f"/v1/reviews/{review['review_id']}/decision", "reviewer", body, idempotency_key="k")
    assert told.status_code == 200, told.text


async def decision(documents: Documents, record: CaseRecord) -> dict[str, Any]:
    found: dict[str, Any] = (await documents.call("GET", f"/v1/decisions/{record.case_id}", "client")).json()
    return found


async def last_event(documents: Documents, record: CaseRecord, kind: str) -> dict[str, Any]:
    entries = await documents.shards.journals[shard_of_case(record.case_id, PARTITIONING)].read(0, 10_000)
    events = [event for entry in entries for event in json.loads(entry.body)["events"]]
    return [event for event in events if event["type"] == kind and event["case_id"] == record.case_id][-1]


async def test_each_field_has_figures_of_its_own(documents: Documents) -> None:
    await documents.earn(350)
    for _ in range(20):
        await documents.arrive({"vendor": 0.7, "total": 1.0}, streams=[])
    found = (await documents.call("GET", "/v1/quality/digits", "operator")).json()["parts"]
    assert list(found) == ["vendor", "total"]
    assert found["vendor"]["model_error"]["low"] <= 0.3 <= found["vendor"]["model_error"]["high"]
    assert found["total"]["model_error"]["high"] < 0.02
    assert (found["vendor"]["automation_rate"]["value"], found["total"]["automation_rate"]["value"]) == (0.0, 20 / 370)


async def test_what_was_corrected_stands_by_field_as_a_digest(documents: Documents) -> None:
    record = await documents.arrive({"vendor": 0.9, "total": 1.0}, streams=[])
    await answer(documents, await documents.claim(), {**VALUE, "total": 99})
    decided = await last_event(documents, record, "ReviewDecided")
    assert list(decided["corrected_parts"]) == ["total"]
    assert len(decided["corrected_parts"]["total"]) == 32
