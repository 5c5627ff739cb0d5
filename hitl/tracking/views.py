"""The answers of ``/api/v1/mlflow/tracking/``, as pure functions of what was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from hitl.tracking.exporter import Counts
from hitl.tracking.rows import RunRow, summary

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


def experiments_view(enabled: bool, uri: str, features: Mapping[str, str], stored: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Configured features first, then what else is there; ``experiment_id`` None: not created yet."""
    ids = {name: number for number, name in stored}
    known = [{"key": key, "name": name, "experiment_id": ids.get(name)} for key, name in features.items()]
    others = [{"key": name, "name": name, "experiment_id": ids[name]} for name in ids if name not in features.values()]
    return {"enabled": enabled, "tracking_uri": without_password(uri), "experiments": [*known, *others]}


def runs_view(feature: str | None, rows: Sequence[RunRow]) -> dict[str, Any]:
    """Runs under flat names."""
    return {"feature": feature, "runs": [row.flat() for row in rows]}


def metrics_view(feature: str | None, rows: Sequence[RunRow]) -> dict[str, Any]:
    """The summary of a feature's runs."""
    return {"feature": feature, "metrics": summary(rows)}


def health_view(
    enabled: bool, uri: str, probes: Probes, disk: tuple[int, int], counts: Counts, waiting_bytes: int
) -> dict[str, Any]:
    """``status``: healthy, degraded (a person should look), unreachable or disabled. ``disk`` is total and free bytes."""
    total, free = disk
    found = alerts_of(probes, total, free, counts)
    status = "unreachable" if probes.server_error else "degraded" if found else "healthy"
    return {
        "status": status if enabled else "disabled",
        "enabled": enabled,
        "tracking_uri": without_password(uri),
        "mlflow": {"reachable": probes.server_error is None, "version": probes.version, "latency_s": probes.latency_s},
        "database": {"reachable": probes.database_error is None, "error": probes.database_error},
        "artifact_store": {"reachable": probes.artifacts_error is None, "error": probes.artifacts_error},
        "disk": {"total_bytes": total, "free_bytes": free, "free_percent": round(100 * free / total, 1) if total else None},
        "buffer": {"traces": counts.buffered, "bytes": waiting_bytes, "dropped": counts.dropped, "rejected": counts.rejected},
        "alerts": found if enabled else [],
    }


def alerts_of(probes: Probes, total: int, free: int, counts: Counts) -> list[dict[str, str]]:
    """Alerts that a person should look at, worst first."""
    told = [
        ("tracking_server", probes.server_error and f"does not answer: {probes.server_error}; traces wait on disk"),
        ("database", not probes.server_error and probes.database_error and f"fails: {probes.database_error}"),
        ("artifact_store", not probes.server_error and probes.artifacts_error and f"fails: {probes.artifacts_error}"),
        ("disk", (free < LOW_DISK_BYTES or free < LOW_DISK_SHARE * total) and f"{free // 2**20} MiB free of {total // 2**20}"),
        ("queue", counts.dropped and f"{counts.dropped} traces were dropped since the start"),
        ("rejected", counts.rejected and f"{counts.rejected} traces were refused by MLflow since the start"),
    ]
    return [{"name": name, "message": str(why)} for name, why in told if why]


def without_password(uri: str) -> str:
    """``uri`` without the name and password it may carry.

    >>> without_password("https://ann:secret@mlflow:5000/x")
    'https://mlflow:5000/x'
    """
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else uri
