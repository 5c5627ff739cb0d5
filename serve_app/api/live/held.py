"""The requests that stay open: long polls, sockets and event streams, counted for each account in this replica."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from hitl.errors import TooManyRequests

RETRY_AFTER_S = 10
"""One of the others has to end first."""


class HeldConnections:
    """Each account has at most ``most`` at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._count: Counter[str] = Counter()

    def count(self, account: str) -> int:
        return self._count[account]

    def require_room(self, account: str) -> None:
        """Raises TooManyRequests, which names the limit."""
        if self._count[account] >= self._most:
            raise TooManyRequests(account, f"{self._most} live connections", RETRY_AFTER_S)

    @contextmanager
    def place(self, account: str) -> Iterator[None]:
        """Hold one of the account's places. Raises TooManyRequests."""
        self.require_room(account)
        self._count[account] += 1
        try:
            yield
        finally:
            self._count[account] -= 1
            if not self._count[account]:
                del self._count[account]
