"""What a case counted for, and who may do what with it, is the same after it left the memory of its shard."""

import json
from typing import Any

import pytest

from examples.review_folds import fold_reviews
from hitl.journal import Commit
from hitl.machine.shards import shard_of_case
from hitl.review import OutcomeOf
from hitl.review.archiving import unpacked
from serve_app.api.services.audit import compliance, consequences_of, trail
from serve_app.evidence.evidence import TaskEvidence
from tests.fakes.archive import MemoryCases, archive_all
from tests.identity.conftest import NAME, SealedWorld, sealed
from tests.review_app.conftest import PARTITIONING, World, world
from tests.review_app.test_quality import MODEL, Certified, certified, gold
from tests.review_app.test_second_looks import PLAIN, looked

__all__ = ["certified", "sealed", "world"]

WHY = {"reason": "the person asked"}


async def told(world: World, *paths: str, who: str = "operator") -> list[Any]:
    """What an application that starts now answers."""
    world.serve()
    answers = [await world.call("GET", path, who) for path in paths]
    assert [answer.status_code for answer in answers] == [200] * len(paths)
    return [answer.json() for answer in answers]


async def rows_of(world: World, case_id: str) -> list[dict[str, Any]]:
    """The audit trail of the case."""
    journals = world.shards.journals
    followed = {name: await consequences_of(name, journal) for name, journal in journals.items()}
    return [row async for row in trail(journals, followed, lambda row: case_id in row["subjects"], with_content=True)]


async def test_labels_of_archived_cases_count_in_every_figure_and_certificate(certified: Certified) -> None:
    paths = [f"/v1/quality/digits{part}" for part in ("", "/certificate", "/reviewers", "/curves")]
    await gold(certified, 60)
    before = await told(certified, *paths)
    assert await archive_all(certified.shards.shards, MemoryCases()) == 60
    assert await told(certified, *paths) == before


async def test_a_certifier_that_starts_anew_earns_the_same_of_archived_cases(certified: Certified) -> None:
    await gold(certified, 400)
    before = await TaskEvidence(certified.tasks, certified.shards, certified.intakes).answers("digits")
    assert await archive_all(certified.shards.shards, MemoryCases()) == len(before) == 400
    assert await TaskEvidence(certified.tasks, certified.shards, certified.intakes).answers("digits") == before
    await certified.certifier.once()
    assert (await certified.serving()).thresholds[MODEL]["segments"]["all"] is not None


async def test_examples_of_archived_cases_are_exported_in_their_order(world: World) -> None:
    for key in "abcd":
        await world.case(key)
        await world.decide(await world.claim(), key=key)
    paths = [f"/v1/examples?task=digits&limit={limit}" for limit in (1, 3, 4)]
    before = await told(world, *paths, who="trainer")
    assert len(before[-1]["examples"]) == await archive_all(world.shards.shards, MemoryCases()) == 4
    assert await told(world, *paths, who="trainer") == before


async def test_the_history_of_an_archived_case_is_exported_and_reported_as_before(world: World) -> None:
    case_id = await world.case("a")
    await world.decide(await world.claim())
    before, reported = await rows_of(world, case_id), await compliance(world.shards.journals, 0.0, float("inf"))
    await archive_all(world.shards.shards, MemoryCases())
    after = await rows_of(world, case_id)
    assert after[: len(before)] == before
    assert [row["command"] for row in after[len(before) :]] == ["ArchiveCases"]
    assert await compliance(world.shards.journals, 0.0, float("inf")) == reported


async def test_the_input_of_an_archived_case_is_erased_and_no_recall_brings_it_back(sealed: SealedWorld) -> None:
    case_id, cases = await sealed.sealed_case("a"), MemoryCases()
    held = await sealed.claim()
    await sealed.decide(held)
    await archive_all(sealed.shards.shards, cases)
    assert (await sealed.call("GET", f"/v1/decisions/{case_id}", "operator")).json()["is_sealed"] is True
    erased = await sealed.call("POST", f"/v1/cases/{case_id}/erase", "operator", WHY, idempotency_key="e")
    assert erased.json() == {"case_id": case_id, "is_erased": True}
    amended = await sealed.call(
        "POST", f"/v1/reviews/{held['review_id']}/amend", "expert", {"label": "4", "reason": "a slip"}, idempotency_key="a"
    )
    assert amended.status_code == 200
    for who in ("client", "reviewer", "operator"):
        said = (await sealed.call("GET", f"/v1/decisions/{case_id}", who)).json()
        assert (said["outcome"]["label"], said["features"], said["is_sealed"]) == ("4", None, False)
    assert (await sealed.call("POST", f"/v1/cases/{case_id}/reveal", "operator", WHY, idempotency_key="r")).status_code == 410
    assert (await sealed.call("GET", "/v1/examples?task=digits", "trainer")).json()["examples"] == []
    assert NAME.encode() not in b"".join(cases.rows.values())


async def test_a_replay_agrees_after_an_archived_case_was_amended_and_archived_again(world: World) -> None:
    case_id, cases = await world.case("a"), MemoryCases()
    held = await world.claim()
    await world.decide(held)
    for label in ("4", "5"):
        await archive_all(world.shards.shards, cases)
        body = {"label": label, "reason": "a slip"}
        await world.call("POST", f"/v1/reviews/{held['review_id']}/amend", "expert", body, idempotency_key=label)
    await archive_all(world.shards.shards, cases)
    assert [each["label"] for each in unpacked(cases.rows[case_id])[0].outcomes] == ["3", "4", "5"]
    name = shard_of_case(case_id, PARTITIONING)
    entries = await world.shards.journals[name].read(0, 100)
    commits = [{"events": commit.events, "at": commit.at} for commit in (Commit.decode(entry.body) for entry in entries)]
    assert fold_reviews(commits) == json.loads(json.dumps((await world.shards.plain(name))["state"]))


async def test_a_suspicious_label_of_an_archived_case_is_looked_at_by_another_person(world: World) -> None:
    step, labelled = await looked(world, [*PLAIN, ("3", "8")])
    await archive_all(world.shards.shards, MemoryCases())
    await step.once()
    assert (await world.call("POST", "/v1/queues/digits/claim", "reviewer")).status_code == 204
    held = await world.claim("reviewer-2")
    assert (held["case_id"], held["blind"], held["answers"]) == (labelled[-1], True, [])
    outcome = (await world.shards.ask(shard_of_case(labelled[-1], PARTITIONING), OutcomeOf(labelled[-1]))).outcome
    assert outcome.label == "8"


@pytest.mark.parametrize("path", ["decision", "amend"])
async def test_a_repetition_after_the_case_left_gets_its_first_answer(world: World, path: str) -> None:
    await world.case("a")
    held = await world.claim()
    body = {"lease": held["lease"]["id"], "label": "3"} if path == "decision" else {"label": "4", "reason": "a slip"}
    who = "reviewer" if path == "decision" else "expert"
    if path == "amend":
        await world.decide(held)
    first = await world.call("POST", f"/v1/reviews/{held['review_id']}/{path}", who, body, idempotency_key="again")
    await archive_all(world.shards.shards, MemoryCases())
    seqs = {name: shard.seq for name, shard in world.shards.shards.items()}
    again = await world.call("POST", f"/v1/reviews/{held['review_id']}/{path}", who, body, idempotency_key="again")
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert {name: shard.seq for name, shard in world.shards.shards.items()} == seqs
