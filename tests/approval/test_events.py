"""Each event of approvals and of serving writes exactly the documented fields."""

from typing import Any, get_args

import pytest

from hitl.approval import events as a
from hitl.canonical import canonical
from hitl.machine.events import Event
from hitl.serving import events as s

ONE = {"approval_id": "digits-1", "task": "digits", "digest": "d"}
IN_FORCE: dict[str, Any] = {
    "policy": None,
    "thresholds": {},
    "stopped": {},
    "audit": {},
    "prices": {},
    "shadow": {},
    "definition": None,
}
LINE: dict[str, Any] = {"task": "digits", "generation": 2, "versions": [("d", 1.0)], "approval_id": "digits-1"}
REQUEST: dict[str, Any] = {
    **ONE,
    "kind": "custom",
    "title": "t",
    "evidence": {},
    "requested_by": "ann",
    "quorum": 1,
    "expires_at": 9.0,
}
SINCE: dict[str, Any] = {
    "description": "",
    "context": {},
    "options": [],
    "urgency": "medium",
    "metadata": {},
    "checks": [],
    "asked": [],
    "is_open": True,
    "default": None,
    "shown": None,
    "schedule": [],
    "tells": None,
}
ABOUT = {"kind": "custom", "title": "t"}
ESCALATED = {**ABOUT, "cause": "away", "rule": "r", "groups": [], "ask": ["bob"], "step": None, "urgency": "low"}
CASES: list[tuple[type[Event], dict[str, Any], dict[str, Any]]] = [
    (a.ApprovalRequested, REQUEST, SINCE),
    (a.ApprovalRequested, {**REQUEST, "policy": {"rule": "any"}, "sealed": {"k": "d"}, "cipher": {"key": "k"}}, SINCE),
    (a.VoteCast, {**ONE, "voter": "ann", "vote": "approve", "comment": "", "option": "yes"}, {}),
    (a.ApprovalApproved, {**ONE, "choice": "yes"}, {}),
    (a.ApprovalApproved, {**ONE, "choice": "yes", "voter": "time", "reason": "r"}, {}),
    (a.ApprovalRejected, {**ONE, "voter": "ann", "choice": None, "reason": "r"}, {}),
    (a.ApprovalExpired, ONE, {}),
    (a.ApprovalCancelled, {**ONE, "by": "ann", "reason": "r"}, {}),
    (a.ApprovalReminded, {**ONE, **ABOUT, "to": ["bob"], "step": 0}, {}),
    (a.ApprovalEscalated, {**ONE, **ESCALATED}, {}),
    (a.VoteDelegated, {**ONE, "by": "ann", "to": "bob", "cause": "away", "reason": ""}, {}),
    (a.DeploymentFailed, {**ONE, "reason": "r"}, {}),
    (a.ApprovalArchived, {**ONE, "kept": "k"}, {}),
    (a.AbsenceSet, {"person": "ann", "until": 9.0, "deputy": None, "by": "ann"}, {}),
    (s.Deployed, {**LINE, "digest": "d"}, IN_FORCE),
    (s.PolicyAdopted, {**LINE, "digest": "p"}, IN_FORCE),
    (s.DefinitionAdopted, {**LINE, "digest": "p", "body": None, "fits": False}, IN_FORCE),
    (s.DefinitionsRecorded, {"definitions": {"digits": {"task": "digits"}}, "by": "keeper"}, {}),
    (s.RolledBack, {**LINE, "digest": "d", "operator": "op", "reason": "r"}, IN_FORCE),
    (s.PolicyReverted, {**LINE, "digest": None, "operator": "op", "reason": "r"}, IN_FORCE),
    (s.Certified, {**LINE, "model": "d", "certificate": "c", "evidence": {}}, IN_FORCE),
    (s.CertificationPlanned, {**LINE, "model": "d", "policy_version": "p", "plans": {}}, IN_FORCE),
    (s.CertificateWithdrawn, {**LINE, "model": "d", "segment": "all", "reason": "r", "by": "op"}, IN_FORCE),
    (s.AutomationStopped, {**LINE, "segment": "all", "reason": "r", "by": "op"}, IN_FORCE),
    (s.SharesSet, {**LINE, "reason": "r", "by": "op"}, IN_FORCE),
    (s.AuditRateSet, {**LINE, "segment": "all", "probability": None, "reason": "r", "by": "op"}, IN_FORCE),
    (s.PricesSet, {**LINE, "reason": "r", "by": "op"}, IN_FORCE),
    (s.ShadowSet, {**LINE, "by": "op"}, IN_FORCE),
]


@pytest.mark.parametrize(("kind", "given", "defaults"), CASES)
def test_an_event_writes_exactly_its_documented_fields(
    kind: type[Event], given: dict[str, Any], defaults: dict[str, Any]
) -> None:
    assert canonical(kind(**given)) == canonical({"type": kind.__name__, **defaults, **given})


def test_every_event_of_the_machine_is_in_the_table() -> None:
    assert {kind for kind, _, _ in CASES} == set(get_args(a.ApprovalEvent))
