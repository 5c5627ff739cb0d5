"""Models that run elsewhere, attacked: one that decides unearned, and a card that calls another address."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.canonical import digest_of
from hitl.errors import InvalidConfig
from hitl.inference.cards import DeclaredCard
from hitl.inference.remote.card import RemoteCard
from hitl.tasks import load_task
from serve_app.evidence.cards import ReadCard
from serve_app.evidence.uploads import TakeArtifact
from tests.review_app.conftest import World

FILE = Path("examples/tasks/declared_refunds.yaml").read_text(encoding="utf-8")
SPEC = load_task(FILE.replace("task: declared_refunds", "task: digits"), "a file")
CARD = DeclaredCard(model="judge", version="1", labels=SPEC.labels, what="a prompt", declarers=["bot"])
BYTES = CARD.to_bytes()


@pytest.fixture
def store(world: World, tmp_path: Path) -> ArtifactStore:
    """The store behind the application, whose task ``digits`` has its predictions declared."""
    world.tasks["digits"] = SPEC
    ports = replace(world.ports, tasks=world.tasks, take_artifact=TakeArtifact(str(tmp_path)), read_card=ReadCard(str(tmp_path)))
    world.ports = replace(ports, policies={})
    world.serve()
    return ArtifactStore(str(tmp_path))


async def ask(world: World, digest: str, **evidence: Any) -> httpx2.Response:
    body = {"kind": "model_deployment", "task": "digits", "digest": digest, "title": "a card", "evidence": evidence}
    return await world.call("POST", "/v1/approvals", "trainer", body, idempotency_key="k")


async def test_figures_that_a_trainer_claims_stand_apart_from_the_card(world: World, store: ArtifactStore) -> None:
    claimed = {"candidate": {"accuracy": {"value": 1.0}}, "measured": {"by": "service"}, "card": {"what": "better than it is"}}
    answer = await ask(world, store.put(BYTES), **claimed)
    assert answer.status_code == 201
    shown = (await world.call("GET", answer.headers["location"], "operator")).json()["approval"]["evidence"]
    assert shown["card"] == json.loads(BYTES)
    assert shown["measured"]["by"] == "nobody"
    assert shown["claimed"] == claimed


@pytest.mark.parametrize(
    "data",
    [
        b'{"family":"declared"}',
        CARD.model_copy(update={"labels": ["refund", "refuse"]}).to_bytes(),
        json.dumps(json.loads(BYTES)).encode(),
        BYTES.replace(b'"family":"declared"', b'"family":"remote"'),
        b"\x80\x04 a pickle",
    ],
)
async def test_what_is_no_card_of_the_task_gets_no_approval(world: World, store: ArtifactStore, data: bytes) -> None:
    before = await world.state()
    answer = await ask(world, store.put(data))
    assert answer.status_code == 422
    assert await world.state() == before


async def test_a_card_comes_in_as_bytes_of_its_digest(world: World, store: ArtifactStore) -> None:
    sent = {"content-type": "application/octet-stream", "authorization": "Bearer trainer"}
    told = await world.http.put(f"/v1/artifacts/{digest_of(BYTES)}?task=digits", content=BYTES, headers=sent)
    assert (told.status_code, told.json()["tried_rows"]) == (200, 0)
    assert store.get(digest_of(BYTES)) == BYTES


async def test_no_policy_makes_it_automatic_without_a_certificate(world: World, store: ArtifactStore) -> None:
    body = {
        "kind": "policy_change",
        "task": "digits",
        "digest": "0" * 64,
        "title": "bands",
        "evidence": {"policy": {"risk": "uncertified"}},
    }
    answer = await world.call("POST", "/v1/approvals", "trainer", body, idempotency_key="k")
    assert answer.status_code == 422
    assert "a certificate alone" in answer.text


def test_no_task_file_does_either() -> None:
    with pytest.raises(InvalidConfig, match="a certificate alone"):
        load_task(FILE.replace("risk: {level: 0.05, confidence: 0.9}", "risk: uncertified"), "a file")


@pytest.mark.parametrize(
    "endpoint",
    ["http://169.254.169.254/latest/meta-data", "//evil.example", "judge/../../x", "judge?x=1", "judge#x", "JUDGE", "a" * 65],
)
def test_a_card_cannot_choose_where_the_service_calls(endpoint: str) -> None:
    protocol = {"kind": "chat_completions", "instructions": "answer"}
    fields = {"model": "m", "version": "1", "labels": ["a", "b"], "what": "a model", "endpoint": endpoint, "protocol": protocol}
    with pytest.raises(ValueError, match="endpoint"):
        RemoteCard.model_validate(fields)
