"""The running product for tests: started by its own command, with an account for each part in a test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hitl.adapters.files.artifacts import ArtifactStore
from hitl.adapters.files.data_sources import SplitData, features_of, split
from hitl.canonical import digest_of, fingerprint
from hitl.cli.commands import accounts
from hitl.cli.local.place import DataLayout, place_of
from hitl.cli.local.up_file import UpState, read_up
from hitl.client import AsyncClient, Client
from hitl.identity import Role
from hitl.inference import SklearnModel, pack
from hitl.tasks import TaskSpec, load_tasks
from tests.without_undo import write_without_undo

ROOT = Path(__file__).parents[1]
UP_WITHIN_S = 400.0
APPEARS_WITHIN_S = 180.0
"""How long what never happens is waited for."""
LOOKS = 20
"""Gateways take turns at random, and each takes up what changed at its own moment: so many equal answers are of all of them."""

ACCOUNTS: dict[str, tuple[Role, ...]] = {
    "client": (Role.CLIENT,),
    "stranger": (Role.CLIENT,),
    "ada": (Role.REVIEWER,),
    "ben": (Role.REVIEWER,),
    "eve": (Role.REVIEWER, Role.EXPERT),
    "kim": (Role.APPROVER,),
    "lee": (Role.APPROVER,),
    "author": (Role.TRAINER, Role.APPROVER),
    "trainer": (Role.TRAINER,),
    "operator": (Role.OPERATOR,),
}


@dataclass(frozen=True)
class Running:
    """A service on ``place`` and the keys of ACCOUNTS."""

    place: DataLayout
    keys: dict[str, str]

    @property
    def state(self) -> UpState:
        state = read_up(self.place)
        assert state is not None
        return state

    @property
    def url(self) -> str:
        return self.state.url

    def as_(self, account: str) -> Client:
        return Client(self.url, self.keys[account])

    def as_async(self, account: str) -> AsyncClient:
        return AsyncClient(self.url, self.keys[account])

    def digest(self) -> str:
        """A fingerprint of everything compared in every shard: equal when nothing has changed."""
        with self.as_("operator") as operator:
            shards = [row["shard"] for row in operator.journal()["shards"]]
            return fingerprint({shard: operator.journal_state(shard) for shard in shards})

    def processes(self, title: str) -> list[int]:
        """The pids of this service's Ray workers whose title begins with ``title``."""
        session = self.state.parts["ray"]["pid"]
        return [pid for pid in _pids() if _session(pid) == session and _title(pid).startswith(title)]

    def environment(self) -> dict[str, str]:
        """That of this process on this data directory, and ``tasks`` where it names no other task files."""
        tasks = {"HITL_TASKS_DIR": str(self.tasks)} if self.tasks.is_dir() else {}
        return {**tasks, **os.environ, "HITL_DATA_DIR": str(self.place.data_dir), "HITL_HTTP_PORT": "0"}

    @property
    def tasks(self) -> Path:
        """The shipped tasks without their undo window."""
        return self.place.data_dir.absolute().with_name(f"{self.place.data_dir.name}-tasks")

    def command(self, *argv: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """``hitl`` with ``argv`` on this data directory."""
        whole = [sys.executable, "-m", "hitl.cli", *argv]
        ran = subprocess.run(whole, cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=500)
        assert ran.returncode == 0 or not check, (argv, ran.stdout[-2_000:], ran.stderr[-4_000:])
        return ran


Kind = TypeVar("Kind", bound=Running)


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """A service on ``folder``, stopped at the end."""
    with started(Running(place_of(folder), {})) as found:
        yield found


@contextmanager
def started(found: Kind) -> Iterator[Kind]:
    """``found`` with the shipped tasks, without undo, and an account of each role; stopped at the end."""
    write_without_undo(ROOT / "configs" / "tasks", found.tasks)
    try:
        found.command("up", "--detach")
        found.keys.update(accounts.issue_all(found.state.redis_url, ACCOUNTS))
        yield found
    finally:
        found.command("down")


def task_spec(name: str) -> TaskSpec:
    return load_tasks((ROOT / "configs" / "tasks").glob("*.yaml"))[name]


def rows(name: str) -> SplitData:
    return split(task_spec(name))


def images(count: int, start: int = 0) -> list[tuple[Any, str]]:
    """Digits that no model has seen, as features and truth."""
    spec, rest = task_spec("digits"), rows("digits").rest
    return [(features_of(spec, rest.rows[i]), rest.labels[i]) for i in range(start, start + count)]


def candidate(found: Running, strength: float = 1.0) -> str:
    """A small model for digits in the artifact store; another ``strength`` gives other bytes. Returns its digest."""
    data = candidate_bytes(strength)
    assert ArtifactStore(found.state.artifact_uri).put(data) == digest_of(data)
    return digest_of(data)


def candidate_bytes(strength: float) -> bytes:
    """The artifact of ``candidate``."""
    spec, learn = task_spec("digits"), rows("digits").initial
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=200))
    pipeline.fit(np.asarray(learn.rows), np.asarray([spec.labels.index(label) for label in learn.labels]))
    return pack(SklearnModel(tuple(spec.labels), "sklearn.linear_model.LogisticRegression", pipeline))


def request(found: Running, digest: str, account: str = "trainer") -> str:
    """An open approval for ``digest``."""
    with found.as_(account) as asker:
        return str(asker.request_approval("digits", digest, "a test's model", {})["approval_id"])


def vote(found: Running, approval_id: str, digest: str, *voters: str, how: str = "approve") -> None:
    for voter in voters:
        with found.as_(voter) as approver:
            approver.vote(approval_id, how, digest)


def deploy(found: Running, digest: str) -> None:
    """Approve ``digest`` by two people and wait until every gateway serves it."""
    vote(found, request(found, digest), digest, "kim", "lee")
    until(lambda: everywhere(lambda: serving(found) == [digest]))


def serving(found: Running) -> list[str]:
    """What the gateway serves digits with."""
    with found.as_("client") as client:
        return [version["digest"] for version in client.task("digits")["serving"]["versions"]]


def everywhere(holds: Callable[[], bool]) -> bool:
    """Whether every gateway answers so."""
    return all(holds() for _ in range(LOOKS))


def open_review(found: Running, case_id: str) -> str:
    """The review of the case, once there is one, and so of every case before it: a shard follows the gateways by itself."""
    with found.as_("operator") as operator:
        until(lambda: operator.decision(case_id)["review_id"] is not None)
        return str(operator.decision(case_id)["review_id"])


def claim(person: Client, queue: str) -> dict[str, Any]:
    """The next review of ``queue``, once there is one."""
    found: list[dict[str, Any]] = []

    def is_given() -> bool:
        found.extend(dict(each) for each in person.claim(queue).get("reviews", []))
        return bool(found)

    until(is_given)
    return found[0]


def until(holds: Callable[[], bool], within_s: float = APPEARS_WITHIN_S) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return -1


def _title(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
