"""Inputs, sealing and families change by approval: old cases are read under the definition that they came with."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from secrets import token_bytes
from typing import Any

import pytest

from hitl.canonical import canonical
from hitl.ids import partition_of
from hitl.intake import IntakeBatch
from hitl.intake.memory import MemoryIntake
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, shard_of_case
from hitl.review import OpenReview
from hitl.routing.route import Action, Priority
from hitl.sealing import seal_payload
from hitl.serving.questions import ServingOf
from hitl.tasks import TaskSpec
from hitl.tasks.book import Definition, TaskBook
from hitl.tasks.definition import body_of, definition_digest
from serve_app.evidence.evidence import TaskEvidence
from serve_app.setup.case_words import words_of_case
from serve_app.setup.definitions import Facilities, refusal
from tests.definitions.test_removed_tasks import WithHistory
from tests.definitions.world import changed, started
from tests.gateway.service import loans
from tests.review_app.conftest import PARTITIONING, PARTITIONS, _record

LATER = 7
"""The generation of a change, behind that of the cases of before."""
FOUR: dict[str, Any] = {"kind": "vector", "size": 4, "min": 0.0, "max": 1.0}


async def test_another_input_takes_new_cases_and_refuses_the_old_form() -> None:
    async with started() as world:
        assert (await world.decide("a")).status_code == 202
        await world.adopt(changed(input=FOUR))
        assert (await world.decide("b")).status_code == 422
        said = {"features": [0.1, 0.2, 0.3, 0.4]}
        told = await world.call("POST", "/v1/tasks/loans/decisions", "client", said, idempotency_key="c")
        assert (told.status_code, told.json()["generation"]) == (202, 1)
        assert (await world.decide("a")).status_code == 422, "its key with a body of before is no repetition under another input"


async def test_models_of_another_input_or_family_leave() -> None:
    for change in ({"input": FOUR}, {"model": {"family": "sklearn.linear_model.LogisticRegression"}}):
        async with started() as world:
            told = (await world.propose(changed(**change))).json()
            assert told["changes"][-1].startswith("Models of the task as it is do not fit")
            await world.adopt(changed(**change))
            assert (await world.shards.ask(APPROVAL, ServingOf("loans"))).versions == []
            assert world.book["loans"].model_dump() != loans().model_dump()


async def test_a_task_is_sealed_only_where_there_is_a_master_key() -> None:
    async with started(facilities=Facilities(keys=False)) as world:
        told = await world.propose(changed(sealed=True))
        assert told.status_code == 422
        assert "HITL_MASTER_KEY" in told.text


def patients(*sensitive: str, names: tuple[str, ...] = ("age", "ssn")) -> dict[str, Any]:
    fields = [{"name": name, "min": 0.0, "max": 9.0, "sensitive": name in sensitive} for name in names]
    return changed(input={"kind": "fields", "fields": fields}, sealed=True)


async def test_a_field_that_was_hidden_does_not_come_back_in_clear() -> None:
    async with started() as world:
        await world.adopt(patients("ssn"))
        await world.adopt(patients(names=("age",)))
        told = await world.propose(patients())
        assert (told.status_code, told.json()["errors"][0]["pointer"]) == (422, "/input")
        assert (await world.propose(patients("ssn"))).status_code == 202


async def test_a_change_that_was_asked_for_before_the_field_was_hidden_is_not_adopted() -> None:
    async with started() as world:
        await world.adopt(patients(names=("age",)))
        clear = (await world.propose(patients())).json()
        await world.adopt(patients("ssn"))
        await world.adopt(patients(names=("age",)))
        await world.vote(clear["approval_id"], clear["digest"], "ann", "bob")
        await world.deployer.once()
        await world.settle()
        assert world.book["loans"].input.columns == ["age"]


async def test_a_family_whose_models_are_declared_needs_a_policy_that_earns_its_automation() -> None:
    async with started() as world:
        declared = TaskSpec.model_validate({**changed(), "model": {"family": "declared"}, "risk": {"level": 0.05}, "policy": {}})
        serving = await world.shards.ask(APPROVAL, ServingOf("loans"))
        uncertified = replace(serving, policy={"risk": "uncertified"})
        why = refusal(world.proposer, [], declared, uncertified)
        assert why is not None
        assert (why[0], "propose another policy first" in why[1]) == ("model.family", True)


def change(book: TaskBook, **keys: Any) -> TaskSpec:
    """The task of digits with other ``keys``, from the generation LATER on."""
    old = book["digits"]
    new = TaskSpec.model_validate_json(json.dumps({**body_of(old), **keys}))
    digests = [definition_digest(body_of(each)) for each in (old, new)]
    book.learn([Definition("digits", 0, digests[0], old), Definition("digits", LATER, digests[1], new)])
    return new


@pytest.fixture
async def app() -> AsyncIterator[WithHistory]:
    made = WithHistory()
    await made.shards.start()
    yield made
    await made.http.aclose()
    await made.shards.stop()


async def test_a_review_that_waits_shows_the_input_that_its_case_came_with(app: WithHistory) -> None:
    await app.case("a")
    fields = [{"name": "age", "min": 0.0, "max": 120.0}]
    change(app.book, input={"kind": "fields", "fields": fields})
    review = await app.claim()
    assert review["form"]["input"]["kind"] == "vector"
    assert len(review["payload"]["features"]) == 64
    assert (await app.decide(review)).status_code == 200
    assert (await app.call("GET", "/v1/quality/digits", "operator")).status_code == 200
    assert (await app.call("GET", "/v1/suggestions/digits", "operator")).status_code == 200


async def test_a_case_of_before_stays_readable_where_its_task_is_sealed_since(app: WithHistory) -> None:
    case = await app.case("a")
    change(app.book, sealed=True, sensitive_metadata=["ward"])
    (stored,) = [found for intake in app.intakes if (found := await in_intake(intake, case)) is not None]
    assert json.loads(app.ports.vault.shown_of(stored))["metadata"] == {"ward": "7"}
    assert not words_of_case(app.ports.vault, stored).seals, "it has no key, and its words are no sealed ones"
    review = await app.claim()
    body = {"lease": review["lease"]["id"], "label": "3", "comment": "clear to see"}
    told = await app.call("POST", f"/v1/reviews/{review['review_id']}/decision", "reviewer", body, idempotency_key="k")
    assert told.status_code == 200
    shown = (await app.call("GET", f"/v1/reviews/{review['review_id']}", "operator")).json()
    assert shown["review"]["answers"][0]["comment"] == "clear to see"


async def test_a_new_case_is_sealed_and_masked_from_then_on(app: WithHistory) -> None:
    case = await app.case("a")
    change(app.book, sealed=True, sensitive_metadata=["ward"])
    (old,) = [found for intake in app.intakes if (found := await in_intake(intake, case)) is not None]
    sealed = app.ports.vault.seal("digits", case, old.payload)
    assert b"ward" not in sealed.payload
    new = replace(old, record=replace(old.record, generation=LATER), payload=sealed.payload, wrapped_key=sealed.wrapped_key)
    assert json.loads(app.ports.vault.shown_of(new))["metadata"] == {"ward": "***"}


async def suggested(app: WithHistory, strategy: str) -> int:
    told = await app.call("GET", f"/v1/suggestions/digits?strategy={strategy}", "reviewer")
    assert told.status_code == 200
    return int(told.json()["total_unlabeled"])


async def keep_late(app: WithHistory, payload: bytes, key: bytes = b"", **terms: Any) -> None:
    """Put a case of after the change into its intake and its queue."""
    record = replace(_record("late", Action.REVIEW, Priority.NORMAL), generation=LATER, **terms)
    intake = app.intakes[partition_of(record.case_id, PARTITIONS)]
    appended = await intake.append(IntakeBatch("g", {}, [record], [payload], 1, [""], keys=[key]))
    envelope = Envelope(OpenReview(record, appended.seqs[0]), "open", "", "intake", "r")
    await app.shards.submit(shard_of_case(record.case_id, PARTITIONING), envelope)


@pytest.mark.parametrize("strategy", ["hybrid", "diversity", "adaptive"])
async def test_open_cases_of_before_are_suggested_beside_sealed_ones(app: WithHistory, strategy: str) -> None:
    await app.case("a")
    change(app.book, sealed=True)
    case = _record("late", Action.REVIEW, Priority.NORMAL).case_id
    sealed = app.ports.vault.seal("digits", case, canonical({"features": [0.0] * 64}))
    await keep_late(app, sealed.payload, sealed.wrapped_key)
    assert await suggested(app, strategy) == 2


@pytest.mark.parametrize("strategy", ["hybrid", "entropy"])
async def test_what_a_model_said_of_other_labels_is_left_out_of_suggestions(app: WithHistory, strategy: str) -> None:
    await app.case("a")
    change(app.book, labels=[str(each) for each in range(11)])
    await keep_late(app, canonical({"features": [0.0] * 64}), probabilities=[1 / 11] * 11)
    assert await suggested(app, strategy) == 1


async def test_as_many_labels_of_other_names_are_other_labels(app: WithHistory) -> None:
    await app.case("a")
    change(app.book, labels=[f"digit {each}" for each in range(10)])
    assert await suggested(app, "entropy") == 0


class Reader:
    """Reads the definitions when it is asked, and not before."""

    def __init__(self, **keys: Any) -> None:
        self.keys, self.reads = keys, 0

    async def refresh(self, book: TaskBook) -> bool:
        self.reads += 1
        change(book, **self.keys)
        return True


async def test_no_case_is_shown_under_a_definition_of_before_it_came(app: WithHistory) -> None:
    reader = Reader(sealed=True, sensitive_metadata=["ward"])
    app.ports = replace(app.ports, definitions=reader)  # type: ignore[arg-type]
    app.serve()
    case = _record("late", Action.REVIEW, Priority.NORMAL).case_id
    clear = canonical({"features": [0.0] * 64, "metadata": {"ward": "7"}})
    sealed = seal_payload(app.ports.vault.keys_of("digits"), case, clear, token_bytes)
    await keep_late(app, sealed.payload, sealed.wrapped_key)
    review = await app.claim()
    assert review["payload"]["metadata"] == {"ward": "***"}
    assert (await app.decide(review)).status_code == 200
    assert reader.reads == 1, "one look for each new generation"


async def test_no_case_is_counted_by_a_value_that_a_newer_definition_hides(app: WithHistory) -> None:
    reader: Any = Reader(sealed=True, sensitive_metadata=["ward"])
    shards: Any = app.shards
    app.book.learn([Definition("digits", 0, "d", app.book["digits"].model_copy(update={"groups": ["ward"]}))])
    await app.case("a")
    case = _record("late", Action.REVIEW, Priority.NORMAL).case_id
    clear = canonical({"features": [0.0] * 64, "metadata": {"ward": "8"}})
    sealed = seal_payload(app.ports.vault.keys_of("digits"), case, clear, token_bytes)
    await keep_late(app, sealed.payload, sealed.wrapped_key)
    evidence = TaskEvidence(app.book, shards, app.intakes, app.ports.vault.shown_of, None, reader)
    assert (await evidence.traffic("digits")).values["ward"] == {"7", "***"}
    evidence.close()


async def in_intake(intake: MemoryIntake, case: str) -> Any:
    return await intake.find(case)
