"""The cause of a failed retraining in one line: the last that the job says."""

from collections.abc import Iterator

import numpy as np
from ray.exceptions import RayError
from ray.train import WorkerGroupError

from hitl.errors import HitlError
from hitl.inference.sample import TrainingSample

MAX_CAUSE = 500


class UntrainableSample(HitlError):
    """The rows to learn from teach no model anything."""

    message = "{rows} rows to learn from, and all of them are {label!r}: a model needs at least two labels"
    label: str
    rows: int


class TuningFailed(HitlError):
    """No trial of the search ended well; ``why`` is what the first said."""

    message = "none of the {trials} trials of {family} worked: {why}"
    family: str
    trials: int
    why: str


def require_labels(sample: TrainingSample) -> None:
    """Raises UntrainableSample for rows of one label alone."""
    present = np.unique(sample.targets)
    if len(present) == 1:
        raise UntrainableSample(sample.labels[int(present[0])], len(sample.rows))


def cause_of(error: BaseException) -> str:
    """Return the innermost failure with its class, in one line: Ray wraps what its workers raise, with their whole tracebacks."""
    inner = list(_chain(error))[-1]
    if isinstance(inner, RayError):
        return _last_line(str(inner))[:MAX_CAUSE]
    return f"{type(inner).__name__}: {' '.join(str(inner).split())}"[:MAX_CAUSE]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """``error`` and what Ray wrapped in it, from the outside in."""
    yield error
    inner = _wrapped_in(error)
    if isinstance(inner, BaseException) and inner is not error:
        yield from _chain(inner)


def _wrapped_in(error: BaseException) -> object:
    """A task's error has its cause, a group's the errors of its workers by rank, and one of those what the loop raised."""
    if isinstance(error, WorkerGroupError):
        found = [failure for _, failure in sorted(error.worker_failures.items())]
        return next((each for each in found if not _is_echo(each)), found[0] if found else None)
    return getattr(error, "cause", None) or getattr(error, "_base_exc", None)


def _is_echo(failure: Exception) -> bool:
    """Tell whether a worker only says that another one went away."""
    return "closed by peer" in str(failure)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
