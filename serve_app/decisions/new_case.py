"""A decision request that passed every check, as it joins a micro-batch."""

from dataclasses import dataclass

from hitl.blobs.names import BlobName
from hitl.ids import CaseId
from hitl.inference.declared import DeclaredRow
from hitl.partitioning import Place
from hitl.routing.steering import Request
from hitl.tasks import Vector
from hitl.trace_context import TraceContext


@dataclass(frozen=True, slots=True)
class NewCase:
    """A request that passed every check. ``payload`` is the canonical JSON of its features and metadata
    (and of the declared fields, where answers are fields), sealed under
    ``wrapped_key`` where its task says so, ``shown`` what answers show of it; ``body_digest`` recognises the request,
    ``request`` is what rules read; ``parsed_at`` is on time.perf_counter's clock. ``declared`` is what the client declared, in a
    task whose predictions clients bring. It is no part of what recognises the request: a pipeline that is asked again may say
    something else, and what it said first counts. ``blobs`` are the files that it names, with their places in the body;
    ``trace`` is the request's span, None where tracing is off. ``partition`` is where the case goes, ``earlier`` where it
    stands if it was stored before partitions were added."""

    case_id: CaseId
    partition: int
    request_id: str
    task: str
    client: str
    idempotency_key: str
    body_digest: str
    payload: bytes
    vector: Vector
    request: Request
    parsed_at: float
    shown: bytes
    wrapped_key: bytes = b""
    declared: DeclaredRow | None = None
    blobs: tuple[tuple[str, BlobName], ...] = ()
    trace: TraceContext | None = None
    earlier: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """All places where the case may stand."""
        return (self.partition, self.case_id), *self.earlier

    @property
    def row(self) -> "Vector | DeclaredRow":
        """The case as its model reads it."""
        return self.vector if self.declared is None else self.declared
