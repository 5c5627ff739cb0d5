"""Where the files of labelled rows are that task files name: they are not shipped, so a test that needs one skips without."""

import os
from pathlib import Path

import pytest

from hitl.tasks import TaskSpec, load_task

ROOT = Path(__file__).parent.parent
PLACES = (Path(os.environ.get("HITL_DATASETS_DIR", "datasets")), ROOT / "../shared/data", ROOT / "../../shared/data")


def task(name: str) -> TaskSpec:
    """The shipped task."""
    return load_task((ROOT / f"configs/tasks/{name}.yaml").read_text(encoding="utf-8"), name)


def domain(name: str) -> tuple[TaskSpec, Path]:
    """The shipped task and the folder of its rows. Skips the test where they are not."""
    spec = task(name)
    if spec.data.source.startswith("sklearn."):
        return spec, ROOT
    for place in PLACES:
        if (place / spec.data.source).is_file():
            return spec, place.resolve()
    pytest.skip(f"{spec.data.source} is not here: docs/domains.md says where to get it and HITL_DATASETS_DIR where it lies")
