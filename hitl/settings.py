"""Every setting of the service: its environment name, default, bounds and meaning, declared once.

``python docs/make_settings.py`` writes ``.env.example`` and ``docs/settings.md`` from here. The builders' arguments
(``serve_app/setup/args.py``) take over each class that ``configs/serve.yaml`` may set as well.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hitl.packaged import own_or_packaged
from hitl.setting import setting
from hitl.tracing import TracingTerms

TRAINER_KEY = "trainer.key"
"""The file in the data directory with the key of retrainings that start by themselves."""


class Section(BaseModel):
    """Settings that belong together; the docstring is their heading in ``docs/settings.md``."""

    model_config = ConfigDict(frozen=True, validate_default=True)


class ThisMachine(Section):
    """The service on this machine."""

    data_dir: Path = setting("DATA_DIR", Path("data"), "store, MLflow, artifacts, logs of the service on this machine")
    http_host: str = setting("HTTP_HOST", "127.0.0.1", "address to listen on; put a TLS proxy in front before you change it")
    http_port: int = setting("HTTP_PORT", 8000, "port to listen on; 0: any free port", ge=0, le=65535)
    ingress: Literal["haproxy", "proxy"] = setting("INGRESS", "haproxy", "proxy: Ray's own Python proxy, slower")
    ingress_header_s: float = setting(
        "INGRESS_HEADER_S", 5.0, "HAProxy closes a connection whose request has no whole header in this time", ge=0.1, le=3600
    )
    ingress_idle_s: float = setting(
        "INGRESS_IDLE_S", 60.0, "HAProxy closes a connection that rests for so long between two requests", ge=0.1, le=3600
    )
    redis_host: str | None = setting("REDIS_HOST", None, "host of the store, used without HITL_REDIS_URL", "REDIS_HOST")
    redis_port: int = setting("REDIS_PORT", 6379, "port on HITL_REDIS_HOST", "REDIS_PORT", ge=1, le=65535)


class Files(Section):
    """Configuration files. Those under ``configs/`` that are not there are the ones that came with the package."""

    tasks_dir: Path = setting("TASKS_DIR", Path("configs/tasks"), "directory of task files")
    approvals_file: Path = setting(
        "APPROVALS_FILE", Path("configs/approvals.yaml"), "who is asked for approvals, and who when nobody answers"
    )
    datasets_dir: Path = setting(
        "DATASETS_DIR", Path("datasets"), "files of labelled rows that task files name (docs/domains.md)"
    )
    notifications: Path | None = setting(
        "NOTIFICATIONS", Path("configs/notifications.yaml"), "who is told of what (docs/notifications.md)"
    )
    chat_file: Path | None = setting(
        "CHAT_FILE", None, "votes by links and from Slack and Teams (docs/integrations/chat.md); empty: none"
    )
    targets_file: Path = setting(
        "TARGETS_FILE", Path("configs/targets.yaml"), "what the service is measured by (docs/certified-automation.md)"
    )
    limits_file: Path = setting("LIMITS_FILE", Path("configs/limits.yaml"), "how often each role may call")
    endpoints_file: Path | None = setting(
        "ENDPOINTS_FILE", None, "where remote models are called (docs/models-elsewhere.md); empty: nowhere"
    )

    @field_validator("tasks_dir", "approvals_file", "notifications", "targets_file", "limits_file")
    @classmethod
    def _own_or_packaged(cls, path: Path | None) -> Path | None:
        """A folder without configs/ has those of the package."""
        return None if path is None else own_or_packaged(path)


class Stores(Section):
    """Where data is kept, and for how long."""

    redis_url: str | None = setting(
        "REDIS_URL",
        None,
        "empty: the embedded Valkey; rediss:// with TLS; redis+cluster://:password@node:6379/0 for a cluster, "
        "redis+sentinel://:password@node:26379/NAME/0 behind Sentinel",
        "REDIS_URL",
    )
    mlflow_tracking_uri: str | None = setting(
        "MLFLOW_TRACKING_URI", None, "empty: the embedded server", "MLFLOW_TRACKING_URI", "MLFLOW_BASE_URL"
    )
    artifact_uri: str | None = setting(
        "ARTIFACT_URI", None, "models, a directory or an fsspec URI; empty: HITL_DATA_DIR/artifacts"
    )
    blob_uri: str | None = setting(
        "BLOB_URI", None, "files that come with cases, sealed; a directory or an fsspec URI; empty: HITL_DATA_DIR/blobs"
    )
    archive_uri: str | None = setting(
        "ARCHIVE_URI", None, "snapshots, old journal entries, anchors: outside the store; empty: HITL_DATA_DIR/archive"
    )
    projections_dir: Path | None = setting(
        "PROJECTIONS_DIR",
        None,
        "what figures are computed from, a local directory of each machine; what is lost there is derived again; empty: "
        "HITL_DATA_DIR/projections",
    )
    reviews_kept: int = setting(
        "REVIEWS_KEPT", 20_000, "decided cases in the memory of a shard; older ones are read from the store", ge=0
    )
    reviews_kept_days: float = setting(
        "REVIEWS_KEPT_DAYS", 7.0, "days after its last change when a decided case leaves that memory", gt=0, le=3650
    )
    labels_kept: int = setting(
        "LABELS_KEPT",
        10_000,
        "labels of each task in a shard's memory, and as many examples and answers to known cases; older ones are in the archive",
        ge=0,
    )
    approvals_kept: int = setting(
        "APPROVALS_KEPT",
        5_000,
        "approvals that are over, in the memory of their shard; older ones are read from the archive",
        ge=0,
    )
    approvals_kept_days: float = setting(
        "APPROVALS_KEPT_DAYS", 7.0, "days after its end when an approval leaves that memory", gt=0, le=3650
    )
    workflows_kept: int = setting(
        "WORKFLOWS_KEPT",
        5_000,
        "interactions, cases and workflows that are over, in the memory of their shard; older ones are read from the archive",
        ge=0,
    )
    workflows_kept_days: float = setting(
        "WORKFLOWS_KEPT_DAYS", 7.0, "days after its end when one of them leaves that memory", gt=0, le=3650
    )
    cases_hours: float = setting(
        "CASES_HOURS", 24.0, "hours after which a case that nobody has to look at moves to the archive", gt=0, le=87_600
    )
    cases_mb: int = setting(
        "CASES_MB", 1024, "megabytes of cases in the store, over all partitions; above, the oldest move earlier", ge=1, le=2**20
    )
    snapshot_entries: int = setting("SNAPSHOT_ENTRIES", 10_000, "entries of a journal between two snapshots of its shard", ge=100)
    snapshot_minutes: float = setting(
        "SNAPSHOT_MINUTES", 5.0, "longest time between two snapshots while new entries come", gt=0, le=1440
    )
    store_promises: Literal["refuse", "report"] = setting(
        "STORE_PROMISES", "refuse", "report: start also on a store that may lose what it acknowledged, and say so in /ready"
    )
    installation: str = setting(
        "INSTALLATION", "ray-hitl", "name of this installation: the first start gives it to the store, which refuses others"
    )
    partitions: int = setting(
        "PARTITIONS", 1, "intake partitions and review shards; a later start may have more, never fewer", ge=1, le=64
    )


class Replicas(Section):
    """Where models run, and how many replicas serve."""

    gateway_replicas: int = setting("GATEWAY_REPLICAS", 2, "replicas that decide cases", ge=1, le=1000)
    gateway_max_replicas: int | None = setting(
        "GATEWAY_MAX_REPLICAS",
        None,
        "above HITL_GATEWAY_REPLICAS: replicas come and go with the load; empty: fixed number",
        ge=1,
        le=1000,
    )
    predictor: Literal["gateway", "deployment"] = setting(
        "PREDICTOR", "gateway", "deployment: models run in replicas of their own, called once a micro-batch"
    )
    predictor_replicas: int = setting("PREDICTOR_REPLICAS", 1, "replicas of the predictor deployment", ge=1, le=1000)
    predictor_max_replicas: int | None = setting(
        "PREDICTOR_MAX_REPLICAS",
        None,
        "above HITL_PREDICTOR_REPLICAS: replicas come and go with the load; empty: fixed number",
        ge=1,
        le=1000,
    )
    predictor_gpus: float = setting("PREDICTOR_GPUS", 0.0, "GPUs of each predictor replica; a fraction shares one", ge=0, le=8)
    device: Literal["auto", "cpu", "cuda"] = setting("DEVICE", "auto", "where torch models compute; auto: CUDA where available")
    review_replicas: int = setting("REVIEW_REPLICAS", 1, "replicas of the review application and its console", ge=1, le=1000)
    start_s: float = setting(
        "START_S",
        300.0,
        "seconds that a replica's start may take; one that hangs is ended, with its stacks in its worker's log, and made anew",
        ge=10,
        le=86_400,
    )
    measure_s: float = setting(
        "MEASURE_S", 50.0, "seconds in which a candidate must answer the held-out rows before its approval opens", ge=5, le=3600
    )


class Routing(Section):
    """Routing and deadlines over all tasks."""

    review_timeout_hours: float = setting(
        "REVIEW_TIMEOUT_HOURS",
        24.0,
        "age at which a review is overdue and goes to the experts",
        "REVIEW_TIMEOUT_HOURS",
        gt=0,
        le=8760,
    )
    dry_run_min_cases: int = setting(
        "DRY_RUN_MIN_CASES",
        20,
        "past cases that a dry run needs at least: fewer would tell of single people",
        ge=1,
        le=10_000,
    )
    auto_approve_threshold: float | None = setting(
        "AUTO_APPROVE_THRESHOLD", None, "replaces every task's own; empty: each task's own", "AUTO_APPROVE_THRESHOLD", ge=0, le=1
    )
    expert_escalation_threshold: float | None = setting(
        "EXPERT_ESCALATION_THRESHOLD",
        None,
        "replaces every task's own; empty: each task's own",
        "EXPERT_ESCALATION_THRESHOLD",
        ge=0,
        le=1,
    )


class Access(Section):
    """Keys, sign-in and logs."""

    api_url: str | None = setting(
        "API_URL", None, "where jobs and clients reach the service; empty: HITL_HTTP_HOST and HITL_HTTP_PORT"
    )
    trainer_key_file: Path | None = setting(
        "TRAINER_KEY_FILE", None, "a trainer's key for retrainings that start by themselves; empty: HITL_DATA_DIR/trainer.key"
    )
    master_key: SecretStr | None = setting(
        "MASTER_KEY", None, 'seals sensitive inputs: 64 hex characters; "new,old" while it is rotated'
    )
    master_key_file: Path | None = setting(
        "MASTER_KEY_FILE", None, "file with the master keys; both empty: HITL_DATA_DIR/master_key, made by `hitl up`"
    )
    signing_key_file: Path | None = setting(
        "SIGNING_KEY_FILE", None, "file with the key that signs the journals; empty: HITL_DATA_DIR/signing_key, made by `hitl up`"
    )
    auth_provider: Literal["keys", "oauth2"] = setting(
        "AUTH_PROVIDER", "keys", "oauth2: people also sign in at an OpenID Connect provider", "AUTH_PROVIDER"
    )
    oidc_config: Path | None = setting("OIDC_CONFIG", None, "the provider's file, as configs/oidc.yaml")
    oidc_client_secret: SecretStr | None = setting(
        "OIDC_CLIENT_SECRET", None, "secret of this client at the provider; empty for a public client"
    )
    public_url: Annotated[str, Field(pattern="^https?://")] | None = setting(
        "PUBLIC_URL", None, "what browsers call, e.g. https://hitl.example.org: behind a TLS proxy cookies are Secure"
    )
    session_idle_s: float = setting(
        "SESSION_IDLE_S", 1800.0, "a session ends after so many seconds without a request", gt=0, le=604_800
    )
    session_hours: float = setting("SESSION_HOURS", 12.0, "a session ends after so many hours in any case", gt=0, le=720)
    log_level: str = setting("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR")


class Limits(Section):
    """What one account may send and hold (docs/security.md)."""

    body_bytes: int = setting(
        "BODY_BYTES", 1_048_576, "longest body of a request to the review application; a longer one gets 413", ge=65_536, le=2**24
    )
    blob_mb_per_day: int = setting(
        "BLOB_MB_PER_DAY", 10_000, "megabytes of files that one account may bring with cases in 24 hours", ge=1, le=2**20
    )
    bytes_per_day: int = setting(
        "BYTES_PER_DAY", 2**30, "bytes of bodies that one account sends there in 24 hours, over all replicas", ge=2**20
    )
    open_objects: int = setting(
        "OPEN_OBJECTS",
        1_000,
        "open approvals of one account, and as many open interactions, cases and workflows together",
        ge=1,
        le=1_000_000,
    )
    live_connections: int = setting(
        "LIVE_CONNECTIONS",
        64,
        "long polls, sockets and event streams that one account holds in a replica at once",
        ge=1,
        le=10_000,
    )


class Tracing(Section):
    """Spans for an OpenTelemetry collector (docs/tracing.md). Nothing is sent, and nothing is done, unless an endpoint is set."""

    otlp_endpoint: Annotated[str, Field(pattern="^https?://")] | None = setting(
        "OTLP_ENDPOINT", None, "where spans go, e.g. http://collector:4318 (OTLP over HTTP); needs ray-hitl[otel]; empty: nowhere"
    )
    otlp_headers: SecretStr | None = setting("OTLP_HEADERS", None, "headers for the endpoint: name=value,name=value")
    tracing_share: float = setting(
        "TRACING_SHARE", 1.0, "share of the traces begun here that are recorded; a client decides for its own", ge=0, le=1
    )

    @property
    def tracing(self) -> TracingTerms | None:
        """Where spans go; None: nowhere."""
        if self.otlp_endpoint is None:
            return None
        headers = self.otlp_headers.get_secret_value() if self.otlp_headers else ""
        return TracingTerms(self.otlp_endpoint, self.tracing_share, headers)


SECTIONS: tuple[type[Section], ...] = (ThisMachine, Files, Stores, Replicas, Routing, Access, Limits, Tracing)


class Settings(ThisMachine, Files, Stores, Replicas, Routing, Access, Limits, Tracing, BaseSettings):
    """All of them: the environment over the defaults. A variable that is set and empty means the default."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True, frozen=True, env_ignore_empty=True)

    @property
    def archive(self) -> str:
        """The place of snapshots, old entries and anchors."""
        return self.archive_uri or str((self.data_dir / "archive").absolute())

    @property
    def external_redis_url(self) -> str | None:
        """The store that is not ours to run, or None for the embedded one."""
        if self.redis_url:
            return self.redis_url
        return f"redis://{self.redis_host}:{self.redis_port}/0" if self.redis_host else None
