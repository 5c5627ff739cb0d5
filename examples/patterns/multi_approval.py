"""Multi-stakeholder approval: each approver has a request of their own, and all of them must agree."""

from typing import Any

from team import Team, main

from hitl.workflow.steps import MultiApprovalStep


async def run(team: Team) -> dict[str, Any]:
    """Both approve, each in their own request."""
    config = {"approvers": [team.ann.id, team.bob.id], "approval_type": "all"}
    asked = await MultiApprovalStep("budget", config, "purchase", interactions=team.pipeline).run({"amount": 5000})
    name = asked["approval_id"]
    first = await team.ann.answer(f"{name}_{team.ann.id}", decision="approve")
    second = await team.bob.answer(f"{name}_{team.bob.id}", decision="approve", comments="within budget")
    return {"after_one": first["is_decided"], "after_two": second["is_decided"], "decision": second["decision"]}


if __name__ == "__main__":
    main(run)
