"""Open label-error reviews: suspicious labels again, blind, for other people, once each, within the task's budget."""

from collections.abc import Mapping

from hitl.canonical import fingerprint
from hitl.errors import Conflict
from hitl.machine import Envelope
from hitl.machine.shards import Shards, shard_of_case
from hitl.partitioning import Partitioning
from hitl.quality.second_look import wanted
from hitl.review import Reopen
from hitl.tasks import TaskSpec
from serve_app.evidence.evidence import TaskEvidence
from serve_app.http.telemetry import json_log

SECOND_LOOKS = "second-looks"
"""Who opens them, in the journal: not a person."""

log = json_log()


class SecondLooks:
    """One turn for every task that states ``review.second_looks``; each step is harmless to repeat."""

    def __init__(self, shards: Shards, tasks: Mapping[str, TaskSpec], partitioning: Partitioning, evidence: TaskEvidence) -> None:
        self._shards, self._partitioning, self._evidence = shards, partitioning, evidence
        self._budgets = {name: (spec, spec.review.second_looks) for name, spec in tasks.items()}
        self._opened: dict[str, set[str]] = {name: set() for name in tasks}

    async def once(self) -> None:
        for task, (spec, budget) in self._budgets.items():
            if budget is not None:
                answers = await self._evidence.answers(task)
                twice = {each.case_id for each in answers if not each.review_id.endswith("-1")}
                self._opened[task] -= twice
                again = twice | self._opened[task]
                for review_id in wanted(answers, spec.labels, budget, again):
                    await self._open(task, review_id)

    async def _open(self, task: str, review_id: str) -> None:
        case_id = review_id.rpartition("-")[0]
        self._opened[task].add(case_id)
        command = Reopen(review_id, SECOND_LOOKS, "", is_blind=True)
        command_id = fingerprint([SECOND_LOOKS, review_id])
        envelope = Envelope(command, command_id, command_id, SECOND_LOOKS, SECOND_LOOKS)
        try:
            await self._shards.submit(shard_of_case(case_id, self._partitioning), envelope)
        except Conflict as error:
            log.info("no second look", review=review_id, why=str(error))
            return
        log.info("a suspicious label gets a second look", task=task, review=review_id)
