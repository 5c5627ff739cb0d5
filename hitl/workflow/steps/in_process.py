"""A step's interactions in the same process: over a shard of this event loop."""

import uuid
from collections.abc import Callable
from typing import Any, Protocol

from hitl.canonical import JsonObject, fingerprint
from hitl.identity import Principal
from hitl.machine import Envelope
from hitl.machine.asked import A, Command, Question, plain_of
from hitl.workflow.commands import AnswerInteraction, CancelInteraction, OpenInteraction
from hitl.workflow.questions import InteractionOf
from hitl.workflow.show import step_answer
from hitl.workflow.state import InteractionStatus
from hitl.workflow.views import InteractionView


class WorkflowShard(Protocol):
    """What is used of hitl.machine.Shard."""

    async def submit(self, envelope: Envelope[A]) -> A: ...

    async def wait(self, topic: str, question: Question[A], is_done: Callable[[A], bool], timeout_s: float) -> A: ...


class ShardInteractions:
    """hitl.workflow.steps.Interactions as ``person``. Raises the machine's own HitlErrors."""

    def __init__(self, shard: WorkflowShard, person: Principal) -> None:
        self._shard, self._person = shard, person

    async def open(self, pattern: str, config: JsonObject, data: JsonObject, pipeline_name: str, step_name: str) -> JsonObject:
        interaction_id = str(uuid.uuid4())
        await self._send(OpenInteraction(interaction_id, pattern, pipeline_name, step_name, config, data, self._person.id))
        return step_answer(await self._found(interaction_id))

    async def get(self, interaction_id: str, wait_s: float = 0.0) -> JsonObject:
        return _plain(await self._found(interaction_id, wait_s))

    async def answer(self, interaction_id: str, user_input: JsonObject) -> JsonObject:
        return _plain(await self._send(AnswerInteraction(interaction_id, self._person, user_input)))

    async def cancel(self, interaction_id: str, reason: str) -> JsonObject:
        return _plain(await self._send(CancelInteraction(interaction_id, self._person, reason)))

    async def _found(self, interaction_id: str, wait_s: float = 0.0) -> InteractionView:
        question = InteractionOf(interaction_id, self._person)
        return await self._shard.wait(
            interaction_id, question, lambda found: found.status is not InteractionStatus.PENDING, wait_s
        )

    async def _send(self, command: Command[A]) -> A:
        command_id = uuid.uuid4().hex
        return await self._shard.submit(Envelope(command, command_id, fingerprint(command_id), self._person.id, command_id))


def _plain(view: Any) -> JsonObject:
    """As the HTTP client answers: steps see JSON, wherever their interactions live."""
    plain: JsonObject = plain_of(view)
    return plain


def _is_over(found: InteractionView) -> bool:
    return found.status is not InteractionStatus.PENDING
