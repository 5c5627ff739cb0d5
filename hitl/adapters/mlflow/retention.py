"""Archive old runs and remove artifacts that no run owns; a dry run shows the plan first."""

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import ViewType

from hitl.adapters.mlflow.errors import asking
from hitl.adapters.mlflow.reader import PAGE, MlflowReader

DAY_S = 86_400
KEEP_TAG = "keep"
"""A run with this tag is never archived."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """A run's artifact directory whose run is deleted or unknown."""

    path: str
    size_bytes: int


def archive_runs(
    uri: str, older_than_days: float, archive: Path, *, experiments: Sequence[str] | None = None, dry_run: bool = True
) -> int:
    """Write runs that ended more than ``older_than_days`` ago to ``archive`` (one JSON line each), then delete them in MLflow.

    Returns how many these are, or would be in a dry run. Deleted runs can be restored until ``mlflow gc``.
    Runs tagged ``keep`` stay, and so do the runs of registered versions.
    """
    before = int((time.time() - older_than_days * DAY_S) * 1000)
    rows = MlflowReader(uri).runs(experiments, limit=1_000_000, only=f"attributes.end_time < {before}")
    client = MlflowClient(uri)
    with asking(uri):
        needed = set(_runs_of_versions(client))
    old = [row for row in rows if KEEP_TAG not in row.tags and row.run_id not in needed]
    if dry_run or not old:
        return len(old)
    archive.mkdir(parents=True, exist_ok=True)
    file = archive / f"runs-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.jsonl"
    file.write_text("".join(json.dumps(asdict(row)) + "\n" for row in old), encoding="utf-8")
    with asking(uri):
        for row in old:
            client.delete_run(row.run_id)
    return len(old)


def _runs_of_versions(client: MlflowClient) -> Iterator[str]:
    """Yield the run of each registered version, however many there are."""
    token = None
    while True:
        page = client.search_model_versions(max_results=PAGE, page_token=token)
        yield from (str(version.run_id) for version in page)
        if not (token := page.token):
            return


def orphans(uri: str, artifacts: Path) -> list[Orphan]:
    """Artifact directories ``<artifacts>/<experiment>/<run>`` without an active run. Traces and models are left alone."""
    with asking(uri):
        alive = set(_run_ids(MlflowClient(uri)))
    places = (place for place in artifacts.glob("*/*") if place.is_dir() and _is_run(place.name) and place.parent.name.isdigit())
    return [Orphan(str(place), _size(place)) for place in sorted(places) if place.name not in alive]


def clean_artifacts(uri: str, artifacts: Path, *, dry_run: bool = True) -> list[Orphan]:
    """Delete the orphans, or only tell of them."""
    found = orphans(uri, artifacts)
    if not dry_run:
        for orphan in found:
            shutil.rmtree(orphan.path)
    return found


def _run_ids(client: MlflowClient) -> Iterator[str]:
    ids = [str(item.experiment_id) for item in client.search_experiments(ViewType.ALL, max_results=10_000)]
    token = None
    while ids:
        page = client.search_runs(ids, "", ViewType.ACTIVE_ONLY, PAGE, page_token=token)
        yield from (str(run.info.run_id) for run in page)
        if not (token := page.token):
            return


def _is_run(name: str) -> bool:
    return len(name) == 32 and all(char in "0123456789abcdef" for char in name)


def _size(place: Path) -> int:
    return sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
