"""Review and approve: a person reads what was generated, with suggestions, and asks for changes."""

from typing import Any

from team import Team, main

from hitl.workflow.steps import ReviewAndApproveStep


async def run(team: Team) -> dict[str, Any]:
    """A generated text waits for a reviewer."""
    step = ReviewAndApproveStep("publish", {"assignees": [team.ann.id]}, "newsletter", interactions=team.pipeline)
    asked = await step.run({"generated_content": "Our product always works. TODO: add a source.", "metadata": {"issue": 7}})
    await team.ann.answer(asked["interaction_id"], decision="request_changes", suggested_changes="Add the source.")
    outcome = await team.outcome(asked["interaction_id"])
    return {"suggestions": asked["review_data"]["suggestions"], **outcome["human_input"]}


if __name__ == "__main__":
    main(run)
