"""Who asks, and what they may not do."""

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
