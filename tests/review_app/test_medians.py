"""Several people's numbers, over the routes: their median settles a review, also where no shard can read a value."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from hitl.canonical import canonical
from hitl.ids import partition_of
from hitl.intake import CaseRecord, IntakeBatch
from hitl.machine import Envelope
from hitl.machine.shards import shard_of_case
from hitl.review import OpenReview
from hitl.routing.route import Action, Priority
from hitl.tasks import load_task
from tests.review_app.conftest import PARTITIONING, PARTITIONS, World, _record

TASK = """
task: digits
title: Repair hours
input: {kind: text, max_chars: 2000}
answer: {kind: number, min: 0.0, max: 200.0, step: 0.5, unit: hours, tolerance: 1.0}
model: {family: declared}
risk: {level: 0.05, confidence: 0.9}
review: {overlap: 2, undo_s: 0.0}
"""
PEOPLE = ("reviewer", "reviewer-2")


class Hours(World):
    """A task whose answers are numbers."""

    def __init__(self, is_sealed: bool) -> None:
        super().__init__()
        self.tasks["digits"] = load_task(TASK + f"sealed: {str(is_sealed).lower()}\n", "digits.yaml")
        self.serve()

    async def declared(self, hours: float) -> CaseRecord:
        """A case whose client declared so many hours; a person is asked."""
        record = replace(_record("a", Action.REVIEW, Priority.NORMAL), prediction="as_declared", probabilities=[0.9, 0.1])
        payload = canonical({"features": {"text": "a leak"}, "metadata": {}, "value": {"number": hours}})
        sealed = self.ports.vault.seal("digits", record.case_id, payload)
        intake = self.intakes[partition_of(record.case_id, PARTITIONS)]
        batch = IntakeBatch("g", {}, [record], [sealed.payload], 1, [""], keys=[sealed.wrapped_key])
        appended = await intake.append(batch)
        envelope = Envelope(OpenReview(record, appended.seqs[0]), "open", "", "intake", "r")
        await self.shards.submit(shard_of_case(record.case_id, PARTITIONING), envelope)
        return record

    async def answers(self, *hours: float | None, who: tuple[str, ...] = PEOPLE) -> list[dict[str, Any]]:
        """People answer one after another with so many hours, None: that no number fits."""
        return [await self._answer(each, person) for each, person in zip(hours, who, strict=False)]

    async def _answer(self, hours: float | None, who: str) -> dict[str, Any]:
        review = await self.claim(who)
        said = {"label": "none_of_these"} if hours is None else {"value": {"number": hours}}
        body = {"lease": review["lease"]["id"], **said}
        path = f"/v1/reviews/{review['review_id']}/decision"
        told, again = [await self.call("POST", path, who, body, idempotency_key=f"k-{who}") for _ in range(2)]
        assert told.status_code == 200, told.text
        assert again.json() == told.json(), "a repetition gets the first answer"
        found: dict[str, Any] = told.json()
        return found

    async def standing(self, record: CaseRecord) -> tuple[str, Any]:
        told = (await self.call("GET", f"/v1/decisions/{record.case_id}", "client")).json()
        return told["status"], told["value"]

    async def journal(self, record: CaseRecord) -> list[dict[str, Any]]:
        entries = await self.shards.journals[shard_of_case(record.case_id, PARTITIONING)].read(0, 10_000)
        return [event for entry in entries for event in json.loads(entry.body)["events"]]


@pytest.fixture(params=[False, True], ids=["clear", "sealed"])
async def hours(request: pytest.FixtureRequest) -> AsyncIterator[Hours]:
    made = Hours(request.param)
    await made.shards.start()
    yield made
    await made.http.aclose()
    await made.shards.stop()


async def test_two_numbers_within_the_tolerance_settle_on_the_lower(hours: Hours) -> None:
    record = await hours.declared(20)
    first, second = await hours.answers(12.5, 12)
    assert (first["status"], second["status"]) == ("answered", "decided")
    assert await hours.standing(record) == ("decided", {"number": 12.0})
    decided = next(event for event in await hours.journal(record) if event["type"] == "ReviewDecided")
    assert (decided["label"], decided["agreement"], decided["agrees_with_model"]) == (second["label"], 1.0, False)


async def test_numbers_further_apart_go_to_an_expert_whose_number_stands(hours: Hours) -> None:
    record = await hours.declared(20)
    _, second = await hours.answers(12, 14)
    assert (second["status"], second["waits_for"]) == ("answered", "expert")
    review = await hours.claim("expert", "digits.expert")
    body = {"lease": review["lease"]["id"], "value": {"number": 13}}
    told = await hours.call("POST", f"/v1/reviews/{review['review_id']}/decision", "expert", body, idempotency_key="e")
    assert told.status_code == 200, told.text
    assert await hours.standing(record) == ("decided", {"number": 13.0})


async def test_an_answer_as_declared_counts_as_the_declared_number(hours: Hours) -> None:
    """11.5 is as declared within the tolerance of an hour, 13 is not; the declared 12 lies near both."""
    record = await hours.declared(12)
    first, second = await hours.answers(11.5, 13)
    assert first["label"] == "as_declared"
    assert (second["status"], second["label"], second["agrees_with_model"]) == ("decided", "as_declared", True)
    assert await hours.standing(record) == ("decided", {"number": 12.0})


async def test_that_no_number_fits_is_no_number(hours: Hours) -> None:
    await hours.declared(12)
    _, second = await hours.answers(None, 20)
    assert (second["status"], second["waits_for"]) == ("answered", "expert")


async def test_no_number_stands_in_the_journal_of_a_sealed_task(hours: Hours) -> None:
    record = await hours.declared(20)
    await hours.answers(12.5, 12)
    text = json.dumps([event.get("value") for event in await hours.journal(record)])
    assert ("12.5" in text) is not hours.tasks["digits"].is_sealed


async def test_numbers_within_the_tolerance_of_each_other_agree_in_the_figures(hours: Hours) -> None:
    record = await hours.declared(20)
    first, _ = await hours.answers(12.5, 12)
    decided = next(event for event in await hours.journal(record) if event["type"] == "ReviewDecided")
    assert decided["near_answers"] == [first["label"]]
    found = (await hours.call("GET", "/v1/quality/digits", "operator")).json()["figures"]["inter_annotator_agreement"]
    assert (found["value"], found["n"]) == (1.0, 1)
