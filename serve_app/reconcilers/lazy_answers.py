"""Ask somebody else about checks whose answer is left out of the evidence: again, blind, once each, a few at a time."""

from collections.abc import Mapping

from hitl.canonical import fingerprint
from hitl.errors import Conflict
from hitl.machine import Envelope
from hitl.machine.shards import Shards, shard_of_case
from hitl.partitioning import Partitioning
from hitl.review import Reopen
from hitl.tasks import TaskSpec
from serve_app.evidence.evidence import TaskEvidence
from serve_app.http.telemetry import json_log

LAZY_ANSWERS = "lazy-answers"
"""Who opens them, in the journal: not a person. The entry pins which answers were left out."""
MOST_AT_A_TURN = 20
"""Of a task: somebody who failed the known answers may have left hundreds."""

log = json_log()


class LazyAnswers:
    """One turn for every task that leaves lazy answers out; each step is harmless to repeat."""

    def __init__(self, shards: Shards, tasks: Mapping[str, TaskSpec], partitioning: Partitioning, evidence: TaskEvidence) -> None:
        self._shards, self._partitioning, self._evidence = shards, partitioning, evidence
        self._tasks = [name for name, spec in tasks.items() if spec.review.lazy_answers == "left_out"]
        self._asked: set[str] = set()

    async def once(self) -> None:
        for task in self._tasks:
            left_out = await self._evidence.left_out(task)
            waiting = [name for name, each in left_out.items() if each.waits and name not in self._asked]
            for review_id in waiting[:MOST_AT_A_TURN]:
                await self._ask_again(task, review_id, left_out[review_id].why)

    async def _ask_again(self, task: str, review_id: str, why: str) -> None:
        command = Reopen(review_id, LAZY_ANSWERS, "", is_blind=True)
        command_id = fingerprint([LAZY_ANSWERS, review_id])
        envelope = Envelope(command, command_id, command_id, LAZY_ANSWERS, LAZY_ANSWERS)
        try:
            await self._shards.submit(shard_of_case(review_id.rpartition("-")[0], self._partitioning), envelope)
        except Conflict as error:
            self._asked.add(review_id)
            log.info("a lazy answer is not asked again", review=review_id, why=str(error))
            return
        self._asked.add(review_id)
        log.info("an answer that nobody looked for is asked again", task=task, review=review_id, why=why)
