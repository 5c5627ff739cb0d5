"""What the client raises. It depends on nothing of the service, so that it can be installed alone."""

from hitl.client.free_json import JsonObject


class ClientError(Exception):
    """Base of everything that the client raises on purpose."""


class ApiError(ClientError):
    """The service refused a call. ``problem`` is its problem document, ``status`` the HTTP status."""

    def __init__(self, status: int, problem: JsonObject) -> None:
        super().__init__(status, problem)
        self.status, self.problem = status, problem

    def __str__(self) -> str:
        return f"HTTP {self.status} {self.problem.get('title', '')}: {self.problem.get('detail', '')}"

    @property
    def slug(self) -> str:
        """The stable end of the problem's type, e.g. ``stale-lease``."""
        return str(self.problem.get("type", "")).rsplit(":", 1)[-1]


class ServiceUnreachable(ClientError):
    """A call was repeated until patience ran out; whether it had an effect is settled by repeating it with its key."""

    def __init__(self, path: str, attempts: int, why: str) -> None:
        super().__init__(path, attempts, why)
        self.path, self.attempts, self.why = path, attempts, why

    def __str__(self) -> str:
        return f"no answer to {self.path} in {self.attempts} attempts: {self.why}"


class NotServing(ClientError):
    """The expected version does not serve: nobody approved it, its bytes failed, or something else serves."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what, why)
        self.what, self.why = what, why

    def __str__(self) -> str:
        return f"{self.what} does not serve: {self.why}"
