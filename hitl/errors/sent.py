"""Errors for input that cannot be used as it is."""

from hitl.errors.base import HitlError


class InvalidInput(HitlError):
    """The request does not fit the schema it was checked against. ``place`` is a JSON pointer."""

    def __init__(self, place: str, expected: str) -> None:
        super().__init__(place, expected)
        self.place, self.expected = place, expected

    def __str__(self) -> str:
        return f"{self.place or '/'}: expected {self.expected}"


class MalformedBody(HitlError):
    """The body is not one strict JSON document."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return f"the body is not one strict JSON document: {self.why}"


class BodyTooLarge(HitlError):
    """The body is longer than the route allows."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_bytes)
        self.limit_bytes = limit_bytes

    def __str__(self) -> str:
        return f"the body is longer than {self.limit_bytes} bytes"


class InvalidRequest(HitlError):
    """A header, the path or the query is not what the route takes: the body was not looked at."""

    def __init__(self, part: str, expected: str) -> None:
        super().__init__(part, expected)
        self.part, self.expected = part, expected

    def __str__(self) -> str:
        return f"{self.part}: expected {self.expected}"


class UnsupportedMediaType(HitlError):
    """The body is of a type or an encoding that the route does not read."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected

    def __str__(self) -> str:
        return f"expected a body of {self.expected}"


class MethodNotAllowed(HitlError):
    """The route exists, but not with this method; ``allowed`` lists those it has."""

    def __init__(self, allowed: str) -> None:
        super().__init__(allowed)
        self.allowed = allowed

    def __str__(self) -> str:
        return f"expected one of the methods {self.allowed}"


class RequestTimeout(HitlError):
    """The body did not come in time."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(limit_s)
        self.limit_s = limit_s

    def __str__(self) -> str:
        return f"the body was not complete after {self.limit_s:g} seconds"


class NotFound(HitlError):
    """No such thing, or none that this caller may know of."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(kind, name)
        self.kind, self.name = kind, name

    def __str__(self) -> str:
        return f"no {self.kind} {self.name!r}"


class TooManyRows(HitlError):
    """One request holds more cases than it may."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        return f"expected at most {self.limit} cases"


class IdempotencyConflict(HitlError):
    """The same idempotency key came with another body."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        return f"idempotency key {self.key!r} was used before with another body"
