"""Collaborative decision: several people vote at the same time, see the tally, and agree in the end."""

from typing import Any

from team import Team, main

from hitl.workflow.steps import CollaborativeDecisionStep


async def run(team: Team) -> dict[str, Any]:
    """Two stakeholders disagree at first; one changes their vote, and there is a consensus."""
    config = {"stakeholders": [team.ann.id, team.bob.id], "voting_options": ["launch", "wait"]}
    asked = await CollaborativeDecisionStep("launch", config, "release", interactions=team.pipeline).run({"version": "2.0"})
    name = asked["decision_id"]
    await team.ann.answer(name, decision="launch")
    await team.bob.answer(name, decision="wait")
    split = (await team.pipeline.get(name))["tally"]["counts"]
    await team.bob.answer(name, decision="launch", comments="convinced")
    return {"split": split, "decision": (await team.outcome(name))["human_input"]["decision"]}


if __name__ == "__main__":
    main(run)
