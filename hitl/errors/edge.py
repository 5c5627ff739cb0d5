"""Errors of the client and the command line."""

from hitl.errors.base import HitlError
from hitl.errors.unavailable import Unavailable


class ApiError(HitlError):
    """The service refused a call. ``problem`` is its problem document."""

    status: int
    problem: dict[str, object]

    @property
    def slug(self) -> str:
        """The stable end of the problem's type, e.g. ``stale-lease``."""
        return str(self.problem.get("type", "")).rsplit(":", 1)[-1]

    def __str__(self) -> str:
        return f"HTTP {self.status} {self.problem.get('title', '')}: {self.problem.get('detail', '')}"


class ServiceUnreachable(HitlError):
    """A call was repeated until patience ran out; whether it had an effect is settled by repeating it with its key."""

    message = "no answer to {path} in {attempts} attempts: {why}"
    path: str
    attempts: int
    why: str


class NotStarted(HitlError):
    """A part of the local service did not come up, or is not there."""

    message = "{part} is not running: {why}"
    part: str
    why: str


class JobFailed(HitlError):
    """A Ray job ended without its result. ``tail`` is the end of its log."""

    message = "job {job} {status}:\n{tail}"
    job: str
    status: str
    tail: str


class TrainingRuns(Unavailable):
    """A retraining of the task is under way; what this one would make is made there."""

    message = "a retraining of {task} runs already: job {job}"
    task: str
    job: str


class NotServing(HitlError):
    """The expected version does not serve: nobody approved it, its bytes failed, or something else serves."""

    message = "{what} does not serve: {why}"
    what: str
    why: str
