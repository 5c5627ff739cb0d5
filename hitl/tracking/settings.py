"""Settings of tracking, read from the environment."""

from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_URI = "http://127.0.0.1:5000"
"""Where MLflow's own server listens when nobody says otherwise."""


def _named(name: str, *aliases: str) -> AliasChoices:
    return AliasChoices(f"HITL_{name}", *aliases)


class TrackingSettings(BaseSettings):
    """``enabled`` None: on where a tracking URI is set. ``flush_s`` is how long an orderly stop waits before what is left
    goes to disk. ``autolog`` names MLflow's integrations to switch on (``sklearn,openai``). ``sink`` is the import path of
    the function that opens what receives the traces: a plug-in."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True, frozen=True, env_ignore_empty=True)

    switch: Annotated[bool | None, Field(validation_alias=_named("MLFLOW_ENABLED", "MLFLOW_ENABLED"))] = None
    uri: Annotated[
        str | None, Field(validation_alias=_named("MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_URI", "MLFLOW_BASE_URL"))
    ] = None
    experiment_name: Annotated[str | None, Field(validation_alias=_named("MLFLOW_EXPERIMENT_NAME", "MLFLOW_EXPERIMENT_NAME"))] = (
        None
    )
    artifact_location: Annotated[
        str | None, Field(validation_alias=_named("MLFLOW_ARTIFACT_LOCATION", "MLFLOW_ARTIFACT_LOCATION"))
    ] = None
    system_metrics: Annotated[
        bool, Field(validation_alias=_named("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING"))
    ] = False
    autolog: Annotated[str, Field(validation_alias=_named("TRACKING_AUTOLOG"))] = ""
    config: Annotated[Path, Field(validation_alias=_named("TRACKING_CONFIG"))] = Path("configs/tracking.yaml")
    buffer_dir: Annotated[Path, Field(validation_alias=_named("TRACKING_BUFFER_DIR"))] = Path("data/tracking")
    buffer_bytes: Annotated[int, Field(validation_alias=_named("TRACKING_BUFFER_BYTES"), ge=0)] = 256 * 1024 * 1024
    queue_traces: Annotated[int, Field(validation_alias=_named("TRACKING_QUEUE"), ge=1, le=1_000_000)] = 10_000
    flush_s: Annotated[float, Field(validation_alias=_named("TRACKING_FLUSH_S"), ge=0, le=600)] = 5.0
    log_prompts: Annotated[bool, Field(validation_alias=_named("TRACKING_LOG_PROMPTS"))] = True
    log_artifacts: Annotated[bool, Field(validation_alias=_named("TRACKING_LOG_ARTIFACTS"))] = True
    redact: Annotated[bool, Field(validation_alias=_named("TRACKING_REDACT"))] = True
    sink: Annotated[str, Field(validation_alias=_named("TRACKING_SINK"))] = "hitl.adapters.mlflow.sink:open_sink"

    @property
    def enabled(self) -> bool:
        """Whether anything is tracked at all."""
        return self.uri is not None if self.switch is None else self.switch

    @property
    def tracking_uri(self) -> str:
        """The MLflow server or store that receives the traces."""
        return self.uri or DEFAULT_URI
