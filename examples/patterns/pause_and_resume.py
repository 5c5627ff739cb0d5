"""Pause and resume: a pipeline stops for a piece of information and goes on with it, its own data untouched."""

from typing import Any

from team import Team, main

from hitl.workflow.steps import PauseForInputStep, PipelineStateManager

FORM = {"type": "form", "fields": [{"name": "region", "type": "select", "options": ["north", "south"], "required": True}]}


async def run(team: Team) -> dict[str, Any]:
    """A pipeline asks which region it should import."""

    async def load(resumed: dict[str, Any]) -> dict[str, Any]:
        return {"loaded": resumed["human_input"]["region"], "rows": resumed["data"]["rows"]}

    step = PauseForInputStep("region", {"ui_schema": FORM, "prompt": "Which region?"}, "import", interactions=team.pipeline)
    paused = await step.run({"rows": 120})
    await team.ann.answer(paused["interaction_id"], region="north")
    manager = PipelineStateManager(team.pipeline, {("import", "region"): load})
    return await manager.continue_pipeline(paused["interaction_id"])


if __name__ == "__main__":
    main(run)
