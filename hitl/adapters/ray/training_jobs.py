"""Submit Ray jobs under ids of our own, so that a repeated submission starts one job, and follow them."""

import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import ray
from ray.job_submission import JobSubmissionClient

from hitl.errors import StoreUnavailable, TrainingRuns
from hitl.trace_context import TraceContext

LAST_LINES = 20
PIPELINE = "training.pipeline"


class JobState(StrEnum):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobReport:
    """``detail`` is the last line of a job that succeeded, or the end of what one that failed said."""

    state: JobState
    detail: str = ""


class RayTrainingJobs(Protocol):
    """Both block, and raise StoreUnavailable while the cluster does not answer."""

    def submit(self, job_id: str, entrypoint: str) -> None:
        """Start ``entrypoint`` (a shell line) as ``job_id``; does nothing when that job was started before. Raises
        TrainingRuns while another job trains the same task."""

    def report(self, job_id: str) -> JobReport | None:
        """Return the job's status; None when nobody started it."""


class RayJobs:
    """Jobs of the Ray cluster that this process belongs to."""

    def __init__(self, address: str | None = None) -> None:
        self._address = address
        self._made: Any = None

    def submit(self, job_id: str, entrypoint: str) -> None:
        if self.report(job_id) is not None:
            return
        try:
            if task := _task_of(entrypoint):
                check_none_trains(self._client().list_jobs(), task)
            self._client().submit_job(entrypoint=entrypoint, submission_id=job_id)
        except RuntimeError as error:
            if self.report(job_id) is None:  # else somebody else was faster
                raise StoreUnavailable(f"job {job_id} was not taken: {error}") from error

    def report(self, job_id: str) -> JobReport | None:
        try:
            known = {job.submission_id: job for job in self._client().list_jobs()}
            if job_id not in known:
                return None
            if not known[job_id].status.is_terminal():
                return JobReport(JobState.RUNNING)
            lines = str(self._client().get_job_logs(job_id)).strip().splitlines()
        except (RuntimeError, ConnectionError) as error:
            raise StoreUnavailable(f"Ray's jobs: {error}") from error
        if str(known[job_id].status) == "SUCCEEDED":
            return JobReport(JobState.SUCCEEDED, lines[-1] if lines else "")
        return JobReport(JobState.FAILED, "\n".join(lines[-LAST_LINES:]))

    def _client(self) -> Any:
        if self._made is None:
            self._made = JobSubmissionClient(self._address or ray.get_runtime_context().gcs_address)
        return self._made


def check_none_trains(jobs: Iterable[Any], task: str) -> int:
    """Count the ``jobs`` (Ray's JobDetails) that trained ``task``. Raises TrainingRuns while one of them still runs."""
    trained = [job for job in jobs if f"{PIPELINE} --task {shlex.quote(task)} " in (job.entrypoint or "")]
    for job in trained:
        if not job.status.is_terminal():
            raise TrainingRuns(task, str(job.submission_id))
    return len(trained)


def _task_of(entrypoint: str) -> str | None:
    """Return the task that this shell line of ours trains; None for anything else."""
    words = shlex.split(entrypoint)
    return words[words.index("--task") + 1] if PIPELINE in words else None


@dataclass(frozen=True, slots=True)
class RetrainingJob:
    """Parameters of every retraining of this installation; ``key_file`` holds a trainer's key and is readable on the node that
    runs jobs."""

    api_url: str
    key_file: Path
    tracking_uri: str
    artifact_uri: str
    datasets_dir: str
    blob_uri: str

    def entrypoint(self, task: str, trigger: str, trace: TraceContext | None = None) -> str:
        """Return the shell line that retrains ``task`` because of the trigger with this key, in ``trace``."""
        argv = [sys.executable, "-m", PIPELINE, "--task", task, "--api", self.api_url, "--trigger", trigger]
        argv += ["--key-file", str(self.key_file), "--tracking-uri", self.tracking_uri, "--artifact-uri", self.artifact_uri]
        argv += ["--blob-uri", self.blob_uri]
        argv += ["--traceparent", trace.traceparent] if trace else []
        return shlex.join([*argv, "--datasets-dir", self.datasets_dir])
