"""Cases that bring their prediction: the card that people approved reads it, and nothing else counts."""

import asyncio
import json
from typing import Any

import httpx2
import pytest

from hitl.answers.labels import VALUE_LABELS
from hitl.canonical import digest_of
from hitl.identity import Principal, Role
from hitl.identity.keys import issue
from hitl.identity.memory import MemoryKeys
from hitl.inference import load
from hitl.inference.cards import DeclaredCard
from hitl.intake import CaseRecord
from hitl.routing.policy import Policy
from tests.gateway.service import MODELS, NOW, Service, loans

LABELS = ["reject", "approve", "ask"]


def card(version: str, *declarers: str) -> DeclaredCard:
    return DeclaredCard(model="judge", version=version, labels=LABELS, what="a prompt", declarers=list(declarers or ("bot",)))


CARDS = {version: card(version) for version in ("1", "2", "3")}
DIGESTS = {version: digest_of(each.to_bytes()) for version, each in CARDS.items()}


@pytest.fixture
async def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    """The task ``loans`` has its predictions declared by ``bot``; ``other`` is trained here."""
    for version, each in CARDS.items():
        monkeypatch.setitem(MODELS, DIGESTS[version], each.to_bytes())
    bot_key, bot = issue(Principal("bot", frozenset({Role.CLIENT, Role.DECLARER})), NOW, lambda n: b"c" * n)
    ada_key, ada = issue(Principal("ada", frozenset({Role.CLIENT})), NOW, lambda n: b"a" * n)
    eve_key, eve = issue(Principal("eve", frozenset({Role.CLIENT, Role.DECLARER})), NOW, lambda n: b"e" * n)
    declared = loans(model={"family": "declared"}, data={"source": "", "initial_rows": 0, "holdout_rows": 0})
    made = Service(tasks={"loans": declared, "other": loans("other")}, keys=MemoryKeys(bot, ada, eve))
    made.key, made.ada_key, made.eve_key = bot_key, ada_key, eve_key  # type: ignore[attr-defined]
    made.gateway.models._load = load
    return made


def said(version: str, *probabilities: float) -> dict[str, Any]:
    return {"model": "judge", "version": version, "probabilities": list(probabilities or (0.01, 0.97, 0.02))}


async def send(service: Service, key: str, task: str = "loans", **body: Any) -> httpx2.Response:
    given = {"features": [0.1, 0.2, 0.7], **body}
    who = {"authorization": f"Bearer {given.pop('by', service.key)}"}
    return await service.send(json.dumps(given).encode(), task, **{"idempotency-key": key, **who})


def record(service: Service) -> CaseRecord:
    return service.stored()[-1].record


async def test_the_approved_card_answers_with_what_was_declared(service: Service) -> None:
    await service.deploy((DIGESTS["1"], 1.0))
    told = (await send(service, "a", prediction=said("1", 0.0101, 0.9699, 0.02))).json()
    assert (told["prediction"], told["confidence"], told["model_version"]) == ("approve", 0.9699, DIGESTS["1"])
    assert (told["status"], told["declared_by"]) == ("decided", "bot")
    assert record(service).declared == [{"model": "judge", "version": "1", "probabilities": [0.0101, 0.9699, 0.02]}]
    assert CaseRecord.decode(record(service).encode()) == record(service)


async def test_the_input_that_reviewers_see_holds_no_prediction(service: Service) -> None:
    """A blind check would not be blind."""
    await service.deploy((DIGESTS["1"], 1.0))
    await send(service, "a", prediction=said("1"))
    assert json.loads(service.stored()[-1].payload) == {"features": [0.1, 0.2, 0.7], "metadata": {}}


async def test_a_label_with_a_score_is_a_prediction_too(service: Service) -> None:
    await service.deploy((DIGESTS["1"], 1.0))
    told = (await send(service, "a", prediction={"model": "judge", "version": "1", "label": "ask", "score": 0.95})).json()
    assert (told["prediction"], told["confidence"]) == ("ask", 0.95)


async def test_before_a_card_is_approved_every_case_is_for_people(service: Service) -> None:
    told = (await send(service, "a", prediction=said("1"))).json()
    assert (told["status"], told["prediction"]) == ("pending_human", None)
    assert "declared_by" not in told


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "no prediction was declared; approved is judge 1"),
        ({"prediction": said("9")}, "declared was judge 9, which nobody approved for this case; approved is judge 1"),
        (
            {"prediction": {**said("1"), "model": "x"}},
            "declared was x 1, which nobody approved for this case; approved is judge 1",
        ),
    ],
)
async def test_what_nobody_approved_goes_to_people_in_words(service: Service, body: dict[str, Any], reason: str) -> None:
    await service.deploy((DIGESTS["1"], 1.0))
    told = (await send(service, "a", **body)).json()
    assert (told["status"], told["prediction"], told["route"]["reason"]) == ("pending_human", None, reason)


async def test_an_account_that_the_card_does_not_name_declares_nothing(service: Service) -> None:
    await service.deploy((DIGESTS["1"], 1.0))
    told = (await send(service, "a", by=service.eve_key, prediction=said("1"))).json()  # type: ignore[attr-defined]
    assert (told["status"], told["prediction"]) == ("pending_human", None)
    assert told["route"]["reason"] == "eve may not declare judge 1: the approved card does not name this account"


async def test_a_client_without_the_role_is_refused_and_nothing_is_stored(service: Service) -> None:
    await service.deploy((DIGESTS["1"], 1.0))
    answer = await send(service, "a", by=service.ada_key, prediction=said("1"))  # type: ignore[attr-defined]
    assert answer.status_code == 403
    assert "declare predictions of task loans" in answer.json()["detail"]
    assert service.stored() == []


async def test_a_client_without_the_role_may_open_a_case_without_a_prediction(service: Service) -> None:
    assert (await send(service, "a", by=service.ada_key)).status_code == 202  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        {"prediction": said("1"), "predictions": []},
        {"prediction": [0.1, 0.9, 0.0]},
        {"prediction": said("1", 0.5, 0.5)},
        {"prediction": said("1", 0.9, 0.9, 0.9)},
        {"prediction": said("1", 2.0, -1.0, 0.0)},
        {"prediction": {**said("1"), "probabilities": [True, False, False]}},
        {"prediction": {**said("1"), "more": 1}},
        {"prediction": {**said("1"), "version": ""}},
        {"prediction": {"model": "judge", "version": "1", "label": "no", "score": 0.9}},
        {"prediction": {"model": "judge", "version": "1", "label": "ask", "score": 1.1}},
        {"predictions": [said("1"), said("1")]},
        {"predictions": [said(str(at)) for at in range(5)]},
    ],
)
async def test_a_prediction_that_says_nothing_clear_is_refused(service: Service, body: dict[str, Any]) -> None:
    await service.deploy((DIGESTS["1"], 1.0))
    answer = await send(service, "a", **body)
    assert answer.status_code == 422
    assert service.stored() == []


async def test_a_task_that_is_trained_here_takes_no_prediction(service: Service) -> None:
    answer = await send(service, "a", "other", prediction=said("1"))
    assert answer.status_code == 422
    assert "features and metadata and nothing else" in answer.text


async def test_what_is_on_trial_gets_its_share_of_clients_that_declare_both(service: Service) -> None:
    await service.deploy((DIGESTS["1"], 0.5), (DIGESTS["2"], 0.5))
    both = [said("1"), said("2", 0.97, 0.02, 0.01)]
    told = await asyncio.gather(*(send(service, f"k{at}", predictions=both) for at in range(40)))
    seen = [(each.json()["prediction"], each.json()["model_version"]) for each in told]
    assert set(seen) == {("approve", DIGESTS["1"]), ("reject", DIGESTS["2"])}


async def test_a_client_that_knows_of_no_trial_goes_on_with_the_main_version(service: Service) -> None:
    await service.deploy((DIGESTS["1"], 0.6), (DIGESTS["2"], 0.4))
    told = await asyncio.gather(*(send(service, f"k{at}", prediction=said("1")) for at in range(20)))
    assert {each.json()["model_version"] for each in told} == {DIGESTS["1"]}


async def test_a_version_on_trial_never_gets_more_than_its_share(service: Service) -> None:
    await service.deploy((DIGESTS["1"], 0.6), (DIGESTS["2"], 0.4))
    told = [each.json() for each in await asyncio.gather(*(send(service, f"k{at}", prediction=said("2")) for at in range(40)))]
    decided = [each for each in told if each["model_version"] == DIGESTS["2"]]
    assert 0 < len(decided) < 30
    assert {each["status"] for each in told if each not in decided} == {"pending_human"}


async def test_a_pipeline_that_says_something_else_in_its_repetition_gets_the_first_answer(service: Service) -> None:
    await service.deploy((DIGESTS["1"], 1.0))
    first = (await send(service, "a", prediction=said("1"))).json()
    again = (await send(service, "a", prediction=said("1", 0.9, 0.05, 0.05))).json()
    assert again["prediction"] == first["prediction"] == "approve"
    assert len(service.stored()) == 1


async def test_a_batch_declares_row_by_row(service: Service) -> None:
    await service.deploy((DIGESTS["1"], 1.0))
    rows = [{"features": [0.1, 0.2, 0.7], "prediction": said("1")}, {"features": [0.1, 0.2, 0.7]}]
    heads = {"authorization": f"Bearer {service.key}", "content-type": "application/json", "idempotency-key": "b"}
    answer = await service.http.post("/v1/tasks/loans/decisions:batch", content=json.dumps({"cases": rows}), headers=heads)
    assert [each["status"] for each in answer.json()["results"]] == [200, 202]


async def test_under_a_risk_level_a_certificate_alone_makes_a_declared_prediction_automatic(service: Service) -> None:
    policy = Policy.model_validate({"risk": {"level": 0.05}})
    body, certified = policy.body(), {"certificate": "c" * 64, "policy_version": policy.version, "segments": {"all": 0.9}}
    await service.deploy((DIGESTS["1"], 1.0), policy=body)
    before = (await send(service, "a", prediction=said("1", 0.0, 1.0, 0.0))).json()
    assert (before["status"], before["prediction"]) == ("pending_human", "approve")
    await service.deploy((DIGESTS["1"], 1.0), policy=body, thresholds={DIGESTS["1"]: certified})
    after = (await send(service, "b", prediction=said("1"))).json()
    assert (after["status"], after["certificate"], after["declared_by"]) == ("decided", "c" * 64, "bot")


async def test_the_task_says_who_brings_predictions(service: Service) -> None:
    heads = {"authorization": f"Bearer {service.key}"}
    views = [(await service.http.get(f"/v1/tasks/{task}", headers=heads)).json() for task in ("loans", "other")]
    assert [view["predictions_by"] for view in views] == ["client", "service"]


TWO_FIELDS = {"kind": "fields", "fields": [{"name": "vendor", "type": "text"}, {"name": "total", "type": "money"}]}
READ = {"model": "judge", "version": "1", "value": {"vendor": "Acme", "total": "1.50"}, "score": 0.6}


@pytest.fixture
async def documents(monkeypatch: pytest.MonkeyPatch) -> Service:
    """A task of two fields that go one by one, with a certificate for ``total`` alone."""
    reader = DeclaredCard(model="judge", version="1", labels=VALUE_LABELS, what="a reader", declarers=["bot"])
    digest = digest_of(reader.to_bytes())
    monkeypatch.setitem(MODELS, digest, reader.to_bytes())
    key, bot = issue(Principal("bot", frozenset({Role.CLIENT, Role.DECLARER})), NOW, lambda n: b"c" * n)
    terms: dict[str, Any] = {
        "model": {"family": "declared"},
        "data": {"source": "", "initial_rows": 0, "holdout_rows": 0},
        "answer": TWO_FIELDS,
        "labels": VALUE_LABELS,
        "risk": {"level": 0.05},
        "policy": {"parts": "each"},
        "sampling": {"random": 0.0, "audit": 0.0, "cold": 0.0},
    }
    made = Service(tasks={"loans": loans(**terms)}, keys=MemoryKeys(bot))
    made.key = key  # type: ignore[attr-defined]
    made.gateway.models._load = load
    version = made.tasks["loans"].configured_policy().version
    segments = {"part:total": 0.9, "part:vendor": None}
    thresholds = {digest: {"certificate": "c" * 64, "policy_version": version, "segments": segments}}
    await made.deploy((digest, 1.0), thresholds=thresholds)
    return made


async def test_a_field_over_its_threshold_is_decided_and_told_so(documents: Service) -> None:
    told = (await send(documents, "a", prediction={**READ, "parts": {"vendor": 0.99, "total": 0.9}})).json()
    assert told["status"] == "pending_human"
    assert told["parts"] == {"vendor": {"by": None, "is_override": False}, "total": {"by": "model", "is_override": False}}
    assert told["certificate"] == "c" * 64
    assert record(documents).automatic_parts == ["total"]
    assert record(documents).part_scores == {"vendor": 0.99, "total": 0.9}


async def test_without_scores_of_the_fields_none_goes_by_itself(documents: Service) -> None:
    told = (await send(documents, "a", prediction=READ)).json()
    assert (told["status"], told["certificate"]) == ("pending_human", None)
    assert "parts" not in told
    assert b"automatic_parts" not in record(documents).encode()


@pytest.mark.parametrize(
    ("parts", "pointer"),
    [
        ({"vendor": 0.9}, "/prediction/parts"),
        ({"vendor": 0.9, "total": 1.1}, "/prediction/parts/total"),
        ({"vendor": 0.9, "total": "sure"}, "/prediction/parts/total"),
        ([0.9, 0.9], "/prediction/parts"),
    ],
)
async def test_scores_are_one_number_a_field_or_refused(documents: Service, parts: Any, pointer: str) -> None:
    answer = await send(documents, "a", prediction={**READ, "parts": parts})
    assert answer.status_code == 422
    assert pointer in answer.text
    assert documents.stored() == []
