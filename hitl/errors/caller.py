"""Errors about the caller: unknown, or without the right."""

from hitl.errors.base import HitlError


class Unauthenticated(HitlError):
    """No valid key came with the request."""

    message = "{why}"
    why: str


class Forbidden(HitlError):
    """The caller is known and may not do this."""

    message = "{principal} may not {action}"
    principal: str
    action: str


class SignInNeeded(Forbidden):
    """A vote from outside the service, by a link or from chat, on what is voted on by people who are signed in."""

    message = "{principal} may not {action}: sign in for it"


class CrossSite(HitlError):
    """A change by cookie that another site may have made the browser send."""

    message = "a change by cookie needs an Origin of this service, or the header X-Hitl-Request: 1"


class TooManyRequests(HitlError):
    """The caller asks more often than their role allows."""

    message = "more than {limit}: ask again in {retry_after_s} s"
    principal: str
    limit: str
    retry_after_s: int
