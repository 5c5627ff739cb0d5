"""The builders' arguments: what ``configs/serve.yaml`` may set under ``args``, with the settings as defaults.

Names, bounds and meanings are those of ``hitl/settings.py``.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, PrivateAttr, model_validator

from hitl.adapters.endpoints.terms import EndpointTerms, load_endpoints
from hitl.adapters.files.master_keys import open_keys
from hitl.adapters.ray.shard_spec import Retention
from hitl.approval import ApprovalRules
from hitl.approval.rules_file import load_rules
from hitl.chat.terms import ChatTerms
from hitl.errors import InvalidConfig
from hitl.identity.claims import OidcConfig, load_oidc
from hitl.intake.leaving import LeavingTerms
from hitl.outbox import Notifications
from hitl.partitioning import Partitioning
from hitl.quality.targets import Target, load_targets
from hitl.sealing import Keys
from hitl.settings import TRAINER_KEY, Access, Files, Limits, Replicas, Routing, Settings, Stores, Tracing
from hitl.tasks import TaskSpec, load_tasks
from serve_app.http.limits import LimitTerms, load_limits

HOUR_S = 3600.0
DAY_S = 86_400.0
MEGABYTE = 2**20

LOOPBACK = {"127.0.0.1", "localhost", "::1"}

Fraction = Annotated[float, Field(gt=0, le=64)]


@dataclass(frozen=True, slots=True)
class AccessTerms:
    """Rate limits of each role; the sign-in provider of people, ``oidc`` None: keys alone; the terms of votes from outside."""

    limits: LimitTerms
    oidc: OidcConfig | None = None
    chat: ChatTerms | None = None


class ServeArgs(Files, Stores, Replicas, Routing, Access, Limits, Tracing):
    """What ``configs/serve.yaml`` may set: settings under their own names, and what each replica asks Ray for.

    Without ``mlflow_tracking_uri`` no alias is projected; with ``notifications`` null nobody is notified. Retrainings that
    start by themselves wait until ``trainer_key_file`` is there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_alias=False, validate_by_name=True, loc_by_alias=False)

    redis_url: str
    artifact_uri: str
    blob_uri: str
    archive_uri: str
    api_url: str
    trainer_key_file: Path
    projections_dir: Path
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]
    release: str = Field(
        "", description="Any text: another one has Serve take up changed code, and files that the arguments name"
    )
    gateway_cpus: Fraction = Field(0.1, description="CPUs of each gateway replica")
    gateway_gpus: Annotated[float, Field(ge=0, le=8)] = Field(0.0, description="GPUs of each gateway replica")
    predictor_cpus: Fraction = Field(0.1, description="CPUs of each predictor replica")
    review_cpus: Fraction = Field(0.1, description="CPUs of each replica of the review application")
    keeper_cpus: Fraction = Field(0.05, description="CPUs of the keeper")
    shard_cpus: Fraction = Field(0.05, description="CPUs of each actor of shards")
    _partitioning: Partitioning | None = PrivateAttr(None)

    @model_validator(mode="before")
    @classmethod
    def _defaults_are_the_settings(cls, given: Any) -> Any:
        return {**_from_settings(Settings()), **given} if isinstance(given, dict) else given

    @property
    def partitioning(self) -> Partitioning:
        """The store's own, once the builders have taken it; before, that of a store which is made with ``partitions``."""
        return self._partitioning or Partitioning((self.partitions,))

    def with_partitioning(self, partitioning: Partitioning) -> "ServeArgs":
        """Return the same arguments with what the store says of its partitions."""
        taken = self.model_copy()
        taken._partitioning = partitioning
        return taken

    @property
    def keeping(self) -> Retention:
        leaving = LeavingTerms(self.cases_hours * HOUR_S, self.cases_mb * MEGABYTE // self.partitions)
        return Retention(
            self.archive_uri,
            self.snapshot_entries,
            self.snapshot_minutes * 60.0,
            self.reviews_kept,
            self.reviews_kept_days * DAY_S,
            leaving,
            self.approvals_kept,
            self.approvals_kept_days * DAY_S,
            self.workflows_kept,
            self.workflows_kept_days * DAY_S,
            self.labels_kept,
        )

    def load_tasks(self) -> dict[str, TaskSpec]:
        """Load all tasks, by name. Raises InvalidConfig for a wrong file, or for none."""
        paths = sorted(self.tasks_dir.glob("*.yaml"))
        if not paths:
            raise InvalidConfig("args", "tasks_dir", f"no task file in {self.tasks_dir}")
        return load_tasks(paths)

    def open_keys(self) -> Keys | None:
        """Return the master keys, or None. Raises InvalidConfig."""
        return open_keys(self.master_key.get_secret_value() if self.master_key else None, self.master_key_file)

    def load_rules(self) -> ApprovalRules:
        """Return who is asked for approvals. Raises InvalidConfig for a wrong file, or for none."""
        return load_rules(self.approvals_file)

    def load_notifications(self) -> Notifications:
        """Load the rules of notifications, with the environment's variables filled in. Raises InvalidConfig."""
        if self.notifications is None:
            return Notifications()
        path = self.notifications
        if not path.exists():
            raise InvalidConfig("args", "notifications", f"no file {path}")
        from hitl.adapters.notify.load import load_notifications  # only here: no gateway needs what opens channels

        return load_notifications(path.read_text(encoding="utf-8"), str(path), os.environ)

    def load_chat(self) -> ChatTerms | None:
        """The terms of votes from outside; None: there are none. Raises InvalidConfig for a wrong file, or for none."""
        if self.chat_file is None:
            return None
        from hitl.adapters.notify.load import load_chat  # only here: no gateway needs what opens channels

        return load_chat(_read_text("chat_file", self.chat_file), str(self.chat_file), os.environ)

    def load_targets(self) -> dict[str, Target]:
        """Load the targets of the service. Raises InvalidConfig for a wrong file, or for none."""
        try:
            text = self.targets_file.read_text(encoding="utf-8")
        except OSError as error:
            raise InvalidConfig("args", "targets_file", str(error)) from error
        return load_targets(text, str(self.targets_file))

    def load_endpoints(self) -> dict[str, EndpointTerms]:
        """Return where remote models are called. Raises InvalidConfig for a wrong file."""
        if self.endpoints_file is None:
            return {}
        return load_endpoints(_read_text("endpoints_file", self.endpoints_file), str(self.endpoints_file))

    def load_access(self) -> AccessTerms:
        """Raises InvalidConfig for a wrong file, or for one that is needed and not there."""
        limits = load_limits(_read_text("limits_file", self.limits_file), str(self.limits_file))
        return AccessTerms(limits, self._oidc(), self.load_chat())

    def _oidc(self) -> OidcConfig | None:
        if self.auth_provider == "keys":
            return None
        if self.oidc_config is None:
            raise InvalidConfig("args", "oidc_config", "AUTH_PROVIDER=oauth2 needs the file that HITL_OIDC_CONFIG names")
        return load_oidc(_read_text("oidc_config", self.oidc_config), str(self.oidc_config))

    def require_shared(self, nodes: int, has_files: bool = False) -> None:
        """Raises InvalidConfig when ``nodes`` machines would not see the same store, registry and artifacts, or files of cases
        where cases have some."""
        if nodes <= 1:
            return
        for key in ("redis_url", "mlflow_tracking_uri", "artifact_uri", "archive_uri", *["blob_uri"] * has_files):
            if not _is_shared(key, getattr(self, key)):
                raise InvalidConfig("args", key, f"{nodes} nodes need one that all of them reach")


def _from_settings(settings: Settings) -> dict[str, Any]:
    shared = {name: getattr(settings, name) for name in ServeArgs.model_fields if name in Settings.model_fields}
    shared["trainer_key_file"] = settings.trainer_key_file or settings.data_dir / TRAINER_KEY
    shared["api_url"] = settings.api_url or f"http://{settings.http_host}:{settings.http_port}"
    shared["artifact_uri"] = settings.artifact_uri or str((settings.data_dir / "artifacts").absolute())
    shared["blob_uri"] = settings.blob_uri or str((settings.data_dir / "blobs").absolute())
    shared["archive_uri"] = settings.archive
    shared["projections_dir"] = settings.projections_dir or settings.data_dir / "projections"
    shared["redis_url"] = settings.external_redis_url
    return {name: _absolute(value) for name, value in shared.items() if value is not None}


def _absolute(value: Any) -> Any:
    return value.absolute() if isinstance(value, Path) else value


def _read_text(key: str, path: Path) -> str:
    """Read the text of the file that ``key`` names. Raises InvalidConfig where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidConfig("args", key, str(error)) from error


def _is_shared(key: str, uri: str | None) -> bool:
    """Tell whether ``uri`` can mean the same on every node; a plain directory may be a network mount only when it is an
    ``artifact_uri``, ``archive_uri`` or ``blob_uri`` that says so with ``file://``."""
    parts = urlsplit(uri or "")
    if key in ("artifact_uri", "archive_uri", "blob_uri") and parts.scheme == "file":
        return True
    return bool(parts.hostname) and parts.hostname not in LOOPBACK
