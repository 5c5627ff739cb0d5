"""``/api/v1/mlflow/tracking/…``: experiments, runs, metrics and health of tracking, under the documents' names."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from hitl.tracking.config import TrackingConfig
from hitl.tracking.exporter import Counts
from hitl.tracking.naming import experiment_of
from hitl.tracking.settings import TrackingSettings
from hitl.tracking.views import Reader, experiments_view, health_view, metrics_view, runs_view

PREFIX = "/api/v1/mlflow/tracking"
MAX_SUMMED = 10_000
"""Newest runs that a summary reads: about two seconds over sqlite."""
Feature = Annotated[str | None, Query(min_length=1, max_length=250, description="A feature's key; none: all features")]
Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many runs, the newest first")]


def tracking_router(
    settings: TrackingSettings,
    config: TrackingConfig,
    reader: Callable[[], Reader],
    counts: Callable[[], Counts],
    guards: Sequence[Callable[..., Any]] = (),
) -> APIRouter:
    """The routes. ``reader`` opens MLflow at the first request; ``guards`` are dependencies that refuse a caller.

    The functions block on MLflow and run in the server's thread pool. While tracking is disabled they answer with nothing.
    """
    router = APIRouter(prefix=PREFIX, tags=["tracking"], dependencies=[Depends(guard) for guard in guards])

    def wanted(feature: str | None) -> list[str] | None:
        return None if feature is None else [experiment_of(feature, config.experiments, settings.experiment_name)]

    @router.get("/experiments/", summary="Features and their experiments")
    def experiments() -> dict[str, Any]:
        stored = reader().experiments() if settings.enabled else []
        return experiments_view(settings.enabled, settings.tracking_uri, config.experiments, stored)

    @router.get("/runs/", summary="The newest runs of a feature")
    def runs(feature: Feature = None, limit: Limit = 10) -> dict[str, Any]:
        return runs_view(feature, reader().runs(wanted(feature), limit=limit) if settings.enabled else [])

    @router.get("/metrics/", summary="Totals and means of a feature's runs; success_rate in per cent")
    def metrics(feature: Feature = None) -> dict[str, Any]:
        return metrics_view(feature, reader().runs(wanted(feature), limit=MAX_SUMMED) if settings.enabled else [])

    @router.get("/health/", summary="Server, database, artifact store, disk and buffer, with alerts")
    def health() -> dict[str, Any]:
        disk = shutil.disk_usage(_existing(settings.buffer_dir))
        size = sum(file.stat().st_size for file in settings.buffer_dir.glob("*/*.jsonl"))
        return health_view(settings.enabled, settings.tracking_uri, reader().probes(), (disk.total, disk.free), counts(), size)

    return router


def _existing(path: Path) -> Path:
    return next(place for place in (path, *path.absolute().parents) if place.exists())
