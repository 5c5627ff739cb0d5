"""The service cannot answer now; the same request may be repeated."""

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


class StoreUnavailable(Unavailable):
    """The store did not answer; whether the last write happened is settled by reading."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return f"the store is unavailable: {self.why}"


class Overloaded(Unavailable):
    """A bounded queue is full."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(what, limit)
        self.what, self.limit = what, limit

    def __str__(self) -> str:
        return f"{self.what} is full ({self.limit})"
