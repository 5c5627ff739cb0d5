"""The context of every route: the ports it talks to, and the caller with their idempotency key."""

import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Protocol

from fastapi import Depends, Header, Request

from hitl.approval.definitions import DefinitionReader
from hitl.canonical import JsonObject, digest_of, fingerprint
from hitl.errors import NotFound, StoreUnavailable, TaskRemoved
from hitl.identity import Principal
from hitl.identity.accounts import Directory
from hitl.identity.caps import AccountCaps
from hitl.inference.admission import Admission
from hitl.intake import Intake
from hitl.intake.partitioned import partitioning_of
from hitl.machine import Envelope
from hitl.machine.asked import A, Command
from hitl.machine.shards import Shards
from hitl.outbox.rules import ChannelView
from hitl.partitioning import Partitioning
from hitl.quality.targets import TARGETS, Target
from hitl.routing.prediction import Prediction
from hitl.routing.rules import CompiledPolicy
from hitl.sealing import DataKeys, Keys
from hitl.tasks import TaskSpec, Vector
from hitl.tasks.book import is_removed
from hitl.trace_context import TraceContext
from hitl.tracing import Tracer
from serve_app.api.services.approval_vault import ApprovalVault
from serve_app.api.services.chat_ports import Chat
from serve_app.api.services.tracking import Tracking, switched_off
from serve_app.http.asgi import head
from serve_app.http.limits import RequestLimits
from serve_app.http.oidc import Oidc
from serve_app.http.request_head import idempotency_key
from serve_app.http.sessions import SignIn
from serve_app.setup.case_files import CaseFiles
from serve_app.setup.clear_values import ClearReading, ClearValues
from serve_app.setup.records import Records
from serve_app.setup.vault import Vault

MAX_BODY_BYTES = 1024 * 1024
LIVE_CONNECTIONS = 64


class Measure(Protocol):
    """The figures of the candidate ``digest`` beside ``champion`` on the task's held-out rows (hitl.learning.held_out).

    Raises ArtifactRejected, StoreUnavailable, Overloaded."""

    async def __call__(self, spec: TaskSpec, digest: str, champion: str | None) -> JsonObject: ...


class ArtifactUploads(Protocol):
    """Try the bytes of a model of the task, and store them. Raises ArtifactRejected, StoreUnavailable."""

    async def __call__(self, spec: TaskSpec, data: bytes) -> Admission: ...


class KeepOutput(Protocol):
    """Store ``data`` durably at ``place`` below the artifacts; the URI where it is. Raises StoreUnavailable."""

    async def __call__(self, place: str, data: bytes) -> str: ...


class Predict(Protocol):
    """What the model ``digest`` of the task says of ``vectors``, in order, its uncertainty by ``measure``; None where it gave no
    numbers. Raises InvalidRequest, ArtifactRejected, StoreUnavailable."""

    async def __call__(self, spec: TaskSpec, digest: str, vectors: Sequence[Vector], measure: str) -> list[Prediction | None]: ...


class Cards(Protocol):
    """The card of a task's candidate whose model runs elsewhere. Raises ArtifactRejected, StoreUnavailable."""

    async def __call__(self, spec: TaskSpec, digest: str) -> JsonObject: ...


class Authenticate(Protocol):
    """The principal of an ``Authorization`` header's text. Raises Unauthenticated."""

    async def __call__(self, authorization: str | None) -> Principal: ...


async def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class ApiPorts:
    """``intakes[p]`` is the intake of partition p; ``close`` is awaited when the application stops; ``stored`` is None where
    nothing but the shards is to be seen; ``masters`` open what is sealed; ``policies`` are the configured ones, the tasks' own
    where there are none; without ``measure`` the evidence of candidates stays what was claimed, as in tests without models;
    ``body_bytes`` and ``live_connections`` are the settings of these names; ``tracer`` None: no request is traced;
    ``definitions`` brings ``tasks`` up to date, None: it stays as it is; ``task_files`` is what the files of the tasks say;
    ``channels`` are those of the notifications; ``projections`` is the folder of what figures are computed from, None: that
    stays in memory."""

    tasks: Mapping[str, TaskSpec]
    shards: Shards
    intakes: Sequence[Intake]
    authenticate: Authenticate
    wall: Callable[[], float] = field(default=time.time)
    close: Callable[[], Awaitable[None]] = field(default=_nothing)
    masters: Keys | None = None
    door: SignIn | None = None
    accounts: Directory | None = None
    public_url: str | None = None
    api_url: str | None = None
    oidc: Oidc | None = None
    limits: RequestLimits | None = None
    tracking: Tracking = field(default_factory=switched_off)
    stored: Records | None = None
    policies: Mapping[str, CompiledPolicy] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=lambda: TARGETS)
    approval_keys: DataKeys | None = None
    caps: AccountCaps = field(default_factory=AccountCaps)
    measure: Measure | None = None
    take_artifact: ArtifactUploads | None = None
    keep_output: KeepOutput | None = None
    read_card: Cards | None = None
    chat: Chat | None = None
    predict: Predict | None = None
    files: CaseFiles | None = None
    dry_run_min_cases: int = 20
    body_bytes: int = MAX_BODY_BYTES
    live_connections: int = LIVE_CONNECTIONS
    store_risks: Sequence[str] = ()
    tracer: Tracer | None = None
    definitions: DefinitionReader | None = None
    task_files: Mapping[str, TaskSpec] = field(default_factory=dict)
    channels: Sequence[ChannelView] = ()
    projections: Path | None = None

    @property
    def partitions(self) -> int:
        return len(self.intakes)

    @property
    def partitioning(self) -> Partitioning:
        return partitioning_of(self.intakes)

    @property
    def own_urls(self) -> tuple[str | None, str | None]:
        """The configured URLs of this service."""
        return self.public_url, self.api_url

    @property
    def the_door(self) -> SignIn:
        """Raises StoreUnavailable where there is none."""
        if self.door is None:
            raise StoreUnavailable("sessions are not served here")
        return self.door

    @property
    def directory(self) -> Directory:
        """Raises StoreUnavailable where there is none."""
        if self.accounts is None:
            raise StoreUnavailable("accounts are not served here")
        return self.accounts

    @property
    def vault(self) -> Vault:
        return Vault(self.tasks, self.masters)

    @property
    def clear_values(self) -> ClearValues:
        return ClearValues(self.vault, self.shards, self.approval_keys)

    @property
    def approval_vault(self) -> ApprovalVault:
        """Raises StoreUnavailable where there is no store for its keys."""
        if self.approval_keys is None:
            raise StoreUnavailable("sealed approvals are not served here")
        return ApprovalVault(self.approval_keys, self.masters)

    @property
    def records(self) -> Records:
        """Raises StoreUnavailable where there are none."""
        if self.stored is None:
            raise StoreUnavailable("the records are not served here")
        return self.stored

    def task(self, name: str, principal: Principal) -> TaskSpec:
        """Return the task, if it exists and ``principal`` may know of it. Raises NotFound."""
        spec = self.tasks.get(name)
        if spec is None or not principal.sees(name):
            raise NotFound("task", name)
        return spec

    def task_in_force(self, name: str, principal: Principal) -> TaskSpec:
        """Return the task, for what is new. Raises NotFound, TaskRemoved."""
        spec = self.task(name, principal)
        if is_removed(self.tasks, name):
            raise TaskRemoved(name)
        return spec


@dataclass(frozen=True, slots=True)
class Caller:
    """``route`` is method and path; ``key`` the idempotency key, made here when none came; ``trace`` is the request's span, None
    where tracing is off."""

    principal: Principal
    request_id: str
    route: str
    key: str
    trace: TraceContext | None = None

    def envelope(self, command: Command[A], asked: Any, part: str | None = None) -> Envelope[A]:
        """``command`` as this caller's; ``asked`` is what they sent, as JSON: what another use of the key is compared with.
        ``part`` tells the second command of one request from its first."""
        asked_for = fingerprint([self.route, asked])
        return Envelope(command, self.command_id(part), asked_for, self.principal.id, self.request_id, self.trace)

    def command_id(self, part: str | None = None) -> str:
        """Return the id of the command that this request sends: the same for every repetition of the request."""
        whole = (self.principal.id, self.route, self.key) + (() if part is None else (part,))
        return digest_of("\x00".join(whole).encode())

    def reading(self, reason: str) -> ClearReading:
        """For the guard of clear values."""
        return ClearReading(self.principal.id, reason, self.request_id)


def keyed_as(caller: Caller, key: str) -> Caller:
    """Return the caller with the idempotency key that their request stands for by itself."""
    return replace(caller, key=key)


def ports_of(request: Request) -> ApiPorts:
    ports: ApiPorts = request.app.state.ports
    return ports


def _caller(request: Request, key: str) -> Caller:
    route = f"{request.method} {request.url.path}"
    found = head(request.scope)
    return Caller(request.state.principal, found.request_id, route, key, found.trace)


GivenKey = Annotated[str | None, Header(alias="Idempotency-Key")]
"""For the OpenAPI document (serve_app.api.described). The key itself is read from the head, which refuses two of them."""


def caller(request: Request) -> Caller:
    """Return the caller of a route that needs no Idempotency-Key, and takes one if it comes."""
    found = head(request.scope)
    return _caller(request, idempotency_key(found) if b"idempotency-key" in found.headers else uuid.uuid4().hex)


def keyed_caller(request: Request, _given: GivenKey = None) -> Caller:
    """Return the caller of a route that needs an Idempotency-Key. Raises InvalidRequest without."""
    return _caller(request, idempotency_key(head(request.scope)))


PortsOf = Annotated[ApiPorts, Depends(ports_of)]
AnyCaller = Annotated[Caller, Depends(caller)]
KeyedCaller = Annotated[Caller, Depends(keyed_caller)]
