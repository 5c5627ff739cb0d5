"""Time-based decision: who answers in time decides, and otherwise the default does; never both."""

from typing import Any

from team import Team, main

from hitl.workflow.steps import TimeBasedDecisionStep


async def run(team: Team) -> dict[str, Any]:
    """Two decisions of one second and of five minutes: time takes the first, a person the second."""
    short = TimeBasedDecisionStep("stop", {"decision_timeout": 1, "default_action": "abort"}, "plant", interactions=team.pipeline)
    long = TimeBasedDecisionStep("stop", {}, "plant", interactions=team.pipeline)
    first, second = await short.run({"pressure": 9}), await long.run({"pressure": 5})
    await team.ann.answer(second["interaction_id"], decision="modify", urgency_acknowledged=True)
    by_time, by_ann = [(await team.outcome(each["interaction_id"]))["human_input"] for each in (first, second)]
    return {"by_time": by_time, "by_person": by_ann["decision"]}


if __name__ == "__main__":
    main(run)
