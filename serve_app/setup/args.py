"""The arguments of the builders, as ``configs/serve.yaml`` may set them under ``args``; settings are the defaults."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from hitl.adapters.files.master_keys import open_keys
from hitl.adapters.ray.shard_spec import Keeping
from hitl.approval import ApprovalRules
from hitl.approval.rules_file import load_rules
from hitl.errors import InvalidConfig
from hitl.identity.claims import OidcConfig, load_oidc
from hitl.outbox import Notifications
from hitl.outbox.load import load_notifications
from hitl.quality.targets import Target, load_targets
from hitl.sealing import Keys
from hitl.settings import TRAINER_KEY, Settings
from hitl.tasks import TaskSpec, load_tasks
from serve_app.http.limits import LimitTerms, load_limits

LOOPBACK = {"127.0.0.1", "localhost", "::1"}

Fraction = Annotated[float, Field(gt=0, le=64)]
Probability = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class AccessTerms:
    """Rate limits of each role, and the sign-in provider of people: ``oidc`` None, with keys alone."""

    limits: LimitTerms
    oidc: OidcConfig | None = None


class ServeArgs(BaseModel):
    """``redis_url`` is needed; ``mlflow_tracking_uri`` None: no alias is projected; ``artifact_uri`` and
    ``archive_uri`` directories or fsspec URIs; ``notifications`` None: nobody is notified. ``*_cpus`` are the fractions of a
    CPU that one replica or actor asks Ray for, ``*_gpus`` those of a GPU. ``predictor`` says where models run: inside each
    gateway, or in a deployment of their own; ``device`` where torch computes.
    Thresholds that are set replace those of every task's file. Retrainings that start by themselves call ``api_url`` with the
    trainer's key of ``trainer_key_file``; without that file they wait. ``master_key``, else what ``master_key_file`` holds,
    seals what tasks mark as sensitive."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    redis_url: str
    mlflow_tracking_uri: str | None = None
    artifact_uri: str
    archive_uri: str
    snapshot_entries: Annotated[int, Field(ge=100)] = 10_000
    snapshot_minutes: Annotated[float, Field(gt=0, le=1440)] = 5.0
    reviews_kept: Annotated[int, Field(ge=0)] = 20_000
    reviews_kept_days: Annotated[float, Field(gt=0, le=3650)] = 7.0
    tasks_dir: str
    approvals_file: str
    notifications: str | None = None
    targets_file: str
    partitions: Annotated[int, Field(ge=1, le=64)]
    gateway_replicas: Annotated[int, Field(ge=1, le=1000)]
    gateway_max_replicas: Annotated[int, Field(ge=1, le=1000)] | None = None
    predictor: Literal["gateway", "deployment"] = "gateway"
    predictor_replicas: Annotated[int, Field(ge=1, le=1000)] = 1
    predictor_max_replicas: Annotated[int, Field(ge=1, le=1000)] | None = None
    review_replicas: Annotated[int, Field(ge=1, le=1000)]
    review_timeout_hours: Annotated[float, Field(gt=0, le=8760)]
    auto_approve_threshold: Probability | None = None
    expert_escalation_threshold: Probability | None = None
    api_url: str = "http://127.0.0.1:8000"
    trainer_key_file: str = ""
    datasets_dir: str = "datasets"
    master_key: SecretStr | None = None
    master_key_file: str | None = None
    public_url: str | None = None
    session_idle_s: Annotated[float, Field(gt=0, le=604_800)] = 1800.0
    session_hours: Annotated[float, Field(gt=0, le=720)] = 12.0
    limits_file: str
    auth_provider: Literal["keys", "oauth2"] = "keys"
    oidc_config: str | None = None
    oidc_client_secret: SecretStr | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    gateway_cpus: Fraction = 0.1
    gateway_gpus: Annotated[float, Field(ge=0, le=8)] = 0.0
    predictor_cpus: Fraction = 0.1
    device: Literal["auto", "cpu", "cuda"] = "auto"
    predictor_gpus: Annotated[float, Field(ge=0, le=8)] = 0.0
    review_cpus: Fraction = 0.1
    keeper_cpus: Fraction = 0.05
    shard_cpus: Fraction = 0.05

    @model_validator(mode="before")
    @classmethod
    def _defaults_are_the_settings(cls, given: Any) -> Any:
        return {**_from_settings(Settings()), **given} if isinstance(given, dict) else given

    @property
    def keeping(self) -> Keeping:
        kept_s = self.reviews_kept_days * 86_400.0
        return Keeping(self.archive_uri, self.snapshot_entries, self.snapshot_minutes * 60.0, self.reviews_kept, kept_s)

    def load_tasks(self) -> dict[str, TaskSpec]:
        """All tasks, by name. Raises InvalidConfig for a wrong file, or for none."""
        paths = sorted(Path(self.tasks_dir).glob("*.yaml"))
        if not paths:
            raise InvalidConfig("args", "tasks_dir", f"no task file in {self.tasks_dir}")
        return load_tasks(paths)

    def open_keys(self) -> Keys | None:
        """The master keys, or None. Raises InvalidConfig."""
        return open_keys(self.master_key.get_secret_value() if self.master_key else None, self.master_key_file)

    def load_rules(self) -> ApprovalRules:
        """The rules of approvals. Raises InvalidConfig for a wrong file, or for none."""
        return load_rules(Path(self.approvals_file))

    def load_notifications(self) -> Notifications:
        """The rules of notifications, with the environment's variables filled in. Raises InvalidConfig."""
        if self.notifications is None:
            return Notifications()
        path = Path(self.notifications)
        if not path.exists():
            raise InvalidConfig("args", "notifications", f"no file {path}")
        return load_notifications(path.read_text(encoding="utf-8"), str(path), os.environ)

    def load_targets(self) -> dict[str, Target]:
        """The targets of the service. Raises InvalidConfig for a wrong file, or for none."""
        try:
            text = Path(self.targets_file).read_text(encoding="utf-8")
        except OSError as error:
            raise InvalidConfig("args", "targets_file", str(error)) from error
        return load_targets(text, self.targets_file)

    def load_access(self) -> AccessTerms:
        """Raises InvalidConfig for a wrong file, or for one that is needed and not there."""
        limits = load_limits(_text_of("limits_file", self.limits_file), self.limits_file)
        return AccessTerms(limits, self._oidc())

    def _oidc(self) -> OidcConfig | None:
        if self.auth_provider == "keys":
            return None
        if self.oidc_config is None:
            raise InvalidConfig("args", "oidc_config", "AUTH_PROVIDER=oauth2 needs the file that HITL_OIDC_CONFIG names")
        return load_oidc(_text_of("oidc_config", self.oidc_config), self.oidc_config)

    def require_shared(self, nodes: int) -> None:
        """Raises InvalidConfig when ``nodes`` machines would not see the same store, registry and artifacts."""
        if nodes <= 1:
            return
        for key in ("redis_url", "mlflow_tracking_uri", "artifact_uri", "archive_uri"):
            if not _is_shared(key, getattr(self, key)):
                raise InvalidConfig("args", key, f"{nodes} nodes need one that all of them reach")


def _from_settings(settings: Settings) -> dict[str, Any]:
    shared = {name: getattr(settings, name) for name in ServeArgs.model_fields if name in Settings.model_fields}
    shared["tasks_dir"] = str(settings.tasks_dir.absolute())
    shared["datasets_dir"] = str(settings.datasets_dir.absolute())
    shared["trainer_key_file"] = str((settings.trainer_key_file or settings.data_dir / TRAINER_KEY).absolute())
    shared["api_url"] = settings.api_url or f"http://{settings.http_host}:{settings.http_port}"
    shared["approvals_file"] = str(settings.approvals_file.absolute())
    shared["notifications"] = settings.notifications and str(settings.notifications.absolute())
    shared["targets_file"] = str(settings.targets_file.absolute())
    shared["artifact_uri"] = settings.artifact_uri or str((settings.data_dir / "artifacts").absolute())
    shared["archive_uri"] = settings.archive
    shared["limits_file"] = str(settings.limits_file.absolute())
    shared["oidc_config"] = settings.oidc_config and str(settings.oidc_config.absolute())
    shared["master_key_file"] = settings.master_key_file and str(settings.master_key_file.absolute())
    shared["redis_url"] = settings.external_redis_url
    return {name: value for name, value in shared.items() if value is not None}


def _text_of(key: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidConfig("args", key, str(error)) from error


def _is_shared(key: str, uri: str | None) -> bool:
    """Tell whether ``uri`` can mean the same on every node; a plain directory may be a network mount only when it is an
    ``artifact_uri`` or ``archive_uri`` that says so with ``file://``."""
    parts = urlsplit(uri or "")
    if key in ("artifact_uri", "archive_uri") and parts.scheme == "file":
        return True
    return bool(parts.hostname) and parts.hostname not in LOOPBACK
