"""Who votes is told before the vote, in words, what each option does, what silence means and until when."""

from typing import Any

import pytest

from hitl.approval import ApprovalOf, ApprovalRules
from tests.approval.test_requests import HOUR
from tests.fakes.approvals import ask, request, shard, view
from tests.review_app.conftest import World

PLANS: list[dict[str, Any]] = [
    {"label": "Plan A", "value": "a", "recommended": True, "outcome": "approve"},
    {"label": "Leave it", "value": "leave", "outcome": "reject"},
]


def words(*commands: Any, name: str = "refund", rules: ApprovalRules | None = None) -> dict[str, Any]:
    found: dict[str, Any] = shard(*commands, rules=rules).ask(ApprovalOf(name))["approval"]["in_words"]
    return found


def test_each_option_says_what_it_does() -> None:
    assert words(ask(options=PLANS))["options"] == [
        '"Plan A" (a) approves the request. The requester recommends it.',
        '"Leave it" (leave) rejects the request.',
    ]


def test_silence_is_told_with_its_option_its_outcome_and_its_reason() -> None:
    quiet = "If nobody decides in time, "
    assert words(ask())["silence"] == f"{quiet}the request expires and nothing is approved."
    said = words(ask(options=PLANS, default={"option": "a", "reason": "nobody minds."}))["silence"]
    assert said == f'{quiet}silence means "Plan A" (a), which approves it: nobody minds. The rules are looked at once more then.'
    said = words(ask(options=PLANS, default={"option": "leave", "reason": "no word, no run."}))["silence"]
    assert said == f'{quiet}silence means "Leave it" (leave), which rejects it: no word, no run.'


def test_the_deadline_is_told_as_a_day_and_as_the_time_that_people_have() -> None:
    assert words(ask(timeout_s=5_400.0))["deadline"] == (
        "Votes count until 12 January 1970, 15:16 UTC, 1 hour and 30 minutes after the request."
    )
    assert "no calendar" in view(expires_at=1e300).in_words.deadline


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({"approvers": ["ann"]}, "It is approved by 1 approving vote. One rejection ends it. ann may vote, but not agent."),
        (
            {"approvers": ["ann", "bob", "cid"], "rule": "majority", "veto": ["bob"], "excluded": ["eve"]},
            "It is approved by more than half of the votes of those who are asked, which is 2 or more. "
            "A rejection by bob ends it. Another rejection ends it only when too few are left to approve it. "
            "ann, bob and cid may vote, but not agent and eve.",
        ),
        (
            {"rule": "k_of_n", "k": 2, "weights": {"ann": 2}, "veto": [], "requires": {"legal": 1}},
            "It is approved by votes with the weight 2, among them 1 of the group legal. "
            "Rejections with the weight 2 end it. Every approver may vote, but not agent.",
        ),
        (
            {"rule": "k_of_n", "k": 2, "veto": ["ann"]},
            "It is approved by 2 approving votes. A rejection by ann ends it. 2 rejections end it. "
            "Every approver may vote, but not agent.",
        ),
        (
            {"veto": []},
            "It is approved by 1 approving vote. One rejection ends it. Every approver may vote, but not agent.",
        ),
        (
            {"approvers": ["ann", "bob"], "veto": []},
            "It is approved by 1 approving vote. A rejection ends it only when too few are left to approve it. "
            "ann and bob may vote, but not agent.",
        ),
    ],
)
def test_who_votes_and_how_is_told(policy: dict[str, Any], said: str) -> None:
    assert words(ask(policy=policy), rules=ApprovalRules(groups={"legal": ["lea"]}))["votes"] == said


def test_a_model_says_how_many_votes_it_takes_and_that_silence_approves_nothing() -> None:
    found = words(request(), name="digits-1")
    assert found["votes"].startswith("It is approved by 2 approving votes. One rejection ends it. Every approver may vote")
    assert "nothing is approved" in found["silence"]


async def test_approvers_read_it_in_lists_and_alone(world: World) -> None:
    body = {"kind": "custom", "title": "Tea?", "options": PLANS, "default": {"option": "a", "reason": HOUR["reason"]}}
    made = (await world.call("POST", "/v1/approvals", "client", body, idempotency_key="k")).json()
    alone = (await world.call("GET", f"/v1/approvals/{made['approval_id']}", "approver")).json()["approval"]
    (listed,) = (await world.call("GET", "/v1/approvals", "approver")).json()["approvals"]
    assert listed["in_words"] == alone["in_words"]
    assert HOUR["reason"] in alone["in_words"]["silence"]
