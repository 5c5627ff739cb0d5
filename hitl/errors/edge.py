"""Errors of the command line."""

from hitl.errors.base import HitlError
from hitl.errors.unavailable import Unavailable


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
