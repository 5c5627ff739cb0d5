"""The registry follows what is decided elsewhere, on a real MLflow server."""

import pytest
from mlflow import MlflowClient

from hitl.adapters.mlflow.registry import ModelRegistration, ModelRegistry, model_name
from hitl.errors import NotFound, StoreUnavailable


@pytest.fixture
def client(mlflow_uri: str) -> MlflowClient:
    return MlflowClient(mlflow_uri)


@pytest.fixture
def registry(mlflow_uri: str) -> ModelRegistry:
    return ModelRegistry(mlflow_uri)


def candidate(client: MlflowClient, digest: str) -> ModelRegistration:
    return ModelRegistration(digest, client.create_run("0").info.run_id, "model", {"accuracy": "0.9"})


def test_registering_the_same_digest_of_the_same_run_again_gives_the_same_version(client, registry) -> None:
    first, second = candidate(client, "a" * 64), candidate(client, "b" * 64)
    versions = [registry.register("again", entry) for entry in (first, first, second)]
    assert versions == ["1", "1", "2"]


def test_a_new_candidate_never_moves_the_alias(client, registry) -> None:
    registry.register("quiet", candidate(client, "a" * 64))
    assert registry.current_champion("quiet") is None
    assert client.get_model_version(model_name("quiet"), "1").tags["gate"] == "candidate"


def test_the_alias_follows_the_digest_there_and_back(client, registry) -> None:
    for digest in ("a" * 64, "b" * 64):
        registry.register("moves", candidate(client, digest))
    seen = []
    for digest in ("a" * 64, "b" * 64, "b" * 64, "a" * 64):
        registry.set_champion("moves", digest)
        seen.append(registry.current_champion("moves"))
    assert seen == ["a" * 64, "b" * 64, "b" * 64, "a" * 64]
    assert [client.get_model_version(model_name("moves"), v).tags["gate"] for v in ("1", "2")] == ["champion", "retired"]


@pytest.mark.covers("D33")
def test_an_alias_that_was_moved_by_hand_is_put_back(client, registry) -> None:
    for digest in ("a" * 64, "b" * 64):
        registry.register("forged", candidate(client, digest))
    registry.set_champion("forged", "a" * 64)
    client.set_registered_model_alias(model_name("forged"), "champion", "2")
    assert registry.current_champion("forged") == "b" * 64
    registry.set_champion("forged", "a" * 64)
    assert registry.current_champion("forged") == "a" * 64


def test_a_digest_without_a_version_cannot_become_champion(client, registry) -> None:
    registry.register("unknown", candidate(client, "a" * 64))
    with pytest.raises(NotFound):
        registry.set_champion("unknown", "c" * 64)


def test_a_server_that_is_away_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(StoreUnavailable, match="registry"):
        ModelRegistry("http://127.0.0.1:9").current_champion("digits")
