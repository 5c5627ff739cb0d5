"""``hitl retrain``: submit a retraining as a Ray job with its own key, follow its log and read its result."""

import json
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hitl.cli.commands import accounts
from hitl.cli.local.place import PRIVATE, write_private
from hitl.cli.local.up_file import UpState
from hitl.client import Client
from hitl.errors import InvalidInput, JobFailed
from hitl.identity import Role
from hitl.settings import Settings

if TYPE_CHECKING:
    from training.pipeline import Summary  # at run time it would bring Ray and the trainers along

POLL_S = 0.5
ACCOUNT = "retrain-job"


def retrain(state: UpState, task: str, trials: int | None, say: Callable[[str], None]) -> "Summary":
    """Retrain and return the job's result: approval, digest, accuracies. Blocks until the job ends; ``say`` gets its lines.

    Raises InvalidInput with the names of the tasks for another one, JobFailed with the end of its log, TrainingRuns while another
    job trains the task."""
    with job_key(state, ACCOUNT) as key, Client(state.url, key) as service:
        check_task(task, service)
    os.environ.update(state.environment)
    from ray.job_submission import JobSubmissionClient  # reads the token settings when it is imported

    client = JobSubmissionClient(state.dashboard_url)
    with _key_file(state) as key_file:
        job = _submitted(client, task, _entrypoint(state, task, trials, key_file))
        return _result(job, _follow(client, job, say))


def check_task(task: str, service: Client) -> None:
    """Raises InvalidInput for a task that the service does not have: before a job is submitted, which takes seconds."""
    names = sorted(each["task"] for each in service.tasks()["tasks"])
    if task not in names:
        raise InvalidInput("/task", f"one of {', '.join(names)}")


def _submitted(client: Any, task: str, entrypoint: str) -> str:
    """Return the id of the job. It counts the task's jobs, so that of two that are submitted at once Ray takes one."""
    from hitl.adapters.ray.training_jobs import check_none_trains

    job = f"retrain-{task}-{check_none_trains(client.list_jobs(), task) + 1}"
    try:
        return str(client.submit_job(entrypoint=entrypoint, submission_id=job))
    except RuntimeError:
        check_none_trains(client.list_jobs(), task)
        raise


def _entrypoint(state: UpState, task: str, trials: int | None, key_file: Path) -> str:
    argv = [sys.executable, "-m", "training.pipeline", "--task", task, "--api", state.url, "--key-file", str(key_file)]
    argv += ["--tracking-uri", state.mlflow_url, "--artifact-uri", state.artifact_uri]
    settings = Settings()
    argv += ["--datasets-dir", str(settings.datasets_dir.absolute())]
    argv += ["--blob-uri", settings.blob_uri or str((settings.data_dir / "blobs").absolute())]
    argv += [] if trials is None else ["--trials", str(trials)]
    argv += ["--traceparent", os.environ["TRACEPARENT"]] if os.environ.get("TRACEPARENT") else []
    return shlex.join(argv)


@contextmanager
def _key_file(state: UpState) -> Iterator[Path]:
    """A trainer's key in a private file, for as long as the job runs: neither its arguments nor its environment show it."""
    folder = Path(state.environment["RAY_AUTH_TOKEN_PATH"]).parent / "jobs"
    folder.mkdir(exist_ok=True, mode=PRIVATE)
    file = folder / f"{time.time_ns()}.key"
    with job_key(state, ACCOUNT) as text:
        write_private(file, text)
        try:
            yield file
        finally:
            file.unlink()


@contextmanager
def job_key(state: UpState, account: str) -> Iterator[str]:
    """A trainer's key of ``account`` for as long as the block lasts."""
    text = accounts.issue_all(state.redis_url, {account: [Role.TRAINER]})[account]
    try:
        yield text
    finally:
        accounts.revoke(state.redis_url, text.split("_")[1])


def _follow(client: Any, job: str, say: Callable[[str], None]) -> list[str]:
    """Return the job's lines, each told as it comes, once the job has ended. Raises JobFailed."""
    told = 0
    while True:
        status = client.get_job_status(job)
        lines: list[str] = client.get_job_logs(job).splitlines()
        done = status.is_terminal()
        for line in lines[told : None if done else -1]:
            say(line)
            told += 1
        if done:
            break
        time.sleep(POLL_S)
    if str(status) != "SUCCEEDED":
        raise JobFailed(job, str(status), "\n".join(lines[-20:]))
    return lines


def _result(job: str, lines: list[str]) -> "Summary":
    last = next((line for line in reversed(lines) if line.strip()), "")
    try:
        result: Summary = json.loads(last)
    except ValueError as error:
        raise JobFailed(job, "ended without a result", last) from error
    return result
