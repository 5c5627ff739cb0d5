"""A running service with some of the example tasks, their declarers' keys and their cards."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.running import ROOT, Running, running, vote

EXAMPLES = ROOT / "examples"


def write_example_tasks(folder: Path, *tasks: str) -> Path:
    """The files of the examples, without a vault: what it holds is no example of ``GET /v1/examples`` for its term, and which
    cases those are differs in every run."""
    folder.mkdir(parents=True)
    for task in tasks:
        terms = yaml.safe_load((EXAMPLES / "tasks" / f"{task}.yaml").read_text(encoding="utf-8"))
        (folder / f"{task}.yaml").write_text(yaml.safe_dump({**terms, "vault": {"share": 0.0}}), encoding="utf-8")
    return folder


@contextmanager
def running_examples(folder: Path, *tasks: str) -> Iterator[Running]:
    """A service with these tasks alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HITL_TASKS_DIR", str(write_example_tasks(folder / "tasks", *tasks)))
        with running(folder / "data") as service:
            yield service


def serve_card(service: Running, card: str, task: str) -> str:
    """Bring a card and let two people vote for it; returns its digest."""
    file = str(EXAMPLES / "cards" / f"{card}.yaml")
    told = json.loads(service.command("model", "card", file, "--task", task, "--json").stdout)
    vote(service, told["approval_id"], told["digest"], "kim", "lee")
    return str(told["digest"])
