"""Rate limits for each account: counted in the store for the review application, in the replica for decisions."""

import time
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Protocol

from limits import RateLimitItem, RateLimitItemPerDay, parse
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from hitl.errors import InvalidConfig, StoreUnavailable, TooManyRequests
from hitl.identity import Principal, Role
from hitl.identity.caps import AccountCaps
from hitl.yaml_text import from_yaml
from serve_app.http.telemetry import json_log

log = json_log()

MAX_BUCKETS = 10_000
"""Accounts that a replica remembers; the ones that have asked least lately start anew."""


class LimitTerms(BaseModel):
    """``configs/limits.yaml``: ``requests`` like ``600/minute`` by role, decisions by replica and account; living keys, open
    sessions and fresh tickets by account."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    requests: dict[Role, str]
    decisions_per_s: Annotated[float, Field(gt=0)] = 20_000.0
    decisions_burst: Annotated[float, Field(ge=1)] = 40_000.0
    decision_bytes_per_s: Annotated[float, Field(gt=0)] = 50e6
    decision_bytes_burst: Annotated[float, Field(ge=2**26)] = 200e6
    keys_per_account: Annotated[int, Field(ge=2)] = AccountCaps().keys
    sessions_per_account: Annotated[int, Field(ge=1)] = AccountCaps().sessions
    tickets_per_account: Annotated[int, Field(ge=1)] = AccountCaps().tickets

    @property
    def caps(self) -> AccountCaps:
        return AccountCaps(self.keys_per_account, self.sessions_per_account, self.tickets_per_account)

    @field_validator("requests")
    @classmethod
    def _readable(cls, given: dict[Role, str]) -> dict[Role, str]:
        """A file from before there were declarers gives them what clients have."""
        limits = {Role.DECLARER: given[Role.CLIENT], **given} if Role.CLIENT in given else given
        if missing := set(Role) - limits.keys():
            raise ValueError(f"no limit for {', '.join(sorted(missing))}")
        for text in limits.values():
            parse(text)
        return limits


def load_limits(text: str, source: str) -> LimitTerms:
    """Raises InvalidConfig that names the key."""
    try:
        return LimitTerms.model_validate(from_yaml(text, source))
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidConfig(source, ".".join(map(str, first["loc"])), first["msg"]) from error


class Counting(Protocol):
    """Counts what ``account`` does under ``item``."""

    async def hit(self, item: RateLimitItem, account: str, cost: int = 1) -> float | None:
        """None while ``cost`` more are allowed, else the seconds until one is again. Raises StoreUnavailable."""


class RequestLimits:
    """Lets everybody pass while the store is away: what needs it refuses by itself, and reads from memory go on.
    ``bytes_per_day`` None: bytes are not counted."""

    def __init__(self, terms: LimitTerms, counting: Counting, bytes_per_day: int | None = None) -> None:
        self._bytes = None if bytes_per_day is None else RateLimitItemPerDay(bytes_per_day, namespace="BYTES")
        self._by_role: Mapping[Role, RateLimitItem] = {role: parse(text) for role, text in terms.requests.items()}
        self._counting = counting

    async def check(self, who: Principal) -> None:
        """Count one request. Raises TooManyRequests."""
        item = max((self._by_role[role] for role in who.roles), key=_per_second, default=None)
        if item is not None:
            await self._take(item, who.id, 1, str(item))

    async def check_bytes(self, who: Principal, count: int) -> None:
        """Count the bytes of a body, before anything looks at it. Raises TooManyRequests."""
        if self._bytes is not None and count:
            await self._take(self._bytes, who.id, count, f"{self._bytes.amount} bytes of one account in 24 hours")

    async def _take(self, item: RateLimitItem, account: str, cost: int, name: str) -> None:
        try:
            wait_s = await self._counting.hit(item, account, cost)
        except StoreUnavailable as error:
            log.warning("requests are not counted", why=str(error))
            return
        if wait_s is not None:
            raise TooManyRequests(account, name, max(1, round(wait_s)))


class Buckets:
    """A token bucket for each account, in this process: ``per_s`` tokens a second, at most ``burst``; ``what`` they count."""

    def __init__(self, per_s: float, burst: float, monotonic: Callable[[], float], what: str = "decisions a second") -> None:
        self._per_s, self._burst, self._monotonic, self._what = per_s, burst, monotonic, what
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, account: str, count: int = 1) -> None:
        """Raises TooManyRequests when the bucket holds fewer than ``count``."""
        now = self._monotonic()
        level, at = self._levels.pop(account, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._per_s)
        self._levels[account] = (level - count if level >= count else level, now)
        if len(self._levels) > MAX_BUCKETS:
            del self._levels[next(iter(self._levels))]
        if level < count:
            raise TooManyRequests(account, f"{self._per_s:g} {self._what}", 1)


def byte_buckets(terms: LimitTerms, monotonic: Callable[[], float] = time.monotonic) -> Buckets:
    """Of the bodies of decisions."""
    return Buckets(terms.decision_bytes_per_s, terms.decision_bytes_burst, monotonic, "bytes of decisions a second")


def _per_second(item: RateLimitItem) -> Any:
    return item.amount / item.get_expiry()
