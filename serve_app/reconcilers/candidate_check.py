"""Check in a disposable process that a candidate's bytes load and answer."""

import asyncio
from typing import Any

import ray

from hitl.adapters.checkers.admitting import admit
from hitl.adapters.files.artifacts import ArtifactStore
from hitl.errors import ArtifactRejected, HitlError, StoreUnavailable
from hitl.tasks import TaskSpec

MAX_CRASHES = 3
"""A process that dies may have been unlucky; three in a row were killed by the bytes."""

CPUS = 0.05


class CandidateCheck:
    """Callable: loads the artifact of a digest for a task and lets it answer one row. Raises ArtifactRejected, or
    StoreUnavailable while that cannot be told."""

    def __init__(self, artifact_uri: str) -> None:
        self._artifact_uri = artifact_uri
        self._task = ray.remote(num_cpus=CPUS, max_calls=1, max_retries=0)(check)

    async def __call__(self, spec: TaskSpec, digest: str) -> None:
        for _ in range(MAX_CRASHES):
            try:
                await self._task.remote(self._artifact_uri, digest, tuple(spec.labels), spec.width)
            except ray.exceptions.WorkerCrashedError:
                continue
            except ray.exceptions.RayTaskError as error:
                raise _cause(error) from error
            except ray.exceptions.RayError as error:
                raise StoreUnavailable(f"candidate check: {error}") from error
            return
        raise ArtifactRejected(digest, f"the process that loaded it died {MAX_CRASHES} times")


def check(artifact_uri: str, digest: str, labels: tuple[str, ...], width: int) -> None:
    """Raises ArtifactRejected or StoreUnavailable. Blocks. What somebody else wrote down is tried in a process of its own, which
    can be killed: one large product of matrices would hold this one for ever."""
    from hitl.inference import load  # only here: the keeper itself shall not carry torch and scikit-learn
    from hitl.inference.families import is_foreign

    data = ArtifactStore(artifact_uri).get(digest)
    if is_foreign(data):
        asyncio.run(admit(data, labels, width))
    else:
        load(data, labels, width)


def _cause(error: Any) -> HitlError:
    cause = error.cause
    return cause if isinstance(cause, HitlError) else StoreUnavailable(f"candidate check: {cause!r}")
