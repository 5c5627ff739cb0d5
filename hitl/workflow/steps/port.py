"""Where a step's interactions live: over HTTP, or in the same process."""

from typing import Protocol

from hitl.canonical import JsonObject


class InteractionPort(Protocol):
    """Each method returns after the effect is durable. Errors are those of the service, as the implementation raises them."""

    async def open(self, pattern: str, config: JsonObject, data: JsonObject, pipeline_name: str, step_name: str) -> JsonObject:
        """Return what the step answers its pipeline with: ``status``, ``interaction_id``, ``ui_schema`` and the pattern's own
        fields."""

    async def get(self, interaction_id: str, wait_s: float = 0.0) -> JsonObject:
        """Return the interaction with all its fields; waits up to ``wait_s`` for its end."""

    async def answer(self, interaction_id: str, user_input: JsonObject) -> JsonObject:
        """Answer as the port's own person."""

    async def cancel(self, interaction_id: str, reason: str) -> JsonObject:
        """Withdraw the interaction."""
