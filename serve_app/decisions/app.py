"""The decision route as bare ASGI: authenticate, parse, name the case, join a micro-batch, answer."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from starlette.types import Receive, Scope, Send

from hitl.canonical import canonical
from hitl.errors import BodyTooLarge, HitlError, MethodNotAllowed, NotFound, StoreUnavailable, TaskRemoved
from hitl.identity import Principal, Role
from hitl.identity.accounts import AccountStore
from hitl.identity.keys import KeyStore
from hitl.intake import Intake
from hitl.intake.partitioned import partitioning_of
from hitl.intake.ports import Serving
from hitl.journal import Journal
from hitl.routing.rules import CompiledPolicy
from hitl.sealing import Keys
from hitl.tasks import TaskSpec
from hitl.tasks.book import TaskBook
from hitl.tracing import Tracer
from serve_app.decisions import many
from serve_app.decisions.batch_parser import parse_rows
from serve_app.decisions.blob_route import BlobRequest, bring_blob
from serve_app.decisions.case_blobs import CaseBlobs
from serve_app.decisions.case_maker import CaseMaker, DecisionRequest
from serve_app.decisions.case_queues import CaseBatcher, CaseQueues, waiting_tasks
from serve_app.decisions.case_store import CaseStore
from serve_app.decisions.case_writer import CaseWriter, Kept
from serve_app.decisions.definition_route import DefinitionRequest, ask_for_removal, bring_definition, show_definition
from serve_app.decisions.inline_body import body_too_large, most_bytes, read_inline_file
from serve_app.decisions.inline_files import InlineFiles, room_for
from serve_app.decisions.live_overrides import LiveOverrides
from serve_app.decisions.new_case import NewCase
from serve_app.decisions.remote_predictor import Predictor, RemotePredictors
from serve_app.decisions.serving_models import Artifacts, Load, ModelSource, ServingModels
from serve_app.decisions.task_views import TaskList, task_line, task_view
from serve_app.decisions.wire import PLAIN_HEADERS, Reply, body_of, reply_with, told
from serve_app.http.authentication import Authenticator
from serve_app.http.bearer_tokens import BearerTokens
from serve_app.http.errors import answer_for
from serve_app.http.lifespan import live
from serve_app.http.limits import Buckets
from serve_app.http.parse import ClientGone, parse_object
from serve_app.http.problems import Problem, problem
from serve_app.http.request_head import (
    RequestHead,
    authorization,
    check_head,
    check_json_body,
    declared_length,
    head_of,
    idempotency_key,
    text_headers,
)
from serve_app.http.server_spans import server_span
from serve_app.http.session_cookie import person_of_session, session_token
from serve_app.http.sessions import SignIn
from serve_app.http.telemetry import Telemetry
from serve_app.setup.definitions import Proposer
from serve_app.setup.vault import Vault

PREFIX = "/v1/tasks"

ROUTES: Mapping[str, tuple[str, ...]] = {
    "/v1/tasks": ("GET",),
    "/v1/tasks/{task}": ("GET",),
    "/v1/tasks/{task}/blobs": ("PUT",),
    "/v1/tasks/{task}/definition": ("GET", "PUT", "DELETE"),
    "/v1/tasks/{task}/decisions": ("POST",),
    "/v1/tasks/{task}/decisions:batch": ("POST",),
}
"""Every route that the gateway answers, with its methods: nothing else reaches what stands behind it."""


@dataclass(frozen=True, slots=True)
class GatewayPorts:
    """All that the gateway touches. ``intakes`` are in the order of their partitions; ``journal`` is the approval shard's,
    ``learning`` the learning shard's (None: no override answers); ``masters`` seal what tasks mark as sensitive; ``wall``
    gives UTC seconds; ``buckets`` count an account's decisions, ``byte_buckets`` the bytes of their bodies;
    ``tells_request_id`` False: what stands in front of us puts the request's id on every answer;
    ``predictor`` None: models run in this process; else it holds those of ``elsewhere`` (None: all tasks);
    ``blobs`` None: no files are taken; ``book`` has the definitions of before too (None: ``tasks`` alone); ``proposer`` None:
    definitions are neither shown nor proposed; ``tracer`` None: nothing of a trace is read, made or stored; ``door`` knows who
    signed in on a page of ours, which ``own_urls`` names (None: keys alone)."""

    tasks: Mapping[str, TaskSpec]
    policies: Mapping[str, CompiledPolicy]
    intakes: Sequence[Intake]
    serving: Serving
    journal: Journal
    artifacts: Artifacts
    load: Load
    keys: KeyStore
    telemetry: Telemetry
    wall: Callable[[], float] = time.time
    learning: Journal | None = None
    masters: Keys | None = None
    buckets: Buckets | None = None
    byte_buckets: Buckets | None = None
    tells_request_id: bool = True
    predictor: Predictor | None = None
    elsewhere: frozenset[str] | None = None
    accounts: AccountStore | None = None
    tokens: BearerTokens | None = None
    blobs: CaseBlobs | None = None
    tracer: Tracer | None = None
    book: TaskBook | None = None
    proposer: Proposer | None = None
    door: SignIn | None = None
    own_urls: tuple[str | None, ...] = ()


class Gateway:
    """An ASGI application over its ports. Its lifespan starts the watch over the serving pointers and drains the batches."""

    def __init__(self, ports: GatewayPorts) -> None:
        self._ports = ports
        self._reply_to = self._reply if ports.tracer is None else partial(self._traced_reply, ports.tracer)
        self._authenticator = Authenticator(ports.keys, accounts=ports.accounts, tokens=ports.tokens)
        self._vault = Vault(ports.tasks if ports.book is None else ports.book, ports.masters)
        self._maker = CaseMaker(ports.keys, self._vault, partitioning_of(ports.intakes))
        self.models = ServingModels(
            ports.tasks,
            ports.serving,
            ports.journal,
            ModelSource(ports.artifacts, ports.load),
            ports.telemetry,
            ports.policies,
            None if ports.predictor is None else RemotePredictors(ports.predictor, ports.elsewhere, waiting_tasks(ports.tasks)),
        )
        self.models.definitions = {} if ports.book is None else ports.book.adopted()
        self.overrides = _overrides(ports)
        self._writers = self._make_writers()
        self._batchers = [CaseBatcher(writer.settle) for writer in self._writers]
        self._queues = CaseQueues(self._batchers, ports.tasks, self._make_writers)
        self._watch: asyncio.Task[None] | None = None
        self._override_watch: asyncio.Task[None] | None = None

    def _make_writers(self) -> list[CaseWriter]:
        return [self._writer(CaseStore(self._ports.intakes, partition)) for partition in range(len(self._ports.intakes))]

    def _writer(self, store: CaseStore) -> CaseWriter:
        telemetry, wall = self._ports.telemetry, self._ports.wall
        return CaseWriter(store, self.models, self._vault, self._maker.secret, telemetry, wall, self.overrides)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.answer(scope, receive, send, self._ports.tells_request_id)
        elif scope["type"] == "lifespan":
            await live(receive, send, self.start, self.stop)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def start(self) -> None:
        """Begin to follow the serving pointers."""
        self._watch = asyncio.create_task(self.models.watch())
        if self.overrides is not None:
            self._override_watch = asyncio.create_task(self.overrides.watch())

    async def stop(self) -> None:
        """Finish what was accepted, then stop."""
        await self._queues.drain()
        for watch in filter(None, (self._watch, self._override_watch)):
            watch.cancel()
            await asyncio.wait([watch])
        if self._ports.blobs is not None:
            await self._ports.blobs.decoder.close()

    def check_health(self) -> None:
        """Raises RuntimeError when the watch over the serving pointers has ended: the replica would keep old models."""
        if self._watch is not None and self._watch.done():
            raise RuntimeError("the watch over the serving pointers has ended")

    async def answer(self, scope: Scope, receive: Receive, send: Send, tells_request_id: bool) -> None:
        """Answer an HTTP request; ``tells_request_id`` as in GatewayPorts."""
        head = head_of(scope)
        try:
            reply = await self._reply_to(head, scope["headers"], receive)
        except ClientGone:
            return
        await reply_with(send, reply, head.request_id if tells_request_id else None, head.method != "HEAD")

    async def _reply(self, head: RequestHead, raw: list[tuple[bytes, bytes]], receive: Receive) -> Reply:
        """Return the answer, whatever happens. Raises ClientGone."""
        try:
            check_head(head, raw)
            return await self._route(head, receive)
        except ClientGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border: what nobody foresaw is logged whole and answered as a 500
            return self._refusal(head, error)

    async def _traced_reply(self, tracer: Tracer, head: RequestHead, raw: list[tuple[bytes, bytes]], receive: Receive) -> Reply:
        """As _reply, inside a span of the request."""
        with server_span(tracer, head, _route_of(head)) as span:
            reply = await self._reply(replace(head, trace=span.context), raw, receive)
            span.answered(reply[0])
        return reply

    def _refusal(self, head: RequestHead, error: Exception) -> Reply:
        document = self._problem(head, error)
        headers = [(name.encode(), value.encode()) for name, value in document.headers.items() if name != "x-request-id"]
        return document.status, headers, document.body

    def _refused(self, head: RequestHead, error: Exception) -> tuple[int, bytes]:
        document = self._problem(head, error)
        return document.status, document.body

    def _problem(self, head: RequestHead, error: Exception) -> Problem:
        row = answer_for(error)
        self._ports.telemetry.refused(row.slug, row.status, head.request_id)
        if not isinstance(error, HitlError):
            self._ports.telemetry.failed(head.request_id, error)
        return problem(error, head.request_id, self._ports.wall())

    async def _route(self, head: RequestHead, receive: Receive) -> Reply:
        template, task = _template_of(head.path)
        _require(head, ROUTES[template])
        match template:
            case "/v1/tasks/{task}/decisions":
                return await self._decide(head, receive, task)
            case "/v1/tasks/{task}/decisions:batch":
                return await self._decide_many(head, receive, task)
            case "/v1/tasks/{task}/blobs":
                return await self._bring(head, receive, task)
            case "/v1/tasks/{task}/definition":
                return await self._define(head, receive, task)
            case "/v1/tasks/{task}":
                return await self._show(head, task)
            case _:
                return await self._list(head)

    async def _decide(self, head: RequestHead, receive: Receive, task: str) -> Reply:
        asked = await self._asked(head, task)
        self._count(asked, 1)
        with room_for(self._ports.blobs, asked, declared_length(head)):
            body = parse_object(await self._case_body(asked, head, receive))
            if (file := read_inline_file(asked.spec, body)) is not None:
                return told(await self._inline_files().decide(asked, body, file))
        case = self._maker.make(asked, await self._maker.secret(), body)
        if case.blobs and self._ports.blobs is not None:
            await self._ports.blobs.claim(case, self._ports.intakes)
        return told(await self._submit(case))

    async def _case_body(self, asked: DecisionRequest, head: RequestHead, receive: Receive) -> bytes:
        try:
            return await self._body(asked, head, receive, most_bytes(asked.spec))
        except BodyTooLarge as error:
            raise body_too_large(asked.spec, error) from error

    def _inline_files(self) -> InlineFiles:
        blobs = self._ports.blobs
        if blobs is None:
            raise StoreUnavailable("files of cases are not taken here")
        return InlineFiles(blobs, self._maker, self._vault, self._ports.intakes, self._submit)

    async def _submit(self, case: NewCase) -> Kept:
        return await self._queues.of_case(case).submit(case)

    async def _decide_many(self, head: RequestHead, receive: Receive, task: str) -> Reply:
        asked = await self._asked(head, task)
        self._count(asked, 1)
        body = await self._body(asked, head, receive, many.max_bytes(asked.spec))
        rows = await parse_rows(body, many.row_limits(asked.spec))
        self._count(asked, len(rows) - 1)
        ways = many.Ways(self._maker, self._queues.of_task(task), self._claimed)
        outcomes = await many.decide_rows(rows, asked, ways, lambda error: self._refused(head, error))
        return 200, PLAIN_HEADERS, many.rendered(outcomes)

    async def _claimed(self, cases: list[NewCase | Exception]) -> list[NewCase | Exception]:
        blobs = self._ports.blobs
        return cases if blobs is None else await blobs.claim_all(cases, self._ports.intakes)

    async def _bring(self, head: RequestHead, receive: Receive, task: str) -> Reply:
        caller = await self._authenticator.authenticate(authorization(head))
        spec = self._task(caller, task)
        caller.require(f"bring files of task {task}", Role.CLIENT)
        asked = BlobRequest(caller, spec, await self._maker.secret())
        return await bring_blob(asked, self._ports.blobs, self._ports.byte_buckets, head, receive)

    async def _define(self, head: RequestHead, receive: Receive, task: str) -> Reply:
        caller = await self._visitor(head)
        asked = DefinitionRequest(caller, task, head, self._ports.proposer)
        if head.method == "DELETE":
            return await ask_for_removal(asked)
        return await (show_definition(asked) if head.method in ("GET", "HEAD") else bring_definition(asked, receive))

    async def _body(self, asked: DecisionRequest, head: RequestHead, receive: Receive, limit_bytes: int) -> bytes:
        """Return the whole body. Its bytes are counted before it is parsed, and those that it declares before it is read."""
        declared, buckets = check_json_body(head), self._ports.byte_buckets
        if declared is not None and declared > limit_bytes:
            raise BodyTooLarge(limit_bytes)
        if buckets is not None and declared is not None:
            buckets.take(asked.caller.id, declared)
        body = await body_of(receive, limit_bytes, declared)
        if buckets is not None and declared is None:
            buckets.take(asked.caller.id, len(body))
        return body

    async def _asked(self, head: RequestHead, task: str) -> DecisionRequest:
        caller = await self._authenticator.authenticate(authorization(head))
        spec = self._task(caller, task)
        caller.require(f"open cases of task {task}", Role.CLIENT)
        return DecisionRequest(caller, spec, idempotency_key(head), head.request_id, head.trace)

    def _count(self, asked: DecisionRequest, cases: int) -> None:
        if self._ports.buckets is not None:
            self._ports.buckets.take(asked.caller.id, cases)

    async def _list(self, head: RequestHead) -> Reply:
        caller = await self._visitor(head)
        lines = [task_line(spec) for name, spec in sorted(self._ports.tasks.items()) if caller.sees(name)]
        return 200, PLAIN_HEADERS, canonical(TaskList(lines))

    async def _show(self, head: RequestHead, task: str) -> Reply:
        caller = await self._visitor(head)
        spec = self._task(caller, task)
        view = task_view(spec, self.models.current[task])
        return 200, PLAIN_HEADERS, canonical(view)

    async def _visitor(self, head: RequestHead) -> Principal:
        """Return who asks about a task, by a key or by the session of the console. Cases and files come by a key alone."""
        header, headers, door = authorization(head), text_headers(head), self._ports.door
        token = session_token(headers)
        if header is not None or token is None or door is None:
            return await self._authenticator.authenticate(header)
        return await person_of_session(door, token, head.method, headers, head.scheme, self._ports.own_urls)

    def _task(self, caller: Principal, task: str) -> TaskSpec:
        """Return the task, if the caller may know of it. Raises TaskRemoved."""
        if self._ports.book is not None and caller.sees(task) and task in self._ports.book.removed:
            raise TaskRemoved(task)
        spec = self._ports.tasks.get(task)
        if spec is None or not caller.sees(task):
            raise NotFound("task", task)
        return spec


def _overrides(ports: GatewayPorts) -> LiveOverrides | None:
    """None where no task takes overrides: nothing is then looked up."""
    takes_them = any(spec.overrides is not None for spec in ports.tasks.values())
    if ports.learning is None or not takes_them:
        return None
    return LiveOverrides(ports.tasks, ports.learning, ports.intakes, ports.telemetry)


def _template_of(path: str) -> tuple[str, str]:
    """Return which of ROUTES a path is, and the task that it names. Raises NotFound."""
    parts = path.removeprefix(PREFIX).split("/") if path.startswith(PREFIX) else ["none"]
    template = "/".join((PREFIX + parts[0], *("{task}" if place == 1 else parts[place] for place in range(1, len(parts)))))
    if template not in ROUTES:
        raise NotFound("route", path)
    return template, "".join(parts[1:2])


def _route_of(head: RequestHead) -> str | None:
    """Return the template of the route, for the name of its span; None for a path that no route has."""
    try:
        return _template_of(head.path)[0]
    except NotFound:
        return None


def _require(head: RequestHead, methods: tuple[str, ...]) -> None:
    allowed = ("GET", "HEAD", *methods[1:]) if methods[0] == "GET" else methods
    if head.method not in allowed:
        raise MethodNotAllowed(", ".join(allowed))
