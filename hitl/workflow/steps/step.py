"""The contract of a pipeline's step, and what all steps with people in them share."""

from abc import ABC, abstractmethod

from hitl.canonical import JsonObject
from hitl.workflow.state import InteractionPattern
from hitl.workflow.steps.port import InteractionPort


class Step(ABC):
    """``name`` is the step's own, ``pipeline_name`` that of the pipeline that it runs in; ``config`` are its settings."""

    def __init__(self, name: str, config: JsonObject | None = None, pipeline_name: str = "pipeline") -> None:
        self.name, self.pipeline_name = name, pipeline_name
        self.config: JsonObject = dict(config or {})

    @abstractmethod
    async def run(self, data: JsonObject) -> JsonObject:
        """Return what the step makes of ``data``."""


class HumanStep(Step):
    """A step that asks people: its interaction is saved, with its form, before ``run`` answers."""

    pattern: InteractionPattern

    def __init__(
        self, name: str, config: JsonObject | None = None, pipeline_name: str = "pipeline", *, interactions: InteractionPort
    ) -> None:
        super().__init__(name, config, pipeline_name)
        self.interactions = interactions

    async def run(self, data: JsonObject) -> JsonObject:
        return await self.ask(self.config, data)

    async def ask(self, config: JsonObject, data: JsonObject) -> JsonObject:
        return await self.interactions.open(self.pattern, config, data, self.pipeline_name, self.name)
