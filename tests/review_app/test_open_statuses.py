"""A long poll goes on as long as somebody has still to act, and no longer."""

import pytest

from hitl.adapters.ray.open_statuses import OPEN, is_final

REVIEWS = {"pending_human", "pending_expert", "provisional", "waiting", "leased"}
WORKFLOWS = {"created", "running", "waiting_approval"}
WORKED_CASES = {"started", "ai_processing", "routing_decision", "human_review", "expert_review"}


def test_what_is_open_is_open_in_some_machine() -> None:
    assert {None, "pending"} | REVIEWS | WORKFLOWS | WORKED_CASES == OPEN


@pytest.mark.parametrize(
    "status", ["decided", "quarantined", "approved", "deployed", "expired", "cancelled", "completed", "failed"]
)
def test_what_is_over_ends_the_wait(status: str) -> None:
    assert is_final({"status": status})
    assert is_final({"approval": {"status": status}})
