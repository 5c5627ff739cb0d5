"""Keep the record of definitions: take the files of the first start, and ask for the approval of files that differ later."""

import time
import uuid
from collections.abc import Mapping

from hitl.approval.definitions import DefinitionReader
from hitl.approval.kinds import ApprovalKind
from hitl.approval.questions import Approvals
from hitl.canonical import fingerprint
from hitl.errors import InvalidInput
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, Shards
from hitl.serving.commands import RecordDefinitions
from hitl.serving.questions import Definitions
from hitl.tasks import TaskSpec
from hitl.tasks.book import TaskBook
from hitl.tasks.definition import body_of, definition_digest, say_the_same, spec_of
from serve_app.decisions.held_elsewhere import held_elsewhere
from serve_app.http.telemetry import json_log
from serve_app.reconcilers.deployer import KEEPER
from serve_app.setup.args import ServeArgs
from serve_app.setup.case_files import has_files
from serve_app.setup.definitions import Facilities, Proposer, propose

log = json_log()


def proposer_of(args: ServeArgs, book: TaskBook, files: Mapping[str, TaskSpec], shards: Shards) -> Proposer:
    """Return what asks for changes, with what this installation started with."""
    held = held_elsewhere(args.predictor, book) or held_elsewhere(args.predictor, files)
    facilities = Facilities(bool(held), has_files(book) or has_files(files), args.open_keys() is not None)
    return Proposer(shards, facilities, lambda spec: bool(held_elsewhere(args.predictor, {spec.task: spec})), time.time)


class DefinitionKeeper:
    """``files`` are what the task files of this start say. ``refused`` tells which of them differ in what cannot be changed in
    place, and why."""

    def __init__(self, proposer: Proposer, book: TaskBook, reader: DefinitionReader, files: Mapping[str, TaskSpec]) -> None:
        self._proposer, self._book, self._reader, self._files = proposer, book, reader, files
        self._is_done = False
        self.refused: dict[str, str] = {}

    async def refresh(self) -> None:
        """Take up definitions that came into force."""
        await self._reader.refresh(self._book)

    async def once(self) -> None:
        """Look at the files once in this start. Raises Unavailable: the next look tries again."""
        if self._is_done:
            return
        shards = self._proposer.shards
        in_force = (await shards.ask(APPROVAL, Definitions())).definitions
        if not in_force:
            await self._record(shards)
            in_force = (await shards.ask(APPROVAL, Definitions())).definitions
        for task, spec in self._files.items():
            present = in_force.get(task)
            if present is not None and present.body is None:
                log.warning("the file of a task that was taken away changes nothing: hitl tasks apply brings it back", task=task)
            elif present is None or present.body is None or not say_the_same(spec_of(present.body), spec):
                await self._ask(task, spec, None if present is None else present.digest)
        for task in {task for task, each in in_force.items() if each.body is not None} - self._files.keys():
            log.warning("a task in force has no file: it stays as the journal defines it", task=task)
        self._is_done = True

    async def _record(self, shards: Shards) -> None:
        definitions = {task: body_of(spec) for task, spec in self._files.items()}
        command, command_id = RecordDefinitions(definitions, KEEPER), f"define:{uuid.uuid4().hex}"
        envelope = Envelope(command, command_id, fingerprint(definitions), KEEPER, command_id)
        await shards.submit(APPROVAL, envelope)
        log.info("definitions recorded", tasks=sorted(definitions))

    async def _ask(self, task: str, spec: TaskSpec, replaces: str | None) -> None:
        """Once for each file: what people rejected, or left to expire, is not asked again beside the same definition."""
        digest = definition_digest(body_of(spec))
        asked = (await self._proposer.shards.ask(APPROVAL, Approvals(None, task, ApprovalKind.TASK_CHANGE))).approvals
        if any(each.digest == digest and each.evidence.get("replaces") == replaces for each in asked):
            log.warning("the file of a task differs from its definition in force, and was asked for before", task=task)
            return
        try:
            told = await propose(self._proposer, body_of(spec), task, KEEPER, f"define:{digest[:12]}")
        except InvalidInput as error:
            self.refused[task] = str(error)
            log.warning("the file of a task differs in what cannot be changed: it changes nothing", task=task, why=str(error))
            return
        log.warning(
            "the file of a task differs from its definition in force: it changes nothing until it is approved",
            **{"task": task, "approval": told.approval_id, "changes": told.changes},
        )
