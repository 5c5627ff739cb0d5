"""A service of its own for a measurement, with accounts for everybody in it."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hitl.cli.commands import accounts
from hitl.cli.local import control
from hitl.cli.local.place import place_of
from hitl.identity import Role
from tests.measure.over_http.plans import Plan, write_tasks

REVIEWERS, EXPERTS = 8, 3
"""Of each task: a reviewer's account may send 20 requests a second."""


@dataclass(frozen=True, slots=True)
class Service:
    """Where it answers, where its models lie, and the keys by account."""

    url: str
    artifact_uri: str
    keys: Mapping[str, str]


@contextmanager
def own_service(plans: Mapping[str, Plan], folder: Path) -> Iterator[Service]:
    """A fresh service with the tasks of ``plans``, under ``folder``, stopped at the end whatever happens."""
    write_tasks(plans, folder / "tasks")
    place = place_of(folder / "data")
    set_here = {"HITL_DATA_DIR": str(place.data_dir), "HITL_HTTP_PORT": "0", "HITL_TASKS_DIR": str((folder / "tasks").resolve())}
    before = {name: os.environ.get(name) for name in set_here}
    os.environ |= set_here
    try:
        control.stop(place)
        shutil.rmtree(place.data_dir, ignore_errors=True)
        state, _ = control.start(place)
        yield Service(state.url, state.artifact_uri, accounts.issue_all(state.redis_url, people(plans)))
    finally:
        control.stop(place)
        _restore(before)


def people(plans: Mapping[str, Plan]) -> dict[str, tuple[Role, ...]]:
    """Accounts: reviewers and experts of each task, and those who run the measurement."""
    found: dict[str, tuple[Role, ...]] = {
        "client": (Role.CLIENT,),
        "trainer": (Role.TRAINER,),
        "approver-1": (Role.APPROVER,),
        "approver-2": (Role.APPROVER,),
    }
    for task in plans:
        found |= {f"{task}-reviewer-{n}": (Role.REVIEWER,) for n in range(REVIEWERS)}
        found |= {f"{task}-expert-{n}": (Role.REVIEWER, Role.EXPERT) for n in range(EXPERTS)}
    return found


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
