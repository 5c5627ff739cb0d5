"""Attempts on sealed values: by rules of one's own, by guesses, by a role that need not see them, by asking twice."""

import ast
import json
from dataclasses import replace
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import httpx2
import pytest

from hitl.errors import Forbidden
from hitl.ids import partition_of
from serve_app.setup.clear_values import ClearReading, ReadingPurpose
from tests.identity.conftest import NAME, SealedWorld, sealed
from tests.review_app.conftest import World, world

__all__ = ["sealed", "world"]

WHY = {"reason": "I am curious"}
NAMED: dict[str, Any] = {
    "kind": "ai_decision",
    "id": "raise.ada",
    "title": "Raise the salary?",
    "context": {"salary": 83125},
    "sensitive": ["salary"],
}


async def dry_run(world: World, when: str, who: str = "approver", cases: int = 100) -> httpx2.Response:
    rules = [{"name": "r", "when": when, "effect": "expert", "reason": "r"}]
    return await world.call("POST", "/v1/policies/digits/dry-run", who, {"cases": cases, "policy": {"rules": rules}})


@pytest.mark.parametrize(
    "rule", ["metadata.name.startsWith('{}')", "metadata.name < '{}'", "features[0] < {}.0", "features == {}"]
)
async def test_rules_of_a_dry_run_tell_nothing_of_a_sealed_value(sealed: SealedWorld, rule: str) -> None:
    """Each answer would halve what a value can be: 84 requests read a name of two letters more."""
    sealed.ports = replace(sealed.ports, dry_run_min_cases=1)
    sealed.serve()
    await sealed.sealed_case("a")
    guesses = range(26) if "features" in rule else ascii_uppercase
    told = [(await dry_run(sealed, rule.format(guess))).json() for guess in guesses]
    assert [each["is_masked"] for each in told] == [True] * 26
    assert len({str(each["proposed"]["routes"]) for each in told}) == 1


async def test_a_dry_run_still_sees_what_is_not_sealed(sealed: SealedWorld) -> None:
    sealed.ports = replace(sealed.ports, dry_run_min_cases=1)
    sealed.serve()
    await sealed.sealed_case("a")
    assert (await dry_run(sealed, "metadata.ward == '7'")).json()["proposed"]["routes"]["expert"] == 1


async def test_a_dry_run_of_few_sealed_cases_is_refused_in_words(sealed: SealedWorld) -> None:
    await sealed.sealed_case("a")
    one, all_there_are = await dry_run(sealed, "true", cases=1), await dry_run(sealed, "true")
    assert (one.status_code, one.json()["errors"][0]["pointer"]) == (422, "/cases")
    assert (all_there_are.status_code, all_there_are.json()["type"]) == (409, "urn:ray-hitl:problem:too-few-cases")
    assert "at least 20 past cases" in all_there_are.json()["detail"]


async def test_the_evidence_of_a_proposed_policy_tells_no_more(sealed: SealedWorld) -> None:
    await sealed.sealed_case("a")
    body = {"policy": {"rules": [{"name": "r", "when": "true", "effect": "expert"}]}, "title": "Everybody"}
    asked = await sealed.call("POST", "/v1/policies/digits", "trainer", body, idempotency_key="p")
    found = (await sealed.call("GET", f"/v1/approvals/{asked.json()['approval_id']}", "approver")).json()
    assert "at least 20 past cases" in found["approval"]["evidence"]["dry_run"]["refused"]


@pytest.mark.parametrize("who", ["operator", "client", "reviewer", "expert", "approver"])
async def test_examples_are_for_the_trainer_alone(sealed: SealedWorld, who: str) -> None:
    assert (await sealed.call("GET", "/v1/examples?task=digits", who)).status_code == 403


async def test_each_page_of_sealed_examples_stands_in_the_access_journal(sealed: SealedWorld) -> None:
    await sealed.sealed_case("a")
    await sealed.decide(await sealed.claim())
    shown = (await sealed.call("GET", "/v1/examples?task=digits", "trainer")).json()
    (read,) = await events_of(sealed, "SealedRead")
    assert len(shown["examples"]) == 1
    assert {name: read[name] for name in ("purpose", "task", "by", "cases")} == {
        "purpose": "training",
        "task": "digits",
        "by": "trainer",
        "cases": 1,
    }
    assert read["span"].endswith(shown["next"])


async def test_sealed_examples_do_not_leave_while_nobody_can_note_it(sealed: SealedWorld) -> None:
    await sealed.sealed_case("a")
    await sealed.decide(await sealed.claim())
    sealed.shards.away.add("access")
    answer = await sealed.call("GET", "/v1/examples?task=digits", "trainer")
    assert (answer.status_code, "0.0" in answer.text) == (503, False)


async def test_who_was_admitted_to_one_case_reads_no_other(sealed: SealedWorld) -> None:
    case_ids = [await sealed.sealed_case("a"), await sealed.sealed_case("b")]
    one, other = [await sealed.intakes[partition_of(each, len(sealed.intakes))].find(each) for each in case_ids]
    assert one is not None
    assert other is not None
    clear_of = await sealed.ports.clear_values.admit([one], ReadingPurpose.TRAINING, "0..1", ClearReading("t", "to learn", "r"))
    assert NAME.encode() in (clear_of(one) or b"")
    with pytest.raises(Forbidden):
        clear_of(other)


async def test_guesses_at_a_named_approval_are_all_refused_alike(world: World) -> None:
    await world.call("POST", "/v1/approvals", "client", NAMED, idempotency_key="a")
    guesses = [NAMED | {"context": {"salary": salary}} for salary in (83124, 83125, 83126)]
    answers = [
        await world.call("POST", "/v1/approvals", "client-2", body, idempotency_key=str(n)) for n, body in enumerate(guesses)
    ]
    told = [(answer.status_code, answer.json()["detail"]) for answer in answers]
    assert told == [told[0]] * 3
    assert told[0][0] == 409


async def test_another_callers_approval_is_not_answered_to_who_repeats_its_words(world: World) -> None:
    plain = {name: value for name, value in NAMED.items() if name != "sensitive"}
    await world.call("POST", "/v1/approvals", "client", plain, idempotency_key="a")
    assert (await world.call("POST", "/v1/approvals", "client-2", plain, idempotency_key="b")).status_code == 409
    assert (await world.call("POST", "/v1/approvals", "client", plain, idempotency_key="c")).status_code == 201


async def test_what_is_shown_twice_is_told_twice(sealed: SealedWorld) -> None:
    case_id = await sealed.sealed_case("a")
    for _ in range(5):
        shown = await sealed.call("POST", f"/v1/cases/{case_id}/reveal", "operator", WHY, idempotency_key="same")
        assert shown.json()["metadata"]["name"] == NAME
    assert len(await events_of(sealed, "Revealed")) == 5


GUARDED = {"open_payload", "open_clear", "open_parts", "open_fields", "open_bytes"}
MAY_OPEN = {
    "hitl/sealing/keyring.py",
    "hitl/sealing/opening.py",
    "serve_app/setup/vault.py",
    "serve_app/setup/clear_values.py",
    "hitl/blobs/sealed.py",  # a file of a case, under a key that stands in the case's own input
}
MAY_UNWRAP = MAY_OPEN | {
    "hitl/adapters/files/master_keys.py",  # a ring that asks its file
    "hitl/adapters/valkey/rewrapping.py",  # a rotation of the master key: wraps again at once
    "serve_app/api/services/approval_vault.py",  # seals more values under the same key
    "serve_app/api/services/signing_secrets.py",  # a signing secret, which is no case's value
    "serve_app/setup/case_words.py",  # words about a case, under the case's key
}


def test_nothing_opens_what_is_sealed_but_the_guard() -> None:
    """Beside the import contract: a data key that is unwrapped elsewhere would open it as well."""
    used = {str(path): names_in(path) for folder in ("hitl", "serve_app", "training") for path in Path(folder).rglob("*.py")}
    assert {path for path, names in used.items() if names & GUARDED} <= MAY_OPEN
    assert {path for path, names in used.items() if "unwrap" in names} <= MAY_UNWRAP


def names_in(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {node.id for node in nodes if isinstance(node, ast.Name)}
    return plain | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


async def events_of(world: World, kind: str) -> list[dict[str, Any]]:
    entries = await world.shards.journals["access"].read(0, 1000)
    return [event for entry in entries for event in json.loads(entry.body)["events"] if event["type"] == kind]
