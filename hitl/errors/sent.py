"""Errors for input that cannot be used as it is."""

from hitl.errors.base import HitlError


class InvalidInput(HitlError):
    """The request does not fit the schema it was checked against. ``place`` is a JSON pointer."""

    place: str
    expected: str

    def __str__(self) -> str:
        return f"{self.place or '/'}: expected {self.expected}"


class MalformedBody(HitlError):
    """The body is not one strict JSON document."""

    message = "the body is not one strict JSON document: {why}"
    why: str


class BodyTooLarge(HitlError):
    """The body is longer than the route allows."""

    message = "the body is longer than {limit_bytes} bytes"
    limit_bytes: int


class InlineFileTooLarge(HitlError):
    """A file inside a case is larger than such files may be; it can be brought before its case."""

    message = (
        "a file inside its case has at most {limit_bytes} bytes: bring a larger one with PUT /v1/tasks/{{task}}/blobs, then name "
        "it by the blob of the answer"
    )
    limit_bytes: int


class InvalidRequest(HitlError):
    """A header, the path or the query is not what the route takes: the body was not looked at."""

    message = "{part}: expected {expected}"
    part: str
    expected: str


class UnsupportedMediaType(HitlError):
    """The body is of a type or an encoding that the route does not read."""

    message = "expected a body of {expected}"
    expected: str


class MethodNotAllowed(HitlError):
    """The route exists, but not with this method; ``allowed`` lists those it has."""

    message = "expected one of the methods {allowed}"
    allowed: str


class RequestTimeout(HitlError):
    """The body did not come in time."""

    message = "the body was not complete after {limit_s:g} seconds"
    limit_s: float


class NotFound(HitlError):
    """No such thing, or none that this caller may know of."""

    message = "no {kind} {name!r}"
    kind: str
    name: str


class TooManyRows(HitlError):
    """One request holds more cases than it may."""

    message = "expected at most {limit} cases"
    limit: int


class IdempotencyConflict(HitlError):
    """The same idempotency key came with another body."""

    message = "idempotency key {key!r} was used before with another body"
    key: str
