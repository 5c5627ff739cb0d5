"""The shipped tasks without their undo window, for tests that are not about undoing and must not wait for it."""

from pathlib import Path

import yaml

from hitl.tasks import TaskSpec


def without_undo(tasks: dict[str, TaskSpec]) -> dict[str, TaskSpec]:
    return {
        name: spec.model_copy(update={"review": spec.review.model_copy(update={"undo_s": 0.0})}) for name, spec in tasks.items()
    }


def write_without_undo(source: Path, folder: Path) -> Path:
    """Copies of the task files in ``source``; returns ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in source.glob("*.yaml"):
        body = yaml.safe_load(file.read_text(encoding="utf-8"))
        body["review"] = {**body.get("review", {}), "undo_s": 0.0}
        (folder / file.name).write_text(yaml.safe_dump(body, sort_keys=False), encoding="utf-8")
    return folder
