"""The answers of ``/api/v1/mlflow/tracking/``, as pure functions of what was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import urlsplit, urlunsplit

from hitl.tracking.exporter import Counts
from hitl.tracking.rows import RunRow, RunSummary, summarize_runs

LOW_DISK_SHARE, LOW_DISK_BYTES = 0.10, 2 * 1024**3
"""Below either, the disk is an alert: artifacts grow by gigabytes."""


class Reader(Protocol):
    """Reads one MLflow. Blocks; raises SinkAway while it does not answer."""

    def experiments(self) -> list[tuple[str, str]]:
        """Id and name of every active experiment."""
        ...

    def runs(self, experiments: Sequence[str] | None, *, limit: int, since_s: float | None = None) -> list[RunRow]:
        """The newest runs, newest first, of these experiments (None: of all)."""
        ...

    def probes(self) -> "Probes":
        """Probe each dependency; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Probes:
    """``None`` in a ``*_error`` field: it answers. ``version`` and ``latency_s`` of the tracking server."""

    server_error: str | None
    database_error: str | None
    artifacts_error: str | None
    version: str | None = None
    latency_s: float | None = None


@dataclass(frozen=True, slots=True)
class TrackedExperiment:
    """A feature (``key``) and the name of its experiment; ``experiment_id`` None: not created yet."""

    key: str
    name: str
    experiment_id: str | None


@dataclass(frozen=True, slots=True)
class TrackedExperiments:
    """Configured features first, then what else is there. ``enabled``: whether anything is tracked."""

    enabled: bool
    tracking_uri: str
    experiments: list[TrackedExperiment]


@dataclass(frozen=True, slots=True)
class TrackedRuns:
    """Runs, newest first, under MLflow's flat names (RunRow.flat); ``feature`` None: of all."""

    feature: str | None
    runs: list[dict[str, str | float]]


@dataclass(frozen=True, slots=True)
class TrackedMetrics:
    """The summary of a feature's runs; ``feature`` None: of all."""

    feature: str | None
    metrics: RunSummary


@dataclass(frozen=True, slots=True)
class TrackingServer:
    """``latency_s`` is the seconds of a request; None, as ``version``, where it does not answer."""

    reachable: bool
    version: str | None
    latency_s: float | None


@dataclass(frozen=True, slots=True)
class TrackingPart:
    """The database or the artifact store; ``error`` None: it answers."""

    reachable: bool
    error: str | None


@dataclass(frozen=True, slots=True)
class TrackingDisk:
    """The disk of the buffer; ``free_percent`` in [0, 100], None for a disk without a size."""

    total_bytes: int
    free_bytes: int
    free_percent: float | None


@dataclass(frozen=True, slots=True)
class TrackingBuffer:
    """``traces`` wait in memory and ``bytes`` on disk; ``dropped`` and ``rejected`` traces since the start."""

    traces: int
    bytes: int
    dropped: int
    rejected: int


@dataclass(frozen=True, slots=True)
class TrackingAlert:
    """Something that a person should look at."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class TrackingHealth:
    """``status``: healthy, degraded (a person should look), unreachable or disabled; alerts stand worst first."""

    status: Literal["healthy", "degraded", "unreachable", "disabled"]
    enabled: bool
    tracking_uri: str
    mlflow: TrackingServer
    database: TrackingPart
    artifact_store: TrackingPart
    disk: TrackingDisk
    buffer: TrackingBuffer
    alerts: list[TrackingAlert]


def experiments_view(
    enabled: bool, uri: str, features: Mapping[str, str], stored: Sequence[tuple[str, str]]
) -> TrackedExperiments:
    """Configured ``features`` by key, joined with the ``stored`` experiments (id, name)."""
    ids = {name: number for number, name in stored}
    known = [TrackedExperiment(key, name, ids.get(name)) for key, name in features.items()]
    others = [TrackedExperiment(name, name, ids[name]) for name in ids if name not in features.values()]
    return TrackedExperiments(enabled, without_password(uri), [*known, *others])


def runs_view(feature: str | None, rows: Sequence[RunRow]) -> TrackedRuns:
    """Runs under flat names."""
    return TrackedRuns(feature, [row.flat() for row in rows])


def metrics_view(feature: str | None, rows: Sequence[RunRow]) -> TrackedMetrics:
    """The summary of a feature's runs."""
    return TrackedMetrics(feature, summarize_runs(rows))


def health_view(
    enabled: bool, uri: str, probes: Probes, disk: tuple[int, int], counts: Counts, waiting_bytes: int
) -> TrackingHealth:
    """Return the health of tracking; ``disk`` is total and free bytes."""
    total, free = disk
    found = alerts_of(probes, total, free, counts)
    status: Literal["healthy", "degraded", "unreachable"]
    status = "unreachable" if probes.server_error else "degraded" if found else "healthy"
    return TrackingHealth(
        status=status if enabled else "disabled",
        enabled=enabled,
        tracking_uri=without_password(uri),
        mlflow=TrackingServer(probes.server_error is None, probes.version, probes.latency_s),
        database=TrackingPart(probes.database_error is None, probes.database_error),
        artifact_store=TrackingPart(probes.artifacts_error is None, probes.artifacts_error),
        disk=TrackingDisk(total, free, round(100 * free / total, 1) if total else None),
        buffer=TrackingBuffer(counts.buffered, waiting_bytes, counts.dropped, counts.rejected),
        alerts=found if enabled else [],
    )


def alerts_of(probes: Probes, total: int, free: int, counts: Counts) -> list[TrackingAlert]:
    """Alerts that a person should look at, worst first."""
    told = [
        ("tracking_server", probes.server_error and f"does not answer: {probes.server_error}; traces wait on disk"),
        ("database", not probes.server_error and probes.database_error and f"fails: {probes.database_error}"),
        ("artifact_store", not probes.server_error and probes.artifacts_error and f"fails: {probes.artifacts_error}"),
        ("disk", (free < LOW_DISK_BYTES or free < LOW_DISK_SHARE * total) and f"{free // 2**20} MiB free of {total // 2**20}"),
        ("queue", counts.dropped and f"{counts.dropped} traces were dropped since the start"),
        ("rejected", counts.rejected and f"{counts.rejected} traces were refused by MLflow since the start"),
    ]
    return [TrackingAlert(name, str(why)) for name, why in told if why]


def without_password(uri: str) -> str:
    """``uri`` without the name and password it may carry.

    >>> without_password("https://ann:secret@mlflow:5000/x")
    'https://mlflow:5000/x'
    """
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else uri
