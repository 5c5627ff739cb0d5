"""Errors of the client and the command line."""

from hitl.errors.base import HitlError
from hitl.errors.unavailable import Unavailable


class ApiError(HitlError):
    """The service refused a call. ``problem`` is its problem document."""

    def __init__(self, status: int, problem: dict[str, object]) -> None:
        super().__init__(status, problem)
        self.status, self.problem = status, problem

    @property
    def slug(self) -> str:
        """The stable end of the problem's type, e.g. ``stale-lease``."""
        return str(self.problem.get("type", "")).rsplit(":", 1)[-1]

    def __str__(self) -> str:
        return f"HTTP {self.status} {self.problem.get('title', '')}: {self.problem.get('detail', '')}"


class ServiceUnreachable(HitlError):
    """A call was repeated until patience ran out; whether it had an effect is settled by repeating it with its key."""

    def __init__(self, path: str, attempts: int, why: str) -> None:
        super().__init__(path, attempts, why)
        self.path, self.attempts, self.why = path, attempts, why

    def __str__(self) -> str:
        return f"no answer to {self.path} in {self.attempts} attempts: {self.why}"


class NotStarted(HitlError):
    """A part of the local service did not come up, or is not there."""

    def __init__(self, part: str, why: str) -> None:
        super().__init__(part, why)
        self.part, self.why = part, why

    def __str__(self) -> str:
        return f"{self.part} is not running: {self.why}"


class JobFailed(HitlError):
    """A Ray job ended without its result. ``tail`` is the end of its log."""

    def __init__(self, job: str, status: str, tail: str) -> None:
        super().__init__(job, status, tail)
        self.job, self.status, self.tail = job, status, tail

    def __str__(self) -> str:
        return f"job {self.job} {self.status}:\n{self.tail}"


class TrainingRuns(Unavailable):
    """A retraining of the task is under way; what this one would make is made there."""

    def __init__(self, task: str, job: str) -> None:
        super().__init__(task, job)
        self.task, self.job = task, job

    def __str__(self) -> str:
        return f"a retraining of {self.task} runs already: job {self.job}"


class NotServing(HitlError):
    """The expected version does not serve: nobody approved it, its bytes failed, or something else serves."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what, why)
        self.what, self.why = what, why

    def __str__(self) -> str:
        return f"{self.what} does not serve: {self.why}"
