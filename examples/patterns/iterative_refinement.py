"""Iterative refinement: a person improves a result round after round, and each round is kept."""

from typing import Any

from team import Team, main

from hitl.workflow.steps import IterativeRefinementStep


async def run(team: Team) -> dict[str, Any]:
    """Two rounds, by two people; the second is content."""
    step = IterativeRefinementStep("summary", {"max_iterations": 3}, "reports", interactions=team.pipeline)
    asked = await step.run({"current_result": {"title": "draft"}})
    await team.ann.answer(asked["interaction_id"], refined_result='{"title": "better"}', continue_refining=True)
    await team.bob.answer(asked["interaction_id"], refined_result='{"title": "good"}', refinement_notes="shorter")
    outcome = (await team.outcome(asked["interaction_id"]))["human_input"]
    return {"final": outcome["final_result"], "rounds": [entry["refined_by"] for entry in outcome["refinement_history"]]}


if __name__ == "__main__":
    main(run)
