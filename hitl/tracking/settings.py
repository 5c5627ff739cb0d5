"""Settings of tracking, read from the environment."""

from pathlib import Path

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hitl.packaged import own_or_packaged
from hitl.setting import setting

DEFAULT_URI = "http://127.0.0.1:5000"
"""Where MLflow's own server listens when nobody says otherwise."""


class TrackingSettings(BaseSettings):
    """Tracking (docs/mlflow/setup.md)."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True, frozen=True, env_ignore_empty=True)

    switch: bool | None = setting(
        "MLFLOW_ENABLED", None, "empty: on where a tracking URI is set; false: decorators do nothing", "MLFLOW_ENABLED"
    )
    uri: str | None = setting("MLFLOW_TRACKING_URI", None, "the MLflow server or store", "MLFLOW_TRACKING_URI", "MLFLOW_BASE_URL")
    experiment_name: str | None = setting(
        "MLFLOW_EXPERIMENT_NAME", None, "root of experiment names, e.g. e2i-causal-analytics", "MLFLOW_EXPERIMENT_NAME"
    )
    artifact_location: str | None = setting(
        "MLFLOW_ARTIFACT_LOCATION", None, "where new experiments keep artifacts; empty: the server's", "MLFLOW_ARTIFACT_LOCATION"
    )
    system_metrics: bool = setting(
        "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING",
        False,
        "use of processor, memory, disk and network on every run",
        "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING",
    )
    autolog: str = setting("TRACKING_AUTOLOG", "", "MLflow integrations to switch on, e.g. sklearn,openai")
    config: Path = setting("TRACKING_CONFIG", Path("configs/tracking.yaml"), "experiments, prices, budgets, patterns to redact")

    @field_validator("config")
    @classmethod
    def _own_or_packaged(cls, path: Path) -> Path:
        return own_or_packaged(path)

    buffer_dir: Path = setting("TRACKING_BUFFER_DIR", Path("data/tracking"), "traces wait here while MLflow is away")
    buffer_bytes: int = setting("TRACKING_BUFFER_BYTES", 256 * 1024 * 1024, "the most that waiting traces may take", ge=0)
    queue_traces: int = setting("TRACKING_QUEUE", 10_000, "traces in memory; more are dropped and counted", ge=1, le=1_000_000)
    flush_s: float = setting(
        "TRACKING_FLUSH_S", 5.0, "how long an orderly stop exports before it writes the rest to disk", ge=0, le=600
    )
    log_prompts: bool = setting("TRACKING_LOG_PROMPTS", True, "record inputs and outputs")
    log_artifacts: bool = setting("TRACKING_LOG_ARTIFACTS", True, "record files of runs")
    redact: bool = setting("TRACKING_REDACT", True, "replace secrets and personal data before anything is stored")
    sink: str = setting(
        "TRACKING_SINK", "hitl.adapters.mlflow.sink:open_sink", "import path of the function that opens what receives the traces"
    )

    @property
    def enabled(self) -> bool:
        """Whether anything is tracked at all."""
        return self.uri is not None if self.switch is None else self.switch

    @property
    def tracking_uri(self) -> str:
        """The MLflow server or store that receives the traces."""
        return self.uri or DEFAULT_URI
