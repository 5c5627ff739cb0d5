"""What is streamed of each example task, and in what the task differs from the shipped one for that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from hitl.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """At most ``rows`` of the task's unseen rows as traffic, then ``held_out`` more that nobody answers; ``changes`` are keys of
    the task file that are replaced, one level deep."""

    rows: int
    held_out: int
    changes: Mapping[str, Any] = field(default_factory=dict)


BY_HAND = {"retrain": None}
"""No retraining in the middle: one model from the first case to the last."""

ALL_BLIND = {"sampling": {"cold": 1.0}}
"""Until there is a certificate people decide everything anyway; here all of that is evidence."""

PLANS: dict[str, Plan] = {
    "sms_spam": Plan(3774, 1500, BY_HAND),
    "tweets": Plan(1500, 500, ALL_BLIND | {"review": {"overlap": 2}}),
    "ktas_triage": Plan(700, 267),
    "german_credit": Plan(500, 200),
    "digits": Plan(1000, 197, ALL_BLIND | {"risk": {"level": 0.05, "confidence": 0.9}, "review": {"check_overlap": 2}}),
}
"""One vote of each tweet is held out, so that two settle it instead of three; digits get a risk level, which the shipped task
does without."""


def write_tasks(plans: Mapping[str, Plan], folder: Path) -> None:
    """The task files of these plans, and no others, in ``folder``. Nobody undoes anything in a measurement: outcomes are final at
    once."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.yaml"):
        old.unlink()
    for name, plan in plans.items():
        shipped = yaml.safe_load((Settings().tasks_dir / f"{name}.yaml").read_text(encoding="utf-8"))
        body = _changed(_changed(shipped, plan.changes), {"review": {"undo_s": 0.0}})
        text = yaml.safe_dump(body, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def available(names: Sequence[str], folder: Path) -> list[str]:
    """Those tasks whose rows are here."""
    return [name for name in names if _is_here(name, folder)]


def _is_here(name: str, folder: Path) -> bool:
    source = yaml.safe_load((Settings().tasks_dir / f"{name}.yaml").read_text(encoding="utf-8"))["data"]["source"]
    return bool(source.startswith("sklearn.") or (folder / source).is_file())


def _changed(shipped: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    body = dict(shipped)
    for key, value in changes.items():
        if value is None:
            body.pop(key, None)
        elif isinstance(value, dict) and isinstance(body.get(key), dict):
            body[key] = {**body[key], **value}
        else:
            body[key] = value
    return body
