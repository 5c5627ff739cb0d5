"""A step's interactions in the same process: over a shard of this event loop."""

import uuid
from typing import Any, Protocol

from hitl.canonical import fingerprint
from hitl.identity import Principal
from hitl.machine import Envelope
from hitl.workflow.commands import AnswerInteraction, CancelInteraction, OpenInteraction
from hitl.workflow.questions import InteractionOf
from hitl.workflow.show import step_answer

Json = dict[str, Any]


class WorkflowShard(Protocol):
    """What is used of hitl.machine.Shard."""

    async def submit(self, envelope: Envelope[Any]) -> Json: ...

    async def ask(self, question: Any) -> Json: ...

    async def wait(self, topic: str, question: Any, is_done: Any, timeout_s: float) -> Json: ...


class ShardInteractions:
    """hitl.workflow.steps.Interactions as ``person``. Raises the machine's own HitlErrors."""

    def __init__(self, shard: WorkflowShard, person: Principal) -> None:
        self._shard, self._person = shard, person

    async def open(self, pattern: str, config: Json, data: Json, pipeline_name: str, step_name: str) -> Json:
        interaction_id = str(uuid.uuid4())
        await self._send(OpenInteraction(interaction_id, pattern, pipeline_name, step_name, config, data, self._person.id))
        return step_answer(await self.get(interaction_id))

    async def get(self, interaction_id: str, wait_s: float = 0.0) -> Json:
        question = InteractionOf(interaction_id, self._person)
        return await self._shard.wait(interaction_id, question, lambda found: found["status"] != "pending", wait_s)

    async def answer(self, interaction_id: str, user_input: Json) -> Json:
        return await self._send(AnswerInteraction(interaction_id, self._person, user_input))

    async def cancel(self, interaction_id: str, reason: str) -> Json:
        return await self._send(CancelInteraction(interaction_id, self._person, reason))

    async def _send(self, command: Any) -> Json:
        command_id = uuid.uuid4().hex
        return await self._shard.submit(Envelope(command, command_id, fingerprint(command_id), self._person.id, command_id))
