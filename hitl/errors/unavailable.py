"""Errors for a service that cannot answer now; the same request may be repeated."""

from hitl.errors.base import HitlError


class Unavailable(HitlError):
    """Base of what passes by itself: repeat the request with the same idempotency key."""

    retry_after_s = 1


class Recovering(Unavailable):
    """A shard is replaying its journal."""

    def __init__(self, shard: str) -> None:
        super().__init__(shard)
        self.shard = shard

    def __str__(self) -> str:
        return f"shard {self.shard} is recovering"


class JournalRegressed(Unavailable):
    """The store holds less of a shard's history, or another one, than what was noted outside it: entry ``seq`` is not there.
    Nothing is served from it until a person restores what is missing, or says on the record that it is lost."""

    def __init__(self, shard: str, seq: int, found: int) -> None:
        super().__init__(shard, seq, found)
        self.shard, self.seq, self.found = shard, seq, found

    def __str__(self) -> str:
        return f"the journal of shard {self.shard} ends at {self.found} or is another: entry {self.seq} as noted is not there"


class StoreUnavailable(Unavailable):
    """The store did not answer; whether the last write happened is settled by reading."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return f"the store is unavailable: {self.why}"


class NotInMemory(Unavailable):
    """The requested reviews have left their shard's memory: ``review_ids`` are in the archive."""

    def __init__(self, review_ids: list[str]) -> None:
        super().__init__(review_ids)
        self.review_ids = review_ids

    def __str__(self) -> str:
        return f"{len(self.review_ids)} reviews are in the archive"


class Overloaded(Unavailable):
    """A bounded queue is full."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(what, limit)
        self.what, self.limit = what, limit

    def __str__(self) -> str:
        return f"{self.what} is full ({self.limit})"
