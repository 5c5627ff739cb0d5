"""Settings of the service, read from the environment. ``.env.example`` lists them all."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

TRAINER_KEY = "trainer.key"
"""The file in the data directory with the key of retrainings that start by themselves."""


def _named(name: str, *aliases: str) -> AliasChoices:
    return AliasChoices(f"HITL_{name}", *aliases)


class Settings(BaseSettings):
    """``redis_url`` None: the embedded Valkey; ``mlflow_tracking_uri`` None: the embedded server; ``artifact_uri`` None:
    ``<data_dir>/artifacts``, ``archive_uri`` None: ``<data_dir>/archive``; ``master_key`` None: what ``master_key_file``
    holds, on one machine ``<data_dir>/master_key``. Thresholds that are set here replace those of every task's policy file."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True, frozen=True, env_ignore_empty=True)

    data_dir: Annotated[Path, Field(validation_alias=_named("DATA_DIR"))] = Path("data")
    tasks_dir: Annotated[Path, Field(validation_alias=_named("TASKS_DIR"))] = Path("configs/tasks")
    approvals_file: Annotated[Path, Field(validation_alias=_named("APPROVALS_FILE"))] = Path("configs/approvals.yaml")
    datasets_dir: Annotated[Path, Field(validation_alias=_named("DATASETS_DIR"))] = Path("datasets")
    notifications: Annotated[Path | None, Field(validation_alias=_named("NOTIFICATIONS"))] = Path("configs/notifications.yaml")
    targets_file: Annotated[Path, Field(validation_alias=_named("TARGETS_FILE"))] = Path("configs/targets.yaml")
    http_host: Annotated[str, Field(validation_alias=_named("HTTP_HOST"))] = "127.0.0.1"
    http_port: Annotated[int, Field(validation_alias=_named("HTTP_PORT"), ge=0, le=65535)] = 8000
    api_url: Annotated[str | None, Field(validation_alias=_named("API_URL"))] = None
    trainer_key_file: Annotated[Path | None, Field(validation_alias=_named("TRAINER_KEY_FILE"))] = None
    ingress: Annotated[Literal["haproxy", "proxy"], Field(validation_alias=_named("INGRESS"))] = "haproxy"
    ingress_header_s: Annotated[float, Field(validation_alias=_named("INGRESS_HEADER_S"), ge=0.1, le=3600)] = 5.0
    ingress_idle_s: Annotated[float, Field(validation_alias=_named("INGRESS_IDLE_S"), ge=0.1, le=3600)] = 60.0
    redis_url: Annotated[str | None, Field(validation_alias=_named("REDIS_URL", "REDIS_URL"))] = None
    redis_host: Annotated[str | None, Field(validation_alias=_named("REDIS_HOST", "REDIS_HOST"))] = None
    redis_port: Annotated[int, Field(validation_alias=_named("REDIS_PORT", "REDIS_PORT"), ge=1, le=65535)] = 6379
    mlflow_tracking_uri: Annotated[
        str | None, Field(validation_alias=_named("MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_URI", "MLFLOW_BASE_URL"))
    ] = None
    artifact_uri: Annotated[str | None, Field(validation_alias=_named("ARTIFACT_URI"))] = None
    archive_uri: Annotated[str | None, Field(validation_alias=_named("ARCHIVE_URI"))] = None
    snapshot_entries: Annotated[int, Field(validation_alias=_named("SNAPSHOT_ENTRIES"), ge=100)] = 10_000
    snapshot_minutes: Annotated[float, Field(validation_alias=_named("SNAPSHOT_MINUTES"), gt=0, le=1440)] = 5.0
    reviews_kept: Annotated[int, Field(validation_alias=_named("REVIEWS_KEPT"), ge=0)] = 20_000
    reviews_kept_days: Annotated[float, Field(validation_alias=_named("REVIEWS_KEPT_DAYS"), gt=0, le=3650)] = 7.0
    partitions: Annotated[int, Field(validation_alias=_named("PARTITIONS"), ge=1, le=64)] = 1
    gateway_replicas: Annotated[int, Field(validation_alias=_named("GATEWAY_REPLICAS"), ge=1, le=1000)] = 2
    gateway_max_replicas: Annotated[int | None, Field(validation_alias=_named("GATEWAY_MAX_REPLICAS"), ge=1, le=1000)] = None
    predictor: Annotated[Literal["gateway", "deployment"], Field(validation_alias=_named("PREDICTOR"))] = "gateway"
    predictor_replicas: Annotated[int, Field(validation_alias=_named("PREDICTOR_REPLICAS"), ge=1, le=1000)] = 1
    predictor_max_replicas: Annotated[int | None, Field(validation_alias=_named("PREDICTOR_MAX_REPLICAS"), ge=1, le=1000)] = None
    predictor_gpus: Annotated[float, Field(validation_alias=_named("PREDICTOR_GPUS"), ge=0, le=8)] = 0.0
    device: Annotated[Literal["auto", "cpu", "cuda"], Field(validation_alias=_named("DEVICE"))] = "auto"
    review_replicas: Annotated[int, Field(validation_alias=_named("REVIEW_REPLICAS"), ge=1, le=1000)] = 1
    review_timeout_hours: Annotated[
        float, Field(validation_alias=_named("REVIEW_TIMEOUT_HOURS", "REVIEW_TIMEOUT_HOURS"), gt=0, le=8760)
    ] = 24.0
    auto_approve_threshold: Annotated[
        float | None, Field(validation_alias=_named("AUTO_APPROVE_THRESHOLD", "AUTO_APPROVE_THRESHOLD"), ge=0, le=1)
    ] = None
    expert_escalation_threshold: Annotated[
        float | None, Field(validation_alias=_named("EXPERT_ESCALATION_THRESHOLD", "EXPERT_ESCALATION_THRESHOLD"), ge=0, le=1)
    ] = None
    master_key: Annotated[SecretStr | None, Field(validation_alias=_named("MASTER_KEY"))] = None
    master_key_file: Annotated[Path | None, Field(validation_alias=_named("MASTER_KEY_FILE"))] = None
    public_url: Annotated[str | None, Field(validation_alias=_named("PUBLIC_URL"), pattern="^https?://")] = None
    session_idle_s: Annotated[float, Field(validation_alias=_named("SESSION_IDLE_S"), gt=0, le=604_800)] = 1800.0
    limits_file: Annotated[Path, Field(validation_alias=_named("LIMITS_FILE"))] = Path("configs/limits.yaml")
    auth_provider: Annotated[Literal["keys", "oauth2"], Field(validation_alias=_named("AUTH_PROVIDER", "AUTH_PROVIDER"))] = "keys"
    oidc_config: Annotated[Path | None, Field(validation_alias=_named("OIDC_CONFIG"))] = None
    oidc_client_secret: Annotated[SecretStr | None, Field(validation_alias=_named("OIDC_CLIENT_SECRET"))] = None
    session_hours: Annotated[float, Field(validation_alias=_named("SESSION_HOURS"), gt=0, le=720)] = 12.0
    log_level: Annotated[str, Field(validation_alias=_named("LOG_LEVEL"))] = "INFO"

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
