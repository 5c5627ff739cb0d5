"""Real services for the tests: one store for the session, emptied before each test that asks for it."""

import signal
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from redis.asyncio import Redis

from hitl.adapters.valkey.client import connect
from tests.covers import pytest_configure
from tests.mlflow_process import MlflowServer
from tests.running import Running, running
from tests.side_by_side import pytest_collection_modifyitems, pytest_xdist_make_scheduler
from tests.valkey_process import ValkeyProcess

__all__ = ["pytest_collection_modifyitems", "pytest_configure", "pytest_xdist_make_scheduler"]

settings.register_profile("any speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any speed")  # how quick the machine is says nothing of what is tested


def pytest_sessionstart() -> None:
    """A run that is told to end takes its service down with it, as after Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


@pytest.fixture(scope="session")
def valkey_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyProcess]:
    process = ValkeyProcess(tmp_path_factory.mktemp("valkey"))
    process.start()
    yield process
    process.kill()


@pytest.fixture
def valkey_url(valkey_session: ValkeyProcess) -> str:
    """The URL of an empty store that keeps what it acknowledges."""
    valkey_session.empty()
    return valkey_session.url


@pytest.fixture
async def valkey(valkey_url: str) -> AsyncIterator[Redis]:
    """A client of the empty store."""
    client = connect(valkey_url)
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole product, started once for the session on a data directory of its own."""
    with running(tmp_path_factory.mktemp("service")) as found:
        yield found


@pytest.fixture(scope="session")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    """MLflow on sqlite, started once for the session."""
    server = MlflowServer(tmp_path_factory.mktemp("mlflow"))
    server.start()
    yield server
    server.stop()
