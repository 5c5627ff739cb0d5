"""Errors about the caller: unknown, or without the right."""

from hitl.errors.base import HitlError


class Unauthenticated(HitlError):
    """No valid key came with the request."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return self.why


class Forbidden(HitlError):
    """The caller is known and may not do this."""

    def __init__(self, principal: str, action: str) -> None:
        super().__init__(principal, action)
        self.principal, self.action = principal, action

    def __str__(self) -> str:
        return f"{self.principal} may not {self.action}"


class CrossSite(HitlError):
    """A change by cookie that another site may have made the browser send."""

    def __str__(self) -> str:
        return "a change by cookie needs an Origin of this service, or the header X-Hitl-Request: 1"


class TooManyRequests(HitlError):
    """The caller asks more often than their role allows."""

    def __init__(self, principal: str, limit: str, retry_after_s: int) -> None:
        super().__init__(principal, limit, retry_after_s)
        self.principal, self.limit, self.retry_after_s = principal, limit, retry_after_s

    def __str__(self) -> str:
        return f"more than {self.limit}: ask again in {self.retry_after_s} s"
