"""The builders' arguments: defaults from the settings, nothing unknown, nothing that several nodes would not share."""

from typing import Any

import pytest
from pydantic import ValidationError

from hitl.errors import InvalidConfig
from serve_app.setup.args import ServeArgs

SHARED = {
    "redis_url": "redis://store:6379/0",
    "mlflow_tracking_uri": "http://mlflow:5000",
    "artifact_uri": "s3://models/hitl",
    "archive_uri": "s3://past/hitl",
}


def args(**given: Any) -> ServeArgs:
    return ServeArgs.model_validate({"redis_url": "redis://127.0.0.1:6379/0"} | given)


@pytest.mark.covers("003-80")
def test_settings_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"REVIEW_TIMEOUT_HOURS": "12", "AUTO_APPROVE_THRESHOLD": "0.9", "REDIS_HOST": "store"}.items():
        monkeypatch.setenv(name, value)
    found = ServeArgs.model_validate({})
    assert (found.review_timeout_hours, found.auto_approve_threshold) == (12, 0.9)
    assert found.redis_url == "redis://store:6379/0"


def test_store_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HITL_REDIS_URL", "REDIS_URL", "REDIS_HOST", "HITL_REDIS_HOST"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValidationError, match="redis_url"):
        ServeArgs.model_validate({})


@pytest.mark.parametrize("wrong", [{"replicas": 3}, {"partitions": 0}, {"auto_approve_threshold": 1.5}, {"log_level": "LOUD"}])
def test_wrong_argument_stops_the_start_with_its_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        args(**wrong)


@pytest.mark.parametrize("name", ["HITL_PARTITIONS", "REDIS_URL", "redis_host", "data_dir"])
def test_argument_has_no_environment_name(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        args(**{name: "4"})


def test_directory_without_tasks_is_refused(tmp_path: Any) -> None:
    with pytest.raises(InvalidConfig, match="no task file"):
        args(tasks_dir=str(tmp_path)).load_tasks()


def test_one_node_needs_nothing_shared() -> None:
    args().require_shared(1)


def test_several_nodes_take_what_all_of_them_reach() -> None:
    args(**SHARED).require_shared(3)
    args(**SHARED | {"artifact_uri": "file:///mnt/shared"}).require_shared(3)


@pytest.mark.parametrize(
    "local",
    [
        {"redis_url": "redis://localhost:6379/0"},
        {"mlflow_tracking_uri": "http://127.0.0.1:5000"},
        {"mlflow_tracking_uri": None},
        {"artifact_uri": "/var/lib/hitl"},
        {"archive_uri": "/var/lib/hitl"},
    ],
)
def test_several_nodes_refuse_what_only_one_has(local: dict[str, Any]) -> None:
    with pytest.raises(InvalidConfig, match=next(iter(local))):
        args(**SHARED | local).require_shared(2)
