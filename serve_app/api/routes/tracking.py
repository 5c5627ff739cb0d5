"""``/api/v1/mlflow/tracking/…``: experiments, runs, metrics and health of tracking, under the documents' names."""

import asyncio
import shutil
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query

from hitl.errors import Forbidden
from hitl.identity import Role
from hitl.tracking.naming import experiment_of
from hitl.tracking.views import (
    Probes,
    TrackedExperiments,
    TrackedMetrics,
    TrackedRuns,
    TrackingHealth,
    experiments_view,
    health_view,
    metrics_view,
    runs_view,
)
from serve_app.api.services.context import AnyCaller, ApiPorts, Caller, PortsOf
from serve_app.api.services.strict_route import StrictRoute
from serve_app.api.services.tracking import Tracking

router = APIRouter(prefix="/api/v1/mlflow/tracking", tags=["tracking"], route_class=StrictRoute)

PEOPLE = (Role.APPROVER, Role.TRAINER, Role.OPERATOR)
MAX_SUMMED = 10_000
"""Newest runs that a summary reads: about two seconds over sqlite."""
NOT_ASKED = Probes(None, None, None)

Feature = Annotated[str | None, Query(min_length=1, max_length=250, description="A feature's key; none: all features")]
Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many runs, the newest first")]


@router.get("/experiments/", summary="Features and their experiments (approver, trainer, operator)")
async def list_experiments(ports: PortsOf, caller: AnyCaller) -> TrackedExperiments:
    of = _seen_by(caller, ports)
    stored = await of.ask(lambda reader: reader.experiments()) if of.settings.enabled else []
    return experiments_view(of.settings.enabled, of.settings.tracking_uri, of.config.experiments, stored)


@router.get("/runs/", summary="The newest runs of a feature (approver, trainer, operator)")
async def list_runs(ports: PortsOf, caller: AnyCaller, feature: Feature = None, limit: Limit = 10) -> TrackedRuns:
    of = _seen_by(caller, ports)
    wanted = _experiments(of, feature)
    rows = await of.ask(lambda reader: reader.runs(wanted, limit=limit)) if of.settings.enabled else []
    return runs_view(feature, rows)


@router.get("/metrics/", summary="Totals and means of a feature's runs; success_rate in per cent (approver, trainer, operator)")
async def show_run_metrics(ports: PortsOf, caller: AnyCaller, feature: Feature = None) -> TrackedMetrics:
    of = _seen_by(caller, ports)
    wanted = _experiments(of, feature)
    rows = await of.ask(lambda reader: reader.runs(wanted, limit=MAX_SUMMED)) if of.settings.enabled else []
    return metrics_view(feature, rows)


@router.get("/health/", summary="Server, database, artifact store, disk and buffer, with alerts (approver, trainer, operator)")
async def check_tracking(ports: PortsOf, caller: AnyCaller) -> TrackingHealth:
    of = _seen_by(caller, ports)
    probes = await of.probes() if of.settings.enabled else NOT_ASKED
    disk, waiting = await asyncio.to_thread(_disk_and_waiting, of.settings.buffer_dir)
    return health_view(of.settings.enabled, of.settings.tracking_uri, probes, disk, of.counts(), waiting)


def _seen_by(caller: Caller, ports: ApiPorts) -> Tracking:
    """Runs may hold prompts and errors of every task: who is bound to some tasks sees none. Raises Forbidden."""
    caller.principal.require("see tracking", *PEOPLE)
    if caller.principal.tasks:
        raise Forbidden(caller.principal.id, "see tracking of every task")
    return ports.tracking


def _experiments(of: Tracking, feature: str | None) -> list[str] | None:
    return None if feature is None else [experiment_of(feature, of.config.experiments, of.settings.experiment_name)]


def _disk_and_waiting(buffer: Path) -> tuple[tuple[int, int], int]:
    """Total and free bytes of the buffer's disk, and the bytes that wait in it."""
    place = next(place for place in (buffer, *buffer.absolute().parents) if place.exists())
    disk = shutil.disk_usage(place)
    return (disk.total, disk.free), sum(file.stat().st_size for file in buffer.glob("*/*.jsonl"))
