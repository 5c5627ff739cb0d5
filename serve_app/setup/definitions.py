"""The definitions in force: the book that every process opens, and how a change of one is asked for."""

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from redis.asyncio import Redis

from hitl.adapters.valkey.client import connect
from hitl.adapters.valkey.definitions import ValkeyDefinitions
from hitl.approval.commands import RequestApproval
from hitl.approval.defining import MAX_DEFINITION_BYTES
from hitl.approval.definitions import DefinitionReader
from hitl.approval.kinds import ApprovalKind
from hitl.approval.questions import Approvals
from hitl.approval.views import ApprovalView
from hitl.canonical import JsonObject, canonical, fingerprint
from hitl.errors import InvalidConfig, InvalidInput, NotFound
from hitl.inference.families import family_named, require_installed
from hitl.machine import Envelope
from hitl.machine.shards import APPROVAL, Shards
from hitl.routing.policy import check_earned
from hitl.routing.steering import compiled_from
from hitl.serving.questions import Definitions, DefinitionsOf, ServingOf
from hitl.serving.views import DefinitionView, ServingView
from hitl.tasks import TaskSpec
from hitl.tasks.book import TaskBook
from hitl.tasks.definition import body_of, say_the_same, spec_of
from hitl.tasks.definition_changes import describe_changes, fixed_key
from hitl.tasks.fitting import check_fits
from serve_app.setup.args import ServeArgs
from serve_app.setup.records import journal_of

HOUR_S = 3600.0
MAX_DESCRIPTION = 20_000
FOLLOW_EVERY_S = 0.25
"""How often a process looks whether a definition came into force."""


@dataclass(frozen=True, slots=True)
class Facilities:
    """What this installation started with: a ``predictor`` deployment, a place for ``files`` of cases, and master ``keys``."""

    predictor: bool = True
    files: bool = True
    keys: bool = True

    def missing(self, spec: TaskSpec, needs_predictor: bool) -> tuple[str, str] | None:
        """Return the key of ``spec`` that needs something which is not there, and what to do; None: it has all."""
        restart = "put the file into the folder of task files and restart: its approval opens by itself then"
        if needs_predictor and not self.predictor:
            return "model.family", f"a family that runs without a predictor, since none was started: {restart}"
        if spec.input.files is not None and not self.files:
            return "input.kind", f"a kind without files, since no place for them was started: {restart}"
        if spec.is_sealed and not self.keys:
            return "sealed", "nothing that is sealed: this installation has no master key (HITL_MASTER_KEY)"
        return None


EVERYTHING = Facilities()


@dataclass(frozen=True, slots=True)
class Proposer:
    """Who asks for a change, when, and of what this installation is capable. ``by`` is asked nothing: others vote."""

    shards: Shards
    facilities: Facilities
    needs_predictor: Callable[[TaskSpec], bool]
    wall: Callable[[], float]


@dataclass(frozen=True, slots=True)
class DefinitionProposal:
    """What became of a proposed definition ``digest`` of ``task``: it is ``in_force`` already, or waits for the votes of
    ``approval_id``. ``changes`` says in words what differs from the definition in force."""

    task: str
    digest: str
    status: str
    approval_id: str | None
    changes: list[str]


def definition_reader(client: Redis, archive_uri: str) -> DefinitionReader:
    """Return what reads the definitions in the store behind ``client``."""
    return DefinitionReader(ValkeyDefinitions(client), journal_of(client, APPROVAL, archive_uri))


def book_in_force(args: ServeArgs, files: Mapping[str, TaskSpec]) -> TaskBook:
    """Return the definitions in force; ``files`` where the journal has none: at the first start. Blocks. Raises StoreUnavailable,
    InvalidConfig for one that this version cannot read."""

    async def read() -> TaskBook:
        client = connect(args.redis_url)
        try:
            book = TaskBook(files)
            await definition_reader(client, args.archive_uri).refresh(book)
            return book
        finally:
            await client.aclose()

    with ThreadPoolExecutor(1) as aside:  # a builder may run where a loop runs already
        return aside.submit(lambda: asyncio.run(read())).result()


def find_changed_files(files: Mapping[str, TaskSpec], in_force: Mapping[str, TaskSpec]) -> dict[str, list[str]]:
    """Return, for each task whose file differs from its definition in force, the differences in words. They change nothing."""
    found: dict[str, list[str]] = {}
    for task, spec in files.items():
        present = in_force.get(task)
        if present is None or not say_the_same(present, spec):
            found[task] = describe_changes(present, spec)
    return found


async def propose(proposer: Proposer, body: JsonObject, task: str, by: str, request_id: str) -> DefinitionProposal:
    """Ask for the approval of ``body`` as the definition of ``task``; the same one again finds what it opened.

    Raises InvalidInput that names the key and what to do, for what is wrong and what cannot be changed in place."""
    spec = _checked(body, task)
    recorded = (await proposer.shards.ask(APPROVAL, Definitions())).definitions
    change = _Change(task, spec, recorded.get(task))
    if change.before is not None and say_the_same(change.before, spec):
        return DefinitionProposal(task, change.digest if change.replaces is None else change.replaces, "in_force", None, [])
    earlier = await earlier_definitions(proposer.shards, task)
    serving = await proposer.shards.ask(APPROVAL, ServingOf(task))
    if (why := refusal(proposer, earlier, spec, serving)) is not None:
        raise InvalidInput(f"/{why[0].replace('.', '/')}", why[1])
    return await _opened(proposer, change, by, request_id, _quorums(recorded))


async def propose_removal(proposer: Proposer, task: str, by: str, request_id: str) -> DefinitionProposal:
    """Ask for the approval that ``task`` is taken away; the same again finds what it opened.

    Raises NotFound for a task that has no definition, InvalidInput for the last one."""
    recorded = (await proposer.shards.ask(APPROVAL, Definitions())).definitions
    present = recorded.get(task)
    if present is None:
        raise NotFound("definition of task", task)
    if present.body is None:
        return DefinitionProposal(task, present.digest, "in_force", None, [])
    if all(each.body is None for name, each in recorded.items() if name != task):
        raise InvalidInput("", "another task than the last one: a service without a task does not start")
    return await _opened(proposer, _Change(task, None, present), by, request_id, _quorums(recorded))


async def _opened(proposer: Proposer, change: "_Change", by: str, request_id: str, quorums: Sequence[int]) -> DefinitionProposal:
    waiting = next(filter(change.is_asked_by, await open_changes(proposer.shards, change.task)), None)
    if waiting is not None:
        return DefinitionProposal(change.task, change.digest, "waits", waiting.approval_id, change.in_words)
    command = change.request(by, proposer.wall(), quorums)
    envelope = Envelope(command, f"define:{uuid.uuid4().hex}", fingerprint([change.task, command.evidence]), by, request_id)
    approval_id = (await proposer.shards.submit(APPROVAL, envelope)).approval_id
    return DefinitionProposal(change.task, change.digest, "waits", approval_id, change.in_words)


async def earlier_definitions(shards: Shards, task: str) -> list[TaskSpec]:
    """Return all definitions that ``task`` ever had, oldest first. Raises InvalidConfig for one that this version cannot read."""
    history = (await shards.ask(APPROVAL, DefinitionsOf(task))).history
    return [spec_of(each.body) for each in history if each.body is not None]


def refusal(proposer: Proposer, earlier: Sequence[TaskSpec], after: TaskSpec, serving: ServingView) -> tuple[str, str] | None:
    """Return the key that cannot be changed while the service runs, and what to do instead; None: all can. ``earlier`` are the
    task's definitions until now, oldest first."""
    if (fixed := fixed_key(earlier, after)) is not None:
        return fixed
    try:
        require_installed([after.model.family])
    except InvalidConfig as error:
        return error.key, f"a family that is installed ({error.why})"
    if serving.policy is not None and (why := _why_unfit(serving.policy, after)) is not None:
        return why
    return proposer.facilities.missing(after, proposer.needs_predictor(after))


def _why_unfit(body: JsonObject, after: TaskSpec) -> tuple[str, str] | None:
    """Return why the policy in force is none for the task as it would be; None: it is."""
    try:
        policy = compiled_from(body, after.labels).policy
    except InvalidConfig as error:
        return "labels", f"labels that the policy in force knows ({error.why})"
    try:
        check_fits(after, policy, "policy")
        if family_named(after.model.family).is_carded:
            check_earned(policy, "policy")
    except InvalidConfig as error:
        return "model.family", f"a task that the policy in force fits: propose another policy first ({error.why})"
    return None


async def open_changes(shards: Shards, task: str) -> list[ApprovalView]:
    """Return the changes of the task's definition that wait for votes, oldest first."""
    return (await shards.ask(APPROVAL, Approvals("pending", task, ApprovalKind.TASK_CHANGE))).approvals


def _checked(body: JsonObject, task: str) -> TaskSpec:
    if len(canonical(body)) > MAX_DEFINITION_BYTES:
        raise InvalidInput("", f"a definition of at most {MAX_DEFINITION_BYTES} bytes")
    if body.get("task") != task:
        raise InvalidInput("/task", f"the name in the path, {task}")
    try:
        return spec_of(body)
    except InvalidConfig as error:
        raise InvalidInput(f"/{error.key.replace('.', '/')}", f"a valid definition ({error.why})") from error


@dataclass(frozen=True, slots=True)
class _Change:
    """``spec`` is to define ``task`` from now on, None: it is taken away. ``present`` is what the journal holds, None: nothing of
    that name."""

    task: str
    spec: TaskSpec | None
    present: DefinitionView | None

    @property
    def before(self) -> TaskSpec | None:
        """What defines the task now; None: there is no such task, or it was taken away."""
        body = None if self.present is None else self.present.body
        return None if body is None else spec_of(body)

    @property
    def last(self) -> TaskSpec | None:
        """What defined its newest cases."""
        last = None if self.present is None else self.present.last
        return None if last is None else spec_of(last)

    @property
    def body(self) -> JsonObject | None:
        return None if self.spec is None else body_of(self.spec)

    @property
    def digest(self) -> str:
        return fingerprint(self.body)

    @property
    def replaces(self) -> str | None:
        return None if self.present is None else self.present.digest

    @property
    def in_words(self) -> list[str]:
        return describe_changes(self.before, self.spec)

    @property
    def title(self) -> str:
        if self.spec is None:
            return f"Take away the task {self.task}"
        return f"{'Add' if self.before is None else 'Change'} the task {self.task}"

    def is_asked_by(self, approval: ApprovalView) -> bool:
        """Tell whether ``approval`` is about this change."""
        return approval.digest == self.digest and approval.evidence.get("replaces") == self.replaces

    def request(self, by: str, now: float, quorums: Sequence[int]) -> RequestApproval:
        """The definition in force decides how many must vote, ``quorums`` on a new task, and on one that comes back its last
        definition too: a proposal cannot ask for fewer."""
        changes, defining, last = self.in_words, self.before or self.spec, self.last
        assert defining is not None, "what is not there is not taken away"
        evidence: JsonObject = {"definition": self.body, "replaces": self.replaces, "changes": [*changes]}
        terms = defining.approval
        at_least = [*quorums] if last is None else [*quorums, last.approval.quorum]
        return RequestApproval(
            kind=ApprovalKind.TASK_CHANGE.value,
            task=self.task,
            digest=self.digest,
            title=self.title,
            evidence=evidence,
            requested_by=by,
            quorum=terms.quorum if self.before is not None else max([terms.quorum, *at_least]),
            expires_at=now + terms.expires_hours * HOUR_S,
            description="\n".join(changes)[:MAX_DESCRIPTION],
        )


def _quorums(in_force: Mapping[str, DefinitionView]) -> list[int]:
    return [spec_of(each.body).approval.quorum for each in in_force.values() if each.body is not None]
