"""Where a step's interactions live: over HTTP, or in the same process."""

from typing import Any, Protocol


class InteractionPort(Protocol):
    """Each method returns after the effect is durable. Errors are those of the service, as the implementation raises them."""

    async def open(
        self, pattern: str, config: dict[str, Any], data: dict[str, Any], pipeline_name: str, step_name: str
    ) -> dict[str, Any]:
        """What the step answers its pipeline with: ``status``, ``interaction_id``, ``ui_schema`` and the pattern's own fields."""

    async def get(self, interaction_id: str, wait_s: float = 0.0) -> dict[str, Any]:
        """The interaction with all its fields; waits up to ``wait_s`` for its end."""

    async def answer(self, interaction_id: str, user_input: dict[str, Any]) -> dict[str, Any]:
        """Answer as the port's own person."""

    async def cancel(self, interaction_id: str, reason: str) -> dict[str, Any]:
        """Withdraw the interaction."""
