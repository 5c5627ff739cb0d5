"""A task is trained by one job at a time, whoever starts it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ray.job_submission import JobStatus

from hitl.adapters.ray.training_jobs import RetrainingJob
from hitl.cli.commands.retrain import _submitted
from hitl.errors import TrainingRuns

LINE = RetrainingJob("http://127.0.0.1:1", Path("key"), "", "artifacts", "datasets", "blobs").entrypoint("digits", "labels/10")


@dataclass
class Job:
    """What Ray tells of a job."""

    entrypoint: str | None
    status: JobStatus
    submission_id: str | None = "first"


class Cluster:
    """Ray's jobs: an id is taken once. ``faster`` are those that somebody else starts between our look and our submission."""

    def __init__(self, *jobs: Job, faster: tuple[Job, ...] = ()) -> None:
        self.jobs, self._faster = list(jobs), faster

    def list_jobs(self) -> list[Job]:
        return list(self.jobs)

    def submit_job(self, entrypoint: str, submission_id: str) -> str:
        self.jobs += self._faster
        if any(job.submission_id == submission_id for job in self.jobs):
            raise RuntimeError(f"job {submission_id} exists")
        return submission_id


def submitted(cluster: Any) -> str:
    return _submitted(cluster, "digits", LINE)


def test_a_second_training_of_a_task_is_told_of_the_first() -> None:
    with pytest.raises(TrainingRuns, match="first"):
        submitted(Cluster(Job(LINE, JobStatus.RUNNING)))


def test_of_two_at_once_one_is_taken() -> None:
    faster = Job(LINE, JobStatus.PENDING, "retrain-digits-1")
    with pytest.raises(TrainingRuns, match="retrain-digits-1"):
        submitted(Cluster(faster=(faster,)))


@pytest.mark.parametrize("other", [None, "python -c 'print(", LINE.replace("digits", "loans")])
def test_other_work_is_no_obstacle(other: str | None) -> None:
    assert submitted(Cluster(Job(other, JobStatus.RUNNING, None))) == "retrain-digits-1"


def test_what_ended_is_no_obstacle_and_its_id_is_not_used_again() -> None:
    assert submitted(Cluster(Job(LINE, JobStatus.FAILED, "retrain-digits-1"))) == "retrain-digits-2"
