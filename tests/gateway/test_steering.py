"""Policies, certificates, stops and coins at the gateway: in force with their generation, and never by a forged pointer."""

from dataclasses import replace
from typing import Any

import pytest

from hitl.canonical import fingerprint
from hitl.quality.calibration import Temperature
from hitl.routing.policy import Policy
from tests.gateway.service import FIRST, Service, loans

SURE = [0.97, 0.02, 0.01]
RISK = {"level": 0.05, "confidence": 0.9, "segments": {}}
POLICY = Policy.model_validate({"risk": RISK, "segments": {"by_label": True}, "sampling": {"gold": 0.0, "audit": 0.0}})


def thresholds(policy: dict[str, Any], **segments: float | None) -> dict[str, Any]:
    return {FIRST: {"certificate": "c" * 64, "policy_version": fingerprint(policy), "segments": segments}}


async def test_a_certified_segment_is_automatic_and_names_its_certificate() -> None:
    service, body = Service(), POLICY.body()
    await service.deploy((FIRST, 1.0), policy=body, thresholds=thresholds(body, reject=0.96))
    told = (await service.decide(SURE)).json()
    assert (told["status"], told["segment"], told["certificate"]) == ("decided", "reject", "c" * 64)
    assert told["policy_version"] == fingerprint(body)
    assert (await service.decide([0.01, 0.98, 0.01], "b")).status_code == 202


async def test_bands_without_a_certificate_are_named_uncertified() -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    assert (await service.decide(SURE)).json()["certificate"] == "uncertified"


async def test_a_stop_takes_effect_with_the_next_case() -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    assert (await service.decide(SURE, "a")).status_code == 200
    await service.deploy((FIRST, 1.0), stopped={"all": "the audits found too many errors"})
    told = (await service.decide(SURE, "b")).json()
    assert (told["generation"], told["route"]["action"]) == (2, "review")
    assert "the audits found too many errors" in told["route"]["reason"]


@pytest.mark.parametrize(
    "forgery",
    [
        {"thresholds": {FIRST: {"certificate": "c" * 64, "policy_version": POLICY.version, "segments": {"reject": 0.0}}}},
        {"policy": Policy(automatic=0.1, normal=0.1, high=0.1).body()},
        {"stopped": {}},
        {"audit": {"all": 0.0}},
    ],
)
async def test_a_pointer_that_says_more_than_the_journal_is_refused(forgery: dict[str, Any]) -> None:
    service, body = Service(), POLICY.body()
    written = await service.deploy((FIRST, 1.0), policy=body, stopped={"reject": "alarm"}, publish=False)
    await service.serving.publish("loans", replace(written, **forgery))
    assert (await service.decide(SURE)).status_code == 503
    assert service.gateway.models.current["loans"].pointer.generation == 0


async def test_a_policy_that_cannot_be_read_leaves_the_old_one_in_force() -> None:
    service = Service()
    await service.deploy((FIRST, 1.0))
    await service.decide(SURE, "a")
    await service.deploy((FIRST, 1.0), policy={"rules": [{"name": "r", "when": "amount >", "effect": "review"}]})
    await service.decide(SURE, "b")
    assert service.gateway.models.current["loans"].pointer.policy is None


@pytest.mark.covers("003-49", "003-50")
async def test_rules_read_the_metadata_of_the_request() -> None:
    rules = [{"name": "large", "when": "metadata.amount > 10000", "effect": "high_risk"}]
    service = Service(tasks={"loans": loans(policy={"rules": rules}), "other": loans("other")})
    await service.deploy((FIRST, 1.0))
    told = (await service.decide(SURE, metadata={"amount": 10001})).json()
    assert (told["status"], told["is_high_risk"], told["rules"]) == ("pending_expert", True, ["large"])
    assert (told["requires_compliance"], told["route"]["priority"]) == (False, "urgent")
    assert told["route"].keys() >= {"action", "reason", "priority"}
    assert (told["confidence"], told["uncertainty"]) == (pytest.approx(0.97), pytest.approx(0.1538, abs=1e-3))


async def test_coins_store_their_probabilities_and_draw_their_shares() -> None:
    service = Service(tasks={"loans": loans(sampling={"gold": 0.2, "audit": 0.5}), "other": loans("other")})
    await service.deploy((FIRST, 1.0))
    for i in range(200):
        await service.decide(SURE if i % 2 else [0.6, 0.3, 0.1], f"k{i}")
    records = [case.record for case in service.stored()]
    automatic = [record for record in records if record.action == "automatic"]
    assert {record.gold_probability for record in records} == {0.2}
    assert {(record.action, record.audit_probability) for record in records} == {("automatic", 0.5), ("review", 0.0)}
    assert 20 < sum("gold" in record.streams for record in records) < 60
    assert 30 < sum("audit" in record.streams for record in automatic) < 70
    assert all(record.is_for_people for record in records if record.streams)


async def test_the_audit_rate_in_force_overrules_the_policys() -> None:
    service = Service()
    await service.deploy((FIRST, 1.0), audit={"all": 1.0})
    await service.decide(SURE)
    record = service.stored()[0].record
    assert (record.audit_probability, "audit" in record.streams) == (1.0, True)


async def test_a_shadow_policy_is_recorded_and_answers_nothing() -> None:
    strict = Policy(automatic=0.999).body()
    service = Service()
    await service.deploy((FIRST, 1.0), shadow={"policy": strict})
    told = await service.decide(SURE)
    assert told.status_code == 200
    assert service.stored()[0].record.shadow == {"policy": fingerprint(strict), "action": "review", "segment": "all"}


async def test_the_calibrated_confidence_decides_and_the_raw_one_is_kept() -> None:
    service = Service()
    service.model.calibration = Temperature(2.0)
    await service.deploy((FIRST, 1.0))
    told = (await service.decide(SURE)).json()
    assert (told["status"], round(told["confidence"], 3), told["raw_confidence"]) == ("pending_human", 0.803, pytest.approx(0.97))
    assert service.stored()[0].record.raw_confidence == told["raw_confidence"]
