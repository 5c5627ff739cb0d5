"""Policies, certificates, stops and shares: each change is a generation, and none brings what nobody approved."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitl.approval import Deploy, RollBack
from hitl.approval.commands import AdoptPolicy
from hitl.canonical import fingerprint
from hitl.errors import DigestMismatch, HitlError, InvalidInput, NeverDeployed, QuorumMissing, StaleCertificate
from hitl.serving.commands import (
    Certify,
    RevertPolicy,
    SetAuditRate,
    SetPrices,
    SetShadow,
    SetShares,
    StopAutomation,
)
from hitl.serving.questions import Certificates, ServingOf
from tests.fakes.approvals import DEPLOYED, GOOD, OTHER, REPLACED, request, shard, vote

BODY = {"automatic": 0.9, "normal": 0.7, "high": 0.4}
POLICY = fingerprint(BODY)
CHANGE = request(POLICY, kind="policy_change", evidence={"policy": BODY})


def approved_policy(number: int = 2) -> tuple[Any, ...]:
    approval_id = f"digits-{number}"
    return (CHANGE, *(vote(who, approval_id=approval_id, digest=POLICY) for who in ("ann", "bob")))


def certify(model: str = GOOD, policy: str = "configured", **thresholds: float | None) -> Certify:
    return Certify("digits", {"versions": {"model": model, "policy": policy}}, thresholds or {"all": 0.9})


def nth(number: int, model: str) -> Certify:
    versions = {"model": model, "policy": "configured"}
    return Certify("digits", {"versions": versions, "number": number}, {"all": 0.9})


def serving(*commands: Any) -> dict[str, Any]:
    return shard(*commands).ask(ServingOf("digits"))


def test_an_approved_policy_is_adopted_with_the_next_generation() -> None:
    now = serving(*DEPLOYED, *approved_policy(), AdoptPolicy("digits-2", POLICY))
    assert (now["generation"], now["policy"], now["versions"]) == (2, BODY, [[GOOD, 1.0]])


def test_a_certificate_that_is_in_force_is_kept_however_many_come_after_it() -> None:
    shell = shard(*DEPLOYED, nth(0, GOOD), *REPLACED[len(DEPLOYED) :], *(nth(number, OTHER) for number in range(1, 61)))
    kept = shell.ask(Certificates("digits"))["certificates"]
    assert [each["evidence"]["number"] for each in kept] == [0, *range(11, 61)]
    thresholds = shell.ask(ServingOf("digits"))["thresholds"]
    assert {each["certificate"] for each in thresholds.values()} == {kept[0]["certificate"], kept[-1]["certificate"]}


def test_a_policy_without_its_quorum_or_with_another_body_is_not_adopted() -> None:
    with pytest.raises(QuorumMissing):
        shard(*DEPLOYED, CHANGE, AdoptPolicy("digits-2", POLICY))
    forged = request(POLICY, kind="policy_change", evidence={"policy": {**BODY, "automatic": 0.0}})
    votes = [vote(who, digest=POLICY) for who in ("ann", "bob")]
    with pytest.raises(DigestMismatch):
        shard(forged, *votes, AdoptPolicy("digits-1", POLICY))


def test_a_models_approval_is_none_for_a_policy() -> None:
    with pytest.raises(DigestMismatch):
        shard(request(), vote("ann"), vote("bob"), AdoptPolicy("digits-1", GOOD))


def test_a_certificate_opens_its_segments_and_an_alarm_closes_one() -> None:
    now = serving(*DEPLOYED, certify(a=0.8, b=0.9), StopAutomation("digits", "a", "audits say so", "certifier"))
    assert now["thresholds"][GOOD]["segments"] == {"a": None, "b": 0.9}
    assert (now["stopped"], now["generation"]) == ({"a": "audits say so"}, 3)


def test_a_new_certificate_ends_the_stop_of_its_segments_alone() -> None:
    stops = [StopAutomation("digits", segment, "alarm", "certifier") for segment in ("a", "b")]
    assert serving(*DEPLOYED, *stops, certify(a=0.8, b=None))["stopped"] == {"b": "alarm"}


def test_another_policy_voids_every_certificate() -> None:
    now = serving(*DEPLOYED, certify(), *approved_policy(), AdoptPolicy("digits-2", POLICY))
    assert now["thresholds"] == {}


def test_a_certificate_about_another_policy_is_refused() -> None:
    with pytest.raises(StaleCertificate):
        shard(*DEPLOYED, *approved_policy(), AdoptPolicy("digits-2", POLICY), certify(policy="other"))


def test_the_way_back_finds_the_certificate_of_the_version_before() -> None:
    commands = (*REPLACED[:4], certify(), *REPLACED[4:], RollBack("digits", GOOD, "olga", "worse"))
    assert serving(*commands)["thresholds"][GOOD]["segments"] == {"all": 0.9}


@pytest.mark.parametrize("thresholds", [{"all": 1.5}, {"all": float("nan")}])
def test_a_threshold_is_a_score(thresholds: dict[str, float | None]) -> None:
    with pytest.raises(InvalidInput):
        shard(*DEPLOYED, Certify("digits", {"versions": {"model": GOOD, "policy": "configured"}}, thresholds))


def test_a_canary_starts_with_a_share_and_is_widened() -> None:
    commands = (*REPLACED[:-1], Deploy("digits-2", OTHER, share=0.05))
    assert serving(*commands)["versions"] == [[GOOD, 0.95], [OTHER, 0.05]]
    wider = SetShares("digits", [(GOOD, 0.75), (OTHER, 0.25)], "nothing bad in 100 audits", "canary")
    assert serving(*commands, wider)["versions"] == [[GOOD, 0.75], [OTHER, 0.25]]


@pytest.mark.parametrize(
    ("versions", "refusal"),
    [
        ([(GOOD, 0.5), ("c" * 64, 0.5)], NeverDeployed),
        ([(GOOD, 0.5)], InvalidInput),
        ([(GOOD, 0.5), (GOOD, 0.5)], InvalidInput),
        ([], InvalidInput),
    ],
)
def test_shares_are_of_what_was_deployed_and_add_up(versions: list[tuple[str, float]], refusal: type[HitlError]) -> None:
    with pytest.raises(refusal):
        shard(*REPLACED, SetShares("digits", versions, "", "canary"))


def test_an_adopted_policy_can_come_back_by_one_operator_and_no_other_can() -> None:
    commands = (*DEPLOYED, *approved_policy(), AdoptPolicy("digits-2", POLICY), RevertPolicy("digits", None, "olga", "worse"))
    assert serving(*commands)["policy"] is None
    assert serving(*commands, RevertPolicy("digits", POLICY, "olga", "better"))["policy"] == BODY
    with pytest.raises(NeverDeployed):
        shard(*commands, RevertPolicy("digits", "c" * 64, "olga", ""))


COMMANDS = st.sampled_from(
    [
        certify(),
        certify(OTHER, a=0.5),
        StopAutomation("digits", "all", "alarm", "certifier"),
        SetShares("digits", [(GOOD, 0.5), (OTHER, 0.5)], "", "canary"),
        SetShares("digits", [(GOOD, 1.0)], "", "canary"),
        SetAuditRate("digits", "all", 0.5, "evidence grows", "certifier"),
        SetAuditRate("digits", "all", None, "calm", "certifier"),
        SetPrices("digits", 1.0, 0.0, "the queue is long", "keeper"),
        SetShadow("digits", BODY, OTHER, "olga"),
        RollBack("digits", GOOD, "olga", "worse"),
        RevertPolicy("digits", None, "olga", ""),
        AdoptPolicy("digits-3", POLICY),
    ]
)


@given(st.lists(COMMANDS, max_size=12))
@settings(max_examples=60, deadline=None)
def test_generations_grow_by_one_and_a_replay_agrees(commands: list[Any]) -> None:
    shell = shard(*REPLACED, *approved_policy(3))
    for command in commands:
        before = shell.ask(ServingOf("digits"))["generation"]
        try:
            events = shell.events(command)
        except HitlError:
            events = []
        assert [event["generation"] for event in events] == [before + 1][: len(events)]
    assert shell.replayed() == shell.plain()
