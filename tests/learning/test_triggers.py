"""Retrainings start for a reason, once for its key, and carry on where somebody died."""

from pathlib import Path
from typing import Any

import pytest

from hitl.adapters.ray.training_jobs import JobReport, JobState, RetrainingJob
from hitl.learning.journalled import LearningMachine
from hitl.learning.journalled.commands import NoteJob, TriggerRetraining
from hitl.learning.journalled.state import JobStatus
from hitl.learning.journalled.views import RetrainingView
from hitl.learning.triggers import TriggerFacts, due
from hitl.machine.shards import LEARNING
from hitl.serving.events import Versions
from hitl.serving.show import show_served
from hitl.serving.state import ServingRecord
from hitl.tasks import load_tasks
from hitl.tasks.learning_terms import RetrainTerms
from serve_app.reconcilers.triggers import Triggers, since
from tests.fakes.shell import Shell
from tests.review_app.in_process import InProcessShards

HOUR = 3600.0
NOW = 1_000 * HOUR
SEEN = TriggerFacts(labels=0, champion="d" * 64, champion_since=NOW - 5 * HOUR, generation=3, alarms={})


def seen(**changes: Any) -> TriggerFacts:
    return TriggerFacts(**{name: getattr(SEEN, name) for name in TriggerFacts.__slots__} | changes)


def before(key: str, status: str, manifest: dict[str, Any]) -> RetrainingView:
    return RetrainingView(key, "digits", "why", manifest, NOW - HOUR, None, None, None, JobStatus(status))


@pytest.mark.covers("003-29")
@pytest.mark.parametrize(("labels", "fires"), [(0, False), (10, False), (11, True)])
def test_more_than_ten_new_labels_retrain(labels: int, fires: bool) -> None:
    found = due("digits", RetrainTerms(), seen(labels=labels), [], NOW)
    assert (found is not None) is fires


@pytest.mark.parametrize(
    ("terms", "changes", "key"),
    [
        (RetrainTerms(new_labels=None, max_age_hours=4), {}, f"digits/age/{'d' * 16}/1"),
        (RetrainTerms(new_labels=None, every_hours=2), {}, "digits/schedule/2/500"),
        (RetrainTerms(), {"alarms": {"vip": "too many errors"}}, "digits/drift/3/vip"),
        (RetrainTerms(), {"labels": 40}, "digits/labels/0"),
    ],
)
def test_each_reason_has_its_key_and_is_not_good_twice(terms: RetrainTerms, changes: dict[str, Any], key: str) -> None:
    first = due("digits", terms, seen(**changes), [], NOW)
    assert first is not None
    assert (first.key, first.manifest["reason"]) == (key, first.reason)
    done = [before(key, "succeeded", first.manifest)]
    assert due("digits", terms, seen(**changes), done, NOW) is None


def test_labels_are_counted_from_the_retraining_before() -> None:
    past = [before("digits/labels/0", "failed", {"labels": 40})]
    assert due("digits", RetrainTerms(), seen(labels=50), past, NOW) is None
    after = due("digits", RetrainTerms(), seen(labels=51), past, NOW)
    assert after is not None
    assert (after.key, after.reason) == ("digits/labels/40", "11 new labels, more than 10")


def test_one_retraining_of_a_task_at_a_time() -> None:
    past = [before("digits/hand/x", "submitted", {})]
    assert due("digits", RetrainTerms(), seen(labels=500), past, NOW) is None


def test_without_a_champion_neither_age_nor_schedule_retrains() -> None:
    terms = RetrainTerms(new_labels=None, max_age_hours=1, every_hours=1)
    assert due("digits", terms, seen(champion=None), [], NOW) is None


def test_a_key_that_comes_again_changes_nothing() -> None:
    shell = Shell(LearningMachine())
    command = TriggerRetraining("digits", "digits/labels/0", "why", {"labels": 11})
    assert shell.send(command).is_new is True
    assert shell.send(TriggerRetraining("digits", "digits/labels/0", "another", {})).is_new is False
    assert len(shell.entries) == 1
    assert shell.replayed() == shell.plain()


@pytest.mark.parametrize(("steps", "ends"), [(["succeeded"], "triggered"), (["submitted", "failed", "succeeded"], "failed")])
def test_a_job_moves_forward_only(steps: list[str], ends: str) -> None:
    shell = Shell(LearningMachine())
    shell.send(TriggerRetraining("digits", "k", "why", {}))
    for step in steps:
        shell.send(NoteJob("k", "job", step))
    assert shell.plain()["retrainings"]["k"]["status"] == ends


class FakeJobs:
    def __init__(self) -> None:
        self.started: list[str] = []
        self.now = JobReport(JobState.RUNNING)

    def submit(self, job_id: str, entrypoint: str) -> None:
        if job_id not in self.started:
            self.started.append(job_id)

    def report(self, job_id: str) -> JobReport | None:
        return self.now if job_id in self.started else None


@pytest.mark.covers("003-68")
async def test_the_keeper_starts_one_job_and_notes_its_end(tmp_path: Path) -> None:
    tasks = load_tasks([Path("configs/tasks/digits.yaml")])
    tasks["digits"] = tasks["digits"].model_copy(update={"retrain": RetrainTerms(new_labels=None)})
    shards, jobs = InProcessShards(tasks, 1), FakeJobs()
    await shards.start()
    job = RetrainingJob("http://x", tmp_path / "trainer.key", "http://m", "a", "d", "b")
    triggers = Triggers(shards, tasks, 1, jobs, job)
    await triggers._submit(TriggerRetraining("digits", "digits/hand/1", "asked", {}), "c1")
    await triggers.once()
    assert jobs.started == [], "it waits for the trainer's key"
    job.key_file.write_text("key")
    await triggers.once()
    await triggers.once()
    jobs.now = JobReport(JobState.SUCCEEDED, '{"approval_id": "digits-1"}')
    await triggers.once()
    (one,) = (await shards.plain(LEARNING))["state"]["retrainings"].values()
    assert (len(jobs.started), one["status"], one["detail"]) == (1, "succeeded", '{"approval_id": "digits-1"}')
    await shards.stop()


def test_a_champion_serves_since_it_took_the_largest_share() -> None:
    steps: list[Versions] = [[("a", 1.0)], [("a", 0.75), ("b", 0.25)], [("b", 1.0)], [("b", 1.0)]]
    history = [show_served("digits", ServingRecord(at, each, float(at), None, "Deployed")) for at, each in enumerate(steps, 1)]
    assert (since(history, "b"), since(history[:2], "a"), since([], None)) == (3.0, 1.0, 0.0)
