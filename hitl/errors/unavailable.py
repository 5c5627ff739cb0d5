"""Errors for a service that cannot answer now; the same request may be repeated."""

from hitl.errors.base import HitlError


class Unavailable(HitlError):
    """Base of what passes by itself: repeat the request with the same idempotency key."""

    retry_after_s = 1


class Recovering(Unavailable):
    """A shard is replaying its journal."""

    message = "shard {shard} is recovering"
    shard: str


class JournalRegressed(Unavailable):
    """The store holds less of a shard's history, or another one, than what was noted outside it: entry ``seq`` is not there.
    Nothing is served from it until a person restores what is missing, or says on the record that it is lost."""

    message = "the journal of shard {shard} ends at {found} or is another: entry {seq} as noted is not there"
    shard: str
    seq: int
    found: int


class StoreUnavailable(Unavailable):
    """The store did not answer; whether the last write happened is settled by reading."""

    message = "the store is unavailable: {why}"
    why: str


class IndexBehind(StoreUnavailable):
    """Cases up to position ``archived_to`` may have left the store, and who appends has not looked for theirs among them."""

    message = "cases up to {archived_to} are in the archive: {why}"
    archived_to: int


class PartitionsAdded(Unavailable):
    """Partitions were added to the store since this writer started: it would look for a case where it no longer belongs."""

    message = "partitions were added to the store {current} times, and its writer knows of {had}: start the service again"
    had: int
    current: int


class NotInMemory(Unavailable):
    """The requested reviews, approvals or workflows have left their shard's memory: ``ids`` are in the archive."""

    ids: list[str]

    def __str__(self) -> str:
        return f"{len(self.ids)} reviews, approvals or workflows are in the archive"


class StillMeasuring(Unavailable):
    """A candidate answers the held-out rows; the request goes on when it has."""

    retry_after_s = 2
    message = "candidate {digest} is being measured on the held-out rows"
    digest: str


class Overloaded(Unavailable):
    """A bounded queue is full."""

    message = "{what} is full ({limit})"
    what: str
    limit: int


class StorageFull(Unavailable):
    """No room is left where files are kept: an operator makes some."""

    retry_after_s = 60
    message = "no room is left for {what}: tell the operator"
    what: str
