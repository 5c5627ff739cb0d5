"""The route on which clients bring the files of their cases."""

from dataclasses import dataclass

from starlette.types import Receive

from hitl.blobs.file_types import FILE_TYPES, content_type_of
from hitl.canonical import canonical
from hitl.errors import BodyTooLarge, InvalidInput, StoreUnavailable, UnsupportedMediaType
from hitl.identity import Principal
from hitl.tasks import TaskSpec
from serve_app.decisions.case_blobs import CaseBlobs
from serve_app.decisions.wire import PLAIN_HEADERS, Reply, body_of
from serve_app.http.limits import Buckets
from serve_app.http.request_head import RequestHead, declared_length

BYTES = "application/octet-stream"
TAKEN = frozenset({BYTES.encode(), *(content_type_of(kind).encode() for kind in FILE_TYPES)})


@dataclass(frozen=True, slots=True)
class BlobRequest:
    """Who brings a file, for which task; ``secret`` is that of the cases' ids."""

    caller: Principal
    spec: TaskSpec
    secret: bytes


async def bring_blob(
    asked: BlobRequest, blobs: CaseBlobs | None, buckets: Buckets | None, head: RequestHead, receive: Receive
) -> Reply:
    """Take one file whole, and answer with its handle. Raises InvalidInput, BodyTooLarge, UnsupportedMediaType, Overloaded,
    TooManyRequests, StorageFull, StoreUnavailable."""
    terms, client = asked.spec.input.files, asked.caller.id
    if terms is None:
        raise InvalidInput("", f"no file: the cases of task {asked.spec.task} have none")
    if blobs is None:
        raise StoreUnavailable("files of cases are not taken here")
    declared = _check_head(head)
    if declared is not None and declared > terms.max_bytes:
        raise BodyTooLarge(terms.max_bytes)
    with blobs.in_hand.hold(client, terms.max_bytes if declared is None else declared):
        if blobs.quota is not None:
            await blobs.quota.check_bytes(asked.caller, terms.max_bytes if declared is None else declared)
        if buckets is not None:
            buckets.take(client, terms.max_bytes if declared is None else declared)
        data = await body_of(receive, terms.max_bytes, declared)
        handle = await blobs.bring(asked.secret, client, asked.spec.task, data, terms)
    return 200, PLAIN_HEADERS, canonical({"blob": handle.plain()})


def _check_head(head: RequestHead) -> int | None:
    """Return the declared length of the body. Raises UnsupportedMediaType, InvalidRequest."""
    content_type = head.headers.get(b"content-type", b"").split(b";")[0].strip().lower()
    if content_type not in TAKEN or head.headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise UnsupportedMediaType(f"{BYTES}, or a type such as image/png or audio/wav, without a content encoding")
    return declared_length(head)
