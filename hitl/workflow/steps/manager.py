"""The state of paused pipelines, by interaction: saved, read and resumed, with people's input in a place of its own."""

from collections.abc import Awaitable, Callable, Mapping

from hitl.canonical import JsonObject
from hitl.errors import NotFound, WrongState
from hitl.workflow.state import InteractionPattern
from hitl.workflow.steps.port import InteractionPort

Continue = Callable[[JsonObject], Awaitable[JsonObject]]
"""What a pipeline does after the pause, with ``{"data", "human_input", "interaction_id"}``."""

HUMAN_INPUT = "human_input"


class PipelineStateManager:
    """``continuations`` maps (pipeline_name, step_name) to what goes on there. The store of ``interactions`` is the only copy:
    nothing is cached, so nothing read is stale."""

    def __init__(self, interactions: InteractionPort, continuations: Mapping[tuple[str, str], Continue] | None = None) -> None:
        self._interactions, self._continuations = interactions, dict(continuations or {})

    async def save_pipeline_state(
        self,
        pipeline_name: str,
        step_name: str,
        data: JsonObject,
        timeout_seconds: float = 3600,
        ui_schema: JsonObject | None = None,
    ) -> str:
        """Return the id of the saved pause."""
        config: JsonObject = {"timeout": timeout_seconds, "ui_schema": ui_schema or {}}
        opened = await self._interactions.open(InteractionPattern.PAUSE, config, data, pipeline_name, step_name)
        return str(opened["interaction_id"])

    async def get_pipeline_state(self, interaction_id: str) -> JsonObject | None:
        """Return the pause while it waits; None when it is over or never was."""
        try:
            found = await self._interactions.get(interaction_id)
        except NotFound:
            return None
        return found if found["status"] == "pending" else None

    async def resume_pipeline(self, interaction_id: str, human_input: JsonObject) -> JsonObject:
        """Answer the pause and go on. Raises NotFound, InteractionClosed, InvalidInput."""
        await self._interactions.answer(interaction_id, human_input)
        return await self.continue_pipeline(interaction_id)

    async def continue_pipeline(self, interaction_id: str) -> JsonObject:
        """Go on after an answer that somebody gave. Raises WrongState while there is none.

        The pipeline's data arrive as they were saved; the input stands beside them under ``human_input``."""
        found = await self._interactions.get(interaction_id)
        if found["status"] != "completed":
            raise WrongState(interaction_id, str(found["status"]), "completed")
        resumed: JsonObject = {"interaction_id": interaction_id, "data": found["data"], HUMAN_INPUT: found["human_input"]}
        go_on = self._continuations.get((str(found["pipeline_name"]), str(found["step_name"])))
        return await go_on(resumed) if go_on else resumed
