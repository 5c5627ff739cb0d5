"""The routes of a task's definition: what is in force and what waits, and asking for a change."""

from dataclasses import dataclass

from starlette.types import Receive

from hitl.approval.defining import MAX_DEFINITION_BYTES
from hitl.canonical import JsonObject, canonical
from hitl.errors import NotFound, StoreUnavailable, TaskRemoved
from hitl.identity import Principal, Role
from hitl.machine.shards import APPROVAL
from hitl.serving.questions import Definitions
from hitl.tasks.definition import spec_of
from serve_app.decisions.wire import PLAIN_HEADERS, Reply, body_of
from serve_app.http.parse import parse_object
from serve_app.http.request_head import RequestHead, check_json_body
from serve_app.setup.definitions import DefinitionProposal, Proposer, open_changes, propose, propose_removal


@dataclass(frozen=True, slots=True)
class DefinitionRequest:
    """Who asks about which task's definition."""

    caller: Principal
    task: str
    head: RequestHead
    proposer: Proposer | None

    @property
    def proposals(self) -> Proposer:
        """Raises StoreUnavailable where there are none."""
        if self.proposer is None:
            raise StoreUnavailable("definitions are not served here")
        return self.proposer


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """A change that waits for votes: its ``digest``, and in words what it ``changes``."""

    approval_id: str
    digest: str
    changes: list[str]
    requested_by: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class DefinitionInForce:
    """What defines ``task`` from its serving ``generation`` on: ``definition``, as its author wrote it, in force since ``since``
    (UTC seconds) by the approval ``approval_id``; None: its file gave it at the first start. ``guided`` are the answers that may
    have a guideline, in the order in which people see them. ``waits`` are changes that are voted on."""

    task: str
    digest: str
    since: float
    generation: int
    approval_id: str | None
    definition: JsonObject
    guided: list[str]
    waits: list[WaitingChange]


async def show_definition(asked: DefinitionRequest) -> Reply:
    """Answer with the definition in force. Raises NotFound where there is none, TaskRemoved."""
    if not asked.caller.sees(asked.task):
        raise NotFound("task", asked.task)
    shards = asked.proposals.shards
    recorded = (await shards.ask(APPROVAL, Definitions())).definitions
    if not recorded:
        raise StoreUnavailable("the definitions are not recorded yet")
    found = recorded.get(asked.task)
    if found is None:
        raise NotFound("definition of task", asked.task)
    if found.body is None:
        raise TaskRemoved(asked.task)
    waits = [
        WaitingChange(each.approval_id, each.digest, _lines(each.evidence), each.requested_by, each.expires_at)
        for each in await open_changes(shards, asked.task)
    ]
    about = (asked.task, found.digest, found.since, found.generation, found.approval_id, found.body)
    return 200, PLAIN_HEADERS, canonical(DefinitionInForce(*about, spec_of(found.body).guided, waits))


async def bring_definition(asked: DefinitionRequest, receive: Receive) -> Reply:
    """Ask for the approval of the definition in the body: 200 where it is in force, 202 where it waits for votes.

    Raises Forbidden, InvalidInput, BodyTooLarge."""
    if not asked.caller.sees(asked.task):
        raise NotFound("task", asked.task)
    asked.caller.require("propose definitions of tasks", Role.OPERATOR)
    declared = check_json_body(asked.head)
    body = parse_object(await body_of(receive, MAX_DEFINITION_BYTES, declared))
    return _told(await propose(asked.proposals, body, asked.task, asked.caller.id, asked.head.request_id))


async def ask_for_removal(asked: DefinitionRequest) -> Reply:
    """Ask for the approval that the task is taken away: 200 where it is, 202 where that waits for votes.

    Raises Forbidden, NotFound, InvalidInput for the last task."""
    if not asked.caller.sees(asked.task):
        raise NotFound("task", asked.task)
    asked.caller.require("propose definitions of tasks", Role.OPERATOR)
    return _told(await propose_removal(asked.proposals, asked.task, asked.caller.id, asked.head.request_id))


def _told(told: DefinitionProposal) -> Reply:
    where = [] if told.approval_id is None else [(b"location", f"/v1/approvals/{told.approval_id}".encode())]
    return (200 if told.approval_id is None else 202), [*PLAIN_HEADERS, *where], canonical(told)


def _lines(evidence: JsonObject) -> list[str]:
    changes = evidence.get("changes")
    return [str(each) for each in changes] if isinstance(changes, list) else []
