"""The session's MLflow server, by its address."""

import pytest

from tests.mlflow_process import MlflowServer


@pytest.fixture
def mlflow_uri(mlflow_server: MlflowServer) -> str:
    return mlflow_server.url
